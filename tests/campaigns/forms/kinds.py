"""Settings of every form a schema can have, for tests of drawing and reading."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from campaigns.activity_types import Settings
from campaigns.schedules.choices import Weekday


class Branch(Settings):
    """A part with an id."""

    id: Annotated[str, Field(json_schema_extra={"widget": "port"}, title="Id")]
    label: str = Field(default="", title="Label")


class Later(Settings):
    """One way."""

    kind: Literal["later"] = Field(title="Later")
    amount: int = Field(title="Amount")


class Never(Settings):
    """Another way."""

    kind: Literal["never"] = Field(title="Never")


class Window(Settings):
    """An optional part."""

    opens: str = Field(title="Opens", alias="from")


class Everything(Settings):
    """Each kind once."""

    name: str = Field(title="Name")
    note: str = Field(default="as usual", title="Note")
    count: int = Field(default=3, title="Count", ge=1, le=10)
    percent: Decimal | None = Field(default=None, title="Percent")
    mode: Literal["union", "odd_one"] = Field(default="union", title="Mode")
    really: bool = Field(default=True, title="Really", description="Say so.")
    days: tuple[Weekday, ...] = Field(default=(), title="Days")
    words: tuple[str, ...] = Field(default=(), title="Words")
    branches: tuple[Branch, ...] = Field(default=(), title="Branches")
    window: Window | None = Field(default=None, title="Window")
    until: Annotated[Later | Never, Field(discriminator="kind")] = Field(title="Until")
    rule: dict[str, str] | None = Field(default=None, title="Rule", json_schema_extra={"widget": "rule"})
    dimension: Annotated[str, Field(json_schema_extra={"widget": "dimension"})] = Field("", title="Dimension")


SCHEMA = Everything.model_json_schema()
