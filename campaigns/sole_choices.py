"""What a setting can only be, where this installation has one thing of its kind; and the type an activity can only be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pydantic

from campaigns import activity_types
from campaigns.activity_types import World
from campaigns.document import ActivityPart
from campaigns.file_lines import addressable
from campaigns.fixes import Fixes, naming, near


def sole_choices(settings: type[pydantic.BaseModel], world: World) -> Mapping[str, str]:
    """The settings that name something of which there is one, each with its name."""
    offered = {name: _offered(widget, of, world) for name, widget, of in _named(settings)}
    return {name: names[0] for name, names in offered.items() if len(names) == 1}


def type_fixes(part: ActivityPart, path: str) -> Fixes:
    """The registered type that an unknown one is like, if the settings suit it."""
    name = near(part.type, activity_types.registered())
    return naming(path, part.type, name) if name and _suits(part, name) else ()


def _suits(part: ActivityPart, name: str) -> bool:
    try:
        activity_types.get(name).Config.model_validate(part.config)
    except pydantic.ValidationError:
        return False
    return True


@cache
def _named(settings: type[pydantic.BaseModel]) -> tuple[tuple[str, str, str], ...]:
    """The settings whose form offers a list: name, widget, and which list."""
    return tuple(_widgets(settings.model_json_schema().get("properties", {})))


def _widgets(properties: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, drawn in properties.items():
        if "widget" in drawn:
            yield name, drawn["widget"], drawn.get("of", "")


def _offered(widget: str, of: str, world: World) -> list[str]:
    match widget:
        case "dimension":
            return list(addressable(world.dimensions))
        case "channel":
            return [slug for slug, channel in world.channels.items() if channel == of]
        case "audience":
            return [slug for slug, each in world.catalogue.audiences.items() if not each.archived]
    return []
