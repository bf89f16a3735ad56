"""Finds the providers and opens sessions by name. A provider that breaks the contract fails here, not while
sending.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from inspect import getmembers, isclass
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

import pydantic
from django.utils.translation import gettext as _

from campaigns.models import ChannelConfiguration
from campaigns.problems import Problem
from orchestration.channels.contract import Provider, Session, Settings
from orchestration.transport import Unavailable

PACKAGE = "orchestration.channels"
NOT_PROVIDERS = frozenset({"contract", "registry"})


@cache
def registered() -> Mapping[str, type[Provider]]:
    """All providers by name."""
    names = sorted(module.name for module in iter_modules([str(Path(__file__).parent)]))
    modules = [import_module(f"{PACKAGE}.{name}") for name in names if name not in NOT_PROVIDERS]
    return {provider.name: provider for provider in map(_provider_in, modules)}


def provider_named(name: str) -> type[Provider]:
    """Raises Unavailable for a name that no file bears."""
    try:
        return registered()[name]
    except KeyError:
        text = _("There is no provider “%(name)s”. Choose one of: %(names)s.")
        raise Unavailable(text % {"name": name, "names": ", ".join(registered())}, permanent=True) from None


def check_settings(name: str, settings: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with a configuration; paths are JSON pointers into it."""
    try:
        provider_named(name).Settings.model_validate(settings)
    except Unavailable as error:
        return [Problem("unknown_provider", "", str(error), _("Choose another provider."))]
    except pydantic.ValidationError as error:
        return [_problem(dict(detail)) for detail in error.errors()]
    return []


def open_session(name: str, settings: Mapping[str, Any]) -> Session[Any]:
    """A session with the provider as it is configured; raises Unavailable."""
    provider = provider_named(name)
    try:
        return provider.open(provider.Settings.model_validate(settings))
    except pydantic.ValidationError as error:
        problems = "; ".join(f"{p.path or '/'}: {p.message}" for p in check_settings(name, settings))
        text = _("The channel configuration is wrong: %(problems)s. Correct it in the administration.")
        raise Unavailable(text % {"problems": problems}, permanent=True) from error


def open_configured(configuration: ChannelConfiguration) -> Session[Any]:
    """A session of a channel configuration; raises Unavailable, also for a provider of another channel."""
    if provider_named(configuration.provider).channel != configuration.channel:
        text = _("The provider “%(provider)s” does not serve the channel of “%(name)s”. Choose another.")
        words = {"provider": configuration.provider, "name": configuration.name}
        raise Unavailable(text % words, permanent=True)
    return open_session(configuration.provider, configuration.provider_config)


def _problem(detail: dict[str, Any]) -> Problem:
    pointer = "".join(f"/{part}" for part in detail["loc"])
    return Problem(
        "invalid_setting",
        pointer,
        str(detail["msg"]),
        _("Correct this setting of the channel configuration."),
    )


def _provider_in(module: ModuleType) -> type[Provider]:
    own = [
        member
        for _name, member in getmembers(module, isclass)
        if issubclass(member, Provider) and member.__module__ == module.__name__
    ]
    if len(own) != 1:
        raise TypeError(f"{module.__name__} must hold exactly one provider.")
    _refuse_broken(own[0], module.__name__.rpartition(".")[2])
    return own[0]


def _refuse_broken(provider: type[Provider], file: str) -> None:
    if provider.name != file:
        raise TypeError(f"Provider {provider.name!r} stands in {file}.py; name the file after it.")
    if not (provider.__doc__ or "").strip():
        raise TypeError(f"Provider {file!r} has no docstring.")
    if not issubclass(provider.Settings, Settings) or provider.Settings.model_config.get("extra") != "forbid":
        raise TypeError(f"The settings of provider {file!r} accept unknown keys.")
