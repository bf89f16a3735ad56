"""A part of an expression once its type is known: SQL that is NULL exactly where the value is empty.

Whole numbers, decimals and floating-point numbers are all numeric in SQL while they are calculated with; date-times
are instants (timestamptz); texts are never '' and compare by code point.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.bound import bound
from campaigns.targeting.expressions import pieces
from campaigns.targeting.schema import FieldType
from campaigns.targeting.scope import Compilation, Row, Value

NUMBERS = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.FLOAT)
MOMENTS = (FieldType.DATE, FieldType.DATETIME)
SCALARS = tuple(each for each in FieldType if each is not FieldType.JSON)

SQL_TYPES = {
    FieldType.TEXT: "text",
    FieldType.INTEGER: "numeric",
    FieldType.DECIMAL: "numeric",
    FieldType.FLOAT: "numeric",
    FieldType.BOOLEAN: "boolean",
    FieldType.DATE: "date",
    FieldType.DATETIME: "timestamptz",
    FieldType.UUID: "uuid",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """`literal` is the text of a text literal, `constant` any literal's value; `is_nothing` has no type of its own."""

    at: int
    type: FieldType
    sql: exp.Expr
    literal: str | None = None
    constant: Value | None = field(default=None, compare=False)
    is_nothing: bool = False

    @property
    def is_number(self) -> bool:
        return self.type in NUMBERS

    def taken_as(self, field_type: FieldType) -> Typed:
        """The same SQL under another type, numeric both."""
        return Typed(self.at, field_type, self.sql)


def nothing(at: int, field_type: FieldType = FieldType.TEXT) -> Typed:
    sql = trees.cast(exp.null(), SQL_TYPES[field_type])
    return Typed(at, field_type, sql, is_nothing=True)


def constant(at: int, value: Value) -> Typed:
    """A value known before anything runs."""
    field_type = _type_of(value)
    sql: exp.Expr = bound(value)
    if field_type in NUMBERS:
        sql = bound(Decimal(str(value)))
    elif field_type is FieldType.TEXT:
        sql = pieces.by_code_point(sql)
    return Typed(at, field_type, sql, constant=value)


def _type_of(value: Value) -> FieldType:
    if isinstance(value, datetime):
        return FieldType.DATETIME
    if isinstance(value, bool):
        return FieldType.BOOLEAN
    return next(kind for python_type, kind in _TYPES if isinstance(value, python_type))


_TYPES: tuple[tuple[type | tuple[type, ...], FieldType], ...] = (
    (str, FieldType.TEXT),
    (int, FieldType.INTEGER),
    ((Decimal, float), FieldType.DECIMAL),
    (date, FieldType.DATE),
    (object, FieldType.UUID),
)


@dataclass(frozen=True, slots=True)
class Writing:
    """Where an expression is written: the walk over the rule, and the row it is about."""

    state: Compilation
    row: Row

    @property
    def zone(self) -> str:
        return self.state.clock.zone.key

    def let(self, values: Sequence[exp.Expr], make: Callable[..., exp.Expr]) -> exp.Expr:
        """What `make` gives of columns that hold the values: each is computed once, however often it is used.

        `make` gets functions that give a fresh column each time. OFFSET 0 keeps PostgreSQL from writing the
        values back into their places.
        """
        alias = self.state.alias()
        names = [f"v{number}" for number in range(len(values))]
        inner = exp.Select(
            expressions=[trees.named(value, name) for value, name in zip(values, names, strict=True)]
        )
        inner.set("offset", exp.Offset(expression=exp.Literal.number(0)))
        source = exp.Subquery(this=inner, alias=exp.TableAlias(this=trees.name(alias)))
        columns = [lambda name=name: trees.column(alias, name) for name in names]
        return exp.Subquery(this=trees.select([make(*columns)], source))

    def instant(self, local: exp.Expr, zone: str | None = None) -> exp.Expr:
        """The first instant at which the zone's clock shows a local time, or a later one where it skips that."""
        zone = zone or self.zone
        if zone in ("UTC", "Etc/UTC"):
            return shown(local, "UTC")
        return self.let([local], lambda v: self._read(v, zone))

    def _read(self, local: Callable[[], exp.Expr], zone: str) -> exp.Expr:
        """By the offset of the day before, or by that of the day after, or where the clocks jump between them."""
        candidates = [_with_offset_of(local, zone, hours) for hours in ("-24 hours", "24 hours")]
        return self.let([local(), *candidates], lambda v, early, late: _first_shown(v, early, late, zone))

    def local(self, value: Typed, zone: str | None = None) -> exp.Expr:
        """What the zone's clock shows, a timestamp; a date is its midnight."""
        if value.type is FieldType.DATE:
            return trees.cast(value.sql, "timestamp")
        return shown(value.sql, zone or self.zone)

    def day(self, value: Typed) -> exp.Expr:
        if value.type is FieldType.DATE:
            return value.sql
        return trees.cast(shown(value.sql, self.zone), "date")

    def instant_of(self, value: Typed) -> exp.Expr:
        """An instant; that of a date is the day's beginning."""
        if value.type is FieldType.DATETIME:
            return value.sql
        return pieces.moment(self.instant(self.local(value)))


def shown(value: exp.Expr, zone: str) -> exp.Expr:
    return trees.call("TIMEZONE", bound(zone), value)


def _with_offset_of(local: Callable[[], exp.Expr], zone: str, hours: str) -> exp.Expr:
    """The instant of a local time if the zone keeps the offset it has so many hours from there."""

    def near() -> exp.Expr:
        return exp.Add(this=shown(local(), zone), expression=pieces.interval(hours))

    offset = exp.Sub(this=shown(near(), zone), expression=shown(near(), "UTC"))
    return shown(exp.Sub(this=local(), expression=exp.Paren(this=offset)), "UTC")


def _first_shown(
    local: Callable[[], exp.Expr], early: Callable[[], exp.Expr], late: Callable[[], exp.Expr], zone: str
) -> exp.Expr:
    minutes = trees.call(
        "GENERATE_SERIES",
        trees.call("DATE_TRUNC", pieces.text("minute"), late()),
        early(),
        pieces.interval("1 minute"),
    )
    minute = trees.column("_m", "_m")
    source = exp.Table(this=minutes, alias=exp.TableAlias(this=trees.name("_m")))
    jumped = exp.GT(this=shown(minute.copy(), zone), expression=local())
    jump = exp.Subquery(this=trees.select([exp.Min(this=minute)], source, jumped))
    ifs = [exp.If(this=exp.EQ(this=shown(at(), zone), expression=local()), true=at()) for at in (early, late)]
    return exp.Case(ifs=ifs, default=jump)


def result(value: Typed) -> exp.Expr:
    """The value as fields of its type are stored: whole numbers and floating-point ones leave numeric."""
    if value.type is FieldType.INTEGER:
        return pieces.big(value.sql)
    if value.type is FieldType.FLOAT:
        return trees.cast(value.sql, "double precision")
    return value.sql
