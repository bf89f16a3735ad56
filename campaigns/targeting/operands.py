"""What a condition compares with: literals, variables, attributes of the same row, moments and periods.

These are shapes only. What they mean on a given day is `periods`, whether they suit a field is `values`.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, StrictInt, Tag

LongUnit = Literal["day", "week", "month", "quarter", "year"]
ShortUnit = Literal["hour", "minute"]
Unit = Literal["day", "week", "month", "quarter", "year", "hour", "minute"]

_Count = Annotated[StrictInt, Field(ge=0, le=1_000_000)]
_Shift = Annotated[StrictInt, Field(ge=-1_000_000, le=1_000_000)]
_Day = Annotated[StrictInt, Field(ge=-366, le=366)]
Name = Annotated[str, Field(min_length=1, max_length=2_000)]


class Shaped(BaseModel):
    """A part of a rule: closed to unknown keys, and it never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Variable(Shaped):
    """The value a campaign variable has when the rule runs."""

    variable: Name


class Parameter(Shaped):
    """The value that a saved filter is given where it is used; it stands in saved filters only."""

    parameter: Name


class OtherAttribute(Shaped):
    """Another attribute of the same row."""

    attribute: Name


class Expression(Shaped):
    """A value computed from attributes of the same row, in the language of `docs/expressions.md`."""

    expression: Annotated[str, Field(min_length=1, max_length=5_000)]


class Anchored(Shaped):
    """A part that counts from a moment: the run's, or that of a date variable."""

    anchor: Name | None = None


class Today(Anchored):
    """A day: the anchor's, moved by a number of units."""

    today: _Shift
    unit: LongUnit = "day"


class Now(Anchored):
    """An instant: the anchor's, moved by a number of units."""

    now: _Shift
    unit: ShortUnit = "hour"


class Last(Anchored):
    """From n units before the anchor up to it, both ends included."""

    last: _Count
    unit: Unit = "day"


class Next(Anchored):
    """From the anchor up to n units after it, both ends included."""

    next: _Count
    unit: Unit = "day"


class This(Anchored):
    """The calendar unit that holds the anchor, or the one `shift` units from it."""

    this: LongUnit
    shift: Annotated[StrictInt, Field(ge=-10_000, le=10_000)] = 0


class OlderThan(Anchored):
    """Everything before the moment n units before the anchor."""

    older_than: _Count
    unit: Unit = "day"


class LaterThan(Anchored):
    """Everything after the moment n units after the anchor."""

    later_than: _Count
    unit: Unit = "day"


class Days(Anchored):
    """A window of days for an anniversary, counted from the anchor's day, both ends included."""

    days: tuple[_Day, _Day]


Moment = Today | Now
Period = Last | Next | This | OlderThan | LaterThan
PERIODS = (Last, Next, This, OlderThan, LaterThan)
Scalar = str | int | float | bool

_TAGS = {
    "variable": "#variable",
    "parameter": "#parameter",
    "attribute": "#attribute",
    "expression": "#expression",
    "today": "#today",
    "now": "#now",
    "last": "#last",
    "next": "#next",
    "this": "#this",
    "older_than": "#older_than",
    "later_than": "#later_than",
    "days": "#days",
}


def _plain(value: object) -> object:
    """YAML reads dates and numbers into Python's own types; a rule holds them as JSON does."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID) else value


def _tag(value: Any) -> str | None:
    if isinstance(value, Shaped):
        value = value.model_fields_set
    if isinstance(value, dict | set | frozenset):
        return next((tag for key, tag in _TAGS.items() if key in value), None)
    if isinstance(value, list | tuple):
        return "#list"
    return "#literal" if isinstance(value, Scalar | date | Decimal | UUID) else None


LiteralValue = Annotated[Scalar, BeforeValidator(_plain)]
Item = Annotated[
    Annotated[LiteralValue, Tag("#literal")]
    | Annotated[Variable, Tag("#variable")]
    | Annotated[Parameter, Tag("#parameter")]
    | Annotated[OtherAttribute, Tag("#attribute")]
    | Annotated[Expression, Tag("#expression")]
    | Annotated[Today, Tag("#today")]
    | Annotated[Now, Tag("#now")],
    Discriminator(_tag),
]
Operand = Annotated[
    Annotated[LiteralValue, Tag("#literal")]
    | Annotated[tuple[Item, ...], Tag("#list")]
    | Annotated[Variable, Tag("#variable")]
    | Annotated[Parameter, Tag("#parameter")]
    | Annotated[OtherAttribute, Tag("#attribute")]
    | Annotated[Expression, Tag("#expression")]
    | Annotated[Today, Tag("#today")]
    | Annotated[Now, Tag("#now")]
    | Annotated[Last, Tag("#last")]
    | Annotated[Next, Tag("#next")]
    | Annotated[This, Tag("#this")]
    | Annotated[OlderThan, Tag("#older_than")]
    | Annotated[LaterThan, Tag("#later_than")]
    | Annotated[Days, Tag("#days")],
    Discriminator(_tag),
]
