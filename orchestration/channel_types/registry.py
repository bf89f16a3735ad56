"""Finds the channels by name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from orchestration.channel_types.contract import ChannelType

PACKAGE = "orchestration.channel_types"
NOT_CHANNELS = frozenset({"contract", "registry"})


@cache
def registered() -> Mapping[str, type[ChannelType]]:
    """All channels by name."""
    names = sorted(module.name for module in iter_modules([str(Path(__file__).parent)]))
    found = [_channel_in(name) for name in names if name not in NOT_CHANNELS]
    return {channel.name: channel for channel in found}


def channel_type(name: str) -> type[ChannelType]:
    return registered()[name]


def _channel_in(name: str) -> type[ChannelType]:
    members = vars(import_module(f"{PACKAGE}.{name}")).values()
    own = [m for m in members if isinstance(m, type) and issubclass(m, ChannelType) and m is not ChannelType]
    if [each.name for each in own] != [name]:
        raise TypeError(f"{PACKAGE}.{name} must hold exactly one channel, named after its file.")
    return own[0]
