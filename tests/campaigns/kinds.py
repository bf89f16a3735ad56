"""Activity types of tests: a start, a step, an end and a channel, registered for as long as a test needs
them.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Literal

import pytest

from campaigns import activity_types
from campaigns.activity_types import (
    BACK_PORT,
    COMPLEMENT_PORT,
    MAIN_PORT,
    ActivityType,
    Category,
    Law,
    Settings,
    Shape,
)
from campaigns.problems import Problem
from campaigns.targeting.schema import Column, FieldType


class Source(ActivityType):
    """People."""

    name, label, description = "source", "Source", "People"
    category, law = Category.TARGETING, Law.SOURCE
    inbound_min = 0

    class Config(Settings):
        dimension: str = "household"
        mode: Literal["all", "some"] = "all"

    @classmethod
    def shapes(cls, config: Any, inbound: Any, world: Any) -> Any:
        return {"main": Shape(config.dimension)}


class Step(ActivityType):
    """Passes on."""

    name, label, description = "step", "Step", "Passes on"
    category, law = Category.TARGETING, Law.PARTITION

    class Config(Settings):
        complement: bool = False
        needs: str = ""

    @classmethod
    def ports(cls, config: Any) -> Any:
        return (MAIN_PORT, COMPLEMENT_PORT) if config.complement else (MAIN_PORT,)

    @classmethod
    def lint(cls, config: Any, inbound: Any, world: Any) -> Any:
        dimension = inbound[0].shape.dimension if inbound and inbound[0].shape else ""
        if config.needs and config.needs != dimension:
            yield Problem("step.dimension", "/needs", f"It is {dimension}.", "Change it.")


class Courier(Step):
    """A channel."""

    name, label, description = "courier", "Courier", "A channel"
    category = Category.CHANNEL


class Finish(ActivityType):
    """The end."""

    name, label, description = "finish", "Finish", "The end"
    category, law = Category.FLOW, Law.NONE
    inbound_max = None

    @classmethod
    def ports(cls, config: Any) -> Any:
        return ()


class Changer(Step):
    """Makes other people of whoever comes, with text columns; of no dimension, only the signal to go."""

    name, label, description = "changer", "Changer", "Changes"
    law = Law.MAP

    class Config(Settings):
        dimension: str = "household"
        columns: tuple[str, ...] = ()

    @classmethod
    def ports(cls, config: Any) -> Any:
        return (MAIN_PORT,)

    @classmethod
    def lint(cls, config: Any, inbound: Any, world: Any) -> Any:
        return ()

    @classmethod
    def lint_in_a_round(cls, config: Any) -> Any:
        if "once" in config.columns:
            yield Problem("changer.once", "/columns", "It can be added once.", "Add another.")

    @classmethod
    def shapes(cls, config: Any, inbound: Any, world: Any) -> Any:
        columns = {name: Column(name, name, FieldType.TEXT, name) for name in config.columns}
        return {"main": Shape(config.dimension, columns) if config.dimension else None}


class Returner(Changer):
    """Sends back."""

    name, label, description = "returner", "Returner", "Sends back"
    law = Law.PARTITION

    class Config(Settings):
        to: str

    @classmethod
    def ports(cls, config: Any) -> Any:
        return (MAIN_PORT, BACK_PORT)

    @classmethod
    def goes_back_to(cls, config: Any) -> str:
        return str(config.to)

    @classmethod
    def lint_in_a_round(cls, config: Any) -> Any:
        return ()

    @classmethod
    def shapes(cls, config: Any, inbound: Any, world: Any) -> Any:
        return dict.fromkeys(("main", "back"), inbound[0].shape if inbound else None)


@pytest.fixture
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (Source, Step, Courier, Finish, Changer, Returner):
        monkeypatch.setitem(activity_types._registry, kind.name, kind)


def flow(
    *steps: dict[str, Any], schedule: dict[str, Any] | None = None, slug: str = "win-back"
) -> dict[str, Any]:
    """A document of a source, the steps in a row, and an end: it may be published."""
    parts = [{"id": "people", "type": "source"}, *steps, {"id": "over", "type": "finish"}]
    arrows = [{"from": a["id"], "to": b["id"]} for a, b in pairwise(parts)]
    return {
        "tutti": 1,
        "campaign": {"slug": slug, "name": "Win back"},
        "schedule": schedule or {},
        "activities": parts,
        "transitions": arrows,
    }
