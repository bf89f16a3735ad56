"""An activity of a document together with its type, as far as the type is known and the settings are valid."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pydantic

from campaigns import activity_types
from campaigns.activity_types import ActivityType, Port
from campaigns.document import ActivityPart


def known_ports(part: ActivityPart) -> tuple[Port, ...]:
    kind = type_of(part)
    if kind is None:
        return ()
    try:
        return kind.ports(kind.Config.model_validate(part.config))
    except pydantic.ValidationError:
        return _unchecked_ports(kind, part.config)


def goes_back_to(part: ActivityPart) -> str:
    """The activity that its settings send people back to; empty where there is none, or they are not valid."""
    kind = type_of(part)
    try:
        return kind.goes_back_to(kind.Config.model_validate(part.config)) if kind else ""
    except pydantic.ValidationError:
        return ""


def unfilled_ports(kind: type[ActivityType]) -> tuple[Port, ...]:
    """The ways out before anybody filled in the settings."""
    return _unchecked_ports(kind, {})


def _unchecked_ports(kind: type[ActivityType], config: Mapping[str, Any]) -> tuple[Port, ...]:
    """By the settings as far as they go, else by the defaults; most types leave by the same ports whatever is set."""
    for given in (config, {}):
        with suppress(AttributeError, TypeError):
            return kind.ports(kind.Config.model_construct(None, **given))
    return (activity_types.MAIN_PORT,)


def type_of(part: ActivityPart) -> type[ActivityType] | None:
    try:
        return activity_types.get(part.type)
    except activity_types.UnknownActivityType:
        return None


def title_of(part: ActivityPart) -> str:
    """What people call an activity: its label, else its type, else its id."""
    kind = type_of(part)
    return part.label or (str(kind.label) if kind else part.id)
