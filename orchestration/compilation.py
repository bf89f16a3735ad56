"""What an activity is given when it runs, and what it may answer. Types write SELECTs; the engine owns the tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlglot import exp

from campaigns.activity_types import ActivityType, Law, World
from campaigns.targeting.compile import Scope
from campaigns.targeting.rules import Rule
from campaigns.targeting.schema import Column, FieldType, Table
from orchestration.exceptions import ActivityFailed
from orchestration.working_tables import KEY, relation


@dataclass(frozen=True, slots=True)
class Arrival:
    """A population that came in by one arrow; without a dimension it is only the signal to go."""

    source: str
    port: str
    dimension: str = ""
    table_name: str = ""
    columns: Mapping[str, Column] = field(default_factory=dict)
    row_count: int = 0

    @property
    def is_population(self) -> bool:
        return bool(self.dimension)


@dataclass(frozen=True, slots=True)
class Outflow:
    """A port's new population: a SELECT that yields `key` and the columns, each key once.

    An outflow that is empty and `skip_empty` is not activated: what stands behind it is dead.
    """

    select: exp.Select
    dimension: str
    columns: Mapping[str, Column] = field(default_factory=dict)
    skip_empty: bool = False


@dataclass(frozen=True, slots=True)
class Populations:
    """New working tables by port. `reported` holds counts beside those of the ports, such as unmatched rows."""

    outflows: Mapping[str, Outflow]
    settings: Mapping[str, str] = field(default_factory=dict)
    reported: Mapping[str, Sequence[exp.Select]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class References:
    """What came in leaves as it is: port → arrival, or None for a port that is not taken."""

    routes: Mapping[str, Arrival | None]


@dataclass(frozen=True, slots=True)
class WaitUntil:
    """Nothing yet: the activity runs again at `due_at`."""

    due_at: datetime


@dataclass(frozen=True, slots=True)
class Dead:
    """What this activity needs will never arrive."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A delivery was prepared in this transaction; its state says whether it may be sent at once."""

    delivery_id: int
    state: str


Result = Populations | References | WaitUntil | Dead | Prepared


@dataclass(frozen=True, slots=True)
class CompileContext:
    """All that an activity sees of its run. `anchor` is the run's time; `memo` survives a wait;
    `connected` are the ports that an arrow leaves by."""

    activity_id: str
    config: Any
    arrivals: Sequence[Arrival]
    world: World
    anchor: datetime
    zone: ZoneInfo
    now: datetime
    variables: Mapping[str, Any]
    is_test: bool
    real_waits: bool
    recurring: bool
    campaign_id: int
    label: str
    connected: frozenset[str] = frozenset()
    activity_run_id: int = 0
    memo: dict[str, Any] = field(default_factory=dict)

    def population(self, source: str = "") -> Arrival:
        """The inbound population, or the one that came from `source`."""
        for arrival in self.arrivals:
            if arrival.is_population and source in ("", arrival.source):
                return arrival
        raise ActivityFailed(f"No population arrived from {source or 'any activity before this one'}.")

    def populations(self) -> list[Arrival]:
        return [arrival for arrival in self.arrivals if arrival.is_population]

    def table_of(self, dimension: str) -> Table:
        return self.world.catalogue.tables[self.world.dimensions[dimension].table]

    def key_column(self, dimension: str) -> Column:
        return self.table_of(dimension).columns[self.world.dimensions[dimension].key]

    def scope(self, dimension: str, alias: str = "t", columns: Mapping[str, Any] | None = None) -> Scope:
        return Scope(
            catalogue=self.world.catalogue,
            table=self.world.dimensions[dimension].table,
            alias=alias,
            now=self.anchor,
            zone=str(self.zone),
            variables=self.variables,
            columns=columns or {},
        )


class ExecutableType(ActivityType):
    """An activity type that the engine can run."""

    @classmethod
    def execute(cls, context: CompileContext) -> Result:
        raise NotImplementedError

    @classmethod
    def may_start(cls, config: Any, arrived: Iterable[str]) -> bool:
        """Whether what arrived (ids of the sources) is enough once nothing else can arrive."""
        return True


def added_columns(arrival: Arrival, alias: str = "p") -> dict[str, exp.Column]:
    """The added columns of a population as expressions of a query over it."""
    return {slug: exp.column(column.name, table=alias, quoted=True) for slug, column in arrival.columns.items()}


def key_of(alias: str = "p") -> exp.Column:
    return exp.column(KEY, table=alias, quoted=True)


def carry(arrival: Arrival, alias: str = "p") -> list[exp.Expression]:
    """Key and added columns of a population, as the projections of a SELECT."""
    return [key_of(alias), *added_columns(arrival, alias).values()]


def select_from(arrival: Arrival, alias: str = "p") -> exp.Select:
    """SELECT key and all added columns FROM the population."""
    return exp.select(*carry(arrival, alias)).from_(relation(arrival.table_name, alias))


def with_dimension(select: exp.Select, context: CompileContext, arrival: Arrival) -> exp.Select:
    """Join the dimension's table as `t` to a query over the population `p`."""
    table = context.table_of(arrival.dimension)
    key = context.key_column(arrival.dimension)
    target = exp.Table(
        this=exp.to_identifier(table.name, quoted=True), db=exp.to_identifier(table.schema, quoted=True)
    ).as_("t", table=True)
    on = exp.EQ(this=exp.column(key.name, table="t", quoted=True), expression=key_of("p"))
    return select.join(target, on=on)


__all__ = [
    "Arrival", "CompileContext", "Dead", "ExecutableType", "FieldType", "Law", "Outflow", "Populations", "Prepared",
    "References", "Result", "Rule", "WaitUntil", "added_columns", "carry", "key_of", "select_from", "with_dimension",
]
