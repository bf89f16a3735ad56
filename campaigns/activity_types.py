"""The contract of an activity type and the one registry of them.

A type is one class in one file of `orchestration.activities`; it registers itself and the palette, the forms, the API's
schema, the documentation and the lint follow from what it declares here. This module knows nothing of running.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar

import pydantic
from django.utils.translation import gettext_lazy as _

from campaigns.problems import Problem
from campaigns.targeting.schema import Audience, Catalogue, Column

MAIN = "main"
MEMBERS = "members"
BACK = "back"


class Category(StrEnum):
    """Where a type stands in the palette."""

    TARGETING = "targeting"
    CHANNEL = "channel"
    FLOW = "flow"
    DATA = "data"


class Law(StrEnum):
    """What the counts of an activity must obey; the engine checks it before it records success."""

    SOURCE = "source"
    """People come from a table: the complement, where there is one, is the rest of the table."""
    PARTITION = "partition"
    """Everybody who came in leaves by exactly one port."""
    COPY = "copy"
    """Every activated port carries everybody who came in."""
    COVER = "cover"
    """The union of the ports is the union of the inbound populations."""
    MAP = "map"
    """Everybody who came in is matched or unmatched; rows out may be more or fewer than people in."""
    NONE = "none"
    """Nothing leaves, or only a signal does."""


@dataclass(frozen=True, slots=True)
class Port:
    """A named way out. One that `leads_back` takes no arrow: the settings say where it leads."""

    name: str
    label: Any
    optional: bool = False
    leads_back: bool = False


MAIN_PORT = Port(MAIN, _("main"))
COMPLEMENT_PORT = Port("complement", _("complement"))
BACK_PORT = Port(BACK, _("another round"), leads_back=True)


@dataclass(frozen=True, slots=True)
class Shape:
    """What is known of a population before it exists: its dimension and the columns added to its keys."""

    dimension: str
    columns: Mapping[str, Column] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dimension:
    """A targeting dimension: the slugs of its table and of the columns that matter for addressing."""

    slug: str
    label: str
    table: str
    key: str
    email: str = ""
    phone: str = ""
    language: str = ""
    time_zone: str = ""


@dataclass(frozen=True, slots=True)
class World:
    """All that an activity may be checked against: catalogue, dimensions, channels, variables with their types."""

    catalogue: Catalogue
    dimensions: Mapping[str, Dimension]
    channels: Mapping[str, str] = field(default_factory=dict)
    """Channel configuration slug → channel."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Campaign variable → its type: text, number, date or boolean."""
    files: Mapping[str, Path] = field(default_factory=dict)
    """Uploaded file, by slug → where it lies."""
    campaign: str = ""
    """The slug of the campaign that is checked."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """One arrow that comes in: who sends it, by which port, and what it carries (None: only the signal to go)."""

    source: str
    port: str
    shape: Shape | None


class Settings(pydantic.BaseModel):
    """The settings of an activity. Each type derives its own; the field metadata draws the forms."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


class NoSettings(Settings):
    """For a type without settings."""


class ActivityType:
    """One kind of activity. Subclasses declare the class attributes and override what differs."""

    name: ClassVar[str]
    label: ClassVar[Any]
    description: ClassVar[Any]
    category: ClassVar[Category]
    law: ClassVar[Law]
    icon: ClassVar[str] = "circle"
    Config: ClassVar[type[Settings]] = NoSettings
    inbound_min: ClassVar[int] = 1
    inbound_max: ClassVar[int | None] = 1

    @classmethod
    def ports(cls, config: Any) -> tuple[Port, ...]:
        """The ways out, given the settings. The first is the one an arrow without a port leaves by."""
        return (MAIN_PORT,)

    @classmethod
    def law_of(cls, config: Any) -> Law:
        """The law under these settings, where they change it."""
        return cls.law

    @classmethod
    def shapes(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Mapping[str, Shape | None]:
        """What each port will carry; by default what the first arrow with a population brought in."""
        carried = next((arrow.shape for arrow in inbound if arrow.shape), None)
        return {port.name: carried for port in cls.ports(config)}

    @classmethod
    def provides(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Mapping[str, Audience]:
        """The audiences that can be read behind this activity, as they will be then, by slug.

        In a test run, which writes none, the population of the port `MEMBERS` stands for their members.
        """
        return {}

    @classmethod
    def keeps_members(cls, config: Any) -> bool:
        """Whether who is in an audience that it provides stays there when it provides it again in another round."""
        return False

    @classmethod
    def lint(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Iterable[Problem]:
        """Problems of this activity in its place; paths are JSON pointers relative to its settings."""
        return ()

    @classmethod
    def goes_back_to(cls, config: Any) -> str:
        """The activity before this one to which people leave by `BACK`; empty for a type that only goes on."""
        return ""

    @classmethod
    def lint_in_a_round(cls, config: Any) -> Iterable[Problem]:
        """What keeps this activity from being executed several times in a run, where people may come back to it."""
        return ()


class UnknownActivityType(LookupError):  # noqa: N818 - names what happened
    """No file registers this activity type."""


_registry: dict[str, type[ActivityType]] = {}


def register(activity_type: type[ActivityType]) -> type[ActivityType]:
    """Class decorator; refuses at import what would otherwise fail in a run."""
    name = activity_type.name
    module = activity_type.__module__.rsplit(".", 1)[-1]
    if name != module:
        raise ValueError(f"Activity type {name!r} stands in module {module!r}; name the file after the type.")
    if name in _registry and _registry[name] is not activity_type:
        raise ValueError(f"Activity type {name!r} is registered twice.")
    if not (activity_type.__doc__ or "").strip():
        raise ValueError(f"Activity type {name!r} has no docstring.")
    if activity_type.Config.model_config.get("extra") != "forbid":
        raise ValueError(f"The settings of activity type {name!r} accept unknown keys.")
    _registry[name] = activity_type
    return activity_type


def registered() -> Mapping[str, type[ActivityType]]:
    """All types by name, in the order of the palette: category, then name."""
    order = list(Category)
    return dict(sorted(_registry.items(), key=lambda item: (order.index(item[1].category), item[0])))


def get(name: str) -> type[ActivityType]:
    try:
        return _registry[name]
    except KeyError:
        raise UnknownActivityType(name) from None
