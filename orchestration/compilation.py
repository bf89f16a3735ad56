"""What an activity is given when it runs, and what it may answer. Types write SELECTs; the engine owns the tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from sqlglot import exp

from campaigns import activity_types
from campaigns.activity_types import MAIN, ActivityType, Inbound, World
from campaigns.decisions import Layout
from campaigns.graph import Arrow
from campaigns.targeting import trees
from campaigns.targeting.schema import Column, Table
from campaigns.targeting.scope import PopulationColumns, Scope, Value
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


def means(reference: str, arrow: Arrow | Arrival | Inbound) -> bool:
    """Whether settings that say `reference`, an activity or activity.port, mean this arrow."""
    return reference in (arrow.source, f"{arrow.source}.{arrow.port}")


Made = Mapping[str, Arrival]
"""The ports of an activity that have been made so far."""

Selection = exp.Select | Callable[[Made], exp.Select]
"""A SELECT, or what makes one once the ports named before it are there to be referred to."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A port's SELECT with what decided about each person beside them, and how to read that."""

    select: exp.Select
    layout: Layout


Deciding = Callable[[exp.Select, Made], Decided | None]
"""Makes a port's SELECT tell what decided about its people; None where nothing is to be told."""


@dataclass(frozen=True, slots=True)
class Outflow:
    """A port's new population: a SELECT that yields `key` and the columns, each key once.

    An outflow that is empty and `skip_empty` is not activated: what stands behind it is dead. Who leaves by it may have
    what `decided` about them kept, as it is in this statement.
    """

    select: Selection
    dimension: str
    columns: Mapping[str, Column] = field(default_factory=dict)
    skip_empty: bool = False
    decided: Deciding | None = None


@dataclass(frozen=True, slots=True)
class Scratch:
    """A table for the time of one activity: a SELECT whose rows are told apart by `key`."""

    select: exp.Select
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """How far an activity has read, from a marker at this revision, which a live run moves when it completes.

    `returned` yields `key` and `dated` of those who left by *main*, where they have to be remembered; who was
    returned before `forgotten_before` is remembered no longer.
    """

    read_from: datetime | None
    read_to: datetime
    revision: int
    returned: Callable[[Made], exp.Select] | None = None
    forgotten_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Populations:
    """New working tables by port, made in this order; an arrival in the place of one leaves as it came.

    `reported` holds SELECTs of one count each, for people who leave by no port; `dropped` holds arrivals of whose
    people those are counted who are at no port. `subjects` are the arrivals whose people the law accounts for, all of
    them unless it is given; `settings` are the planner's, for the statements of this activity.
    `scratch` holds what several ports are made from, by names that the ports' SELECTs find among what was made, each
    with its key columns; these tables are gone when the activity is done.
    """

    outflows: Mapping[str, Outflow | Arrival]
    settings: Mapping[str, str] = field(default_factory=dict)
    reported: Mapping[str, Selection] = field(default_factory=dict)
    dropped: Mapping[str, Arrival] = field(default_factory=dict)
    subjects: Sequence[Arrival] | None = None
    reading: Reading | None = None
    scratch: Mapping[str, Scratch] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class References:
    """What came in leaves as it is: port → arrival, or None for a port that is not taken.

    With `back_to`, another round begins, in which those who leave by `BACK` come to that activity again.
    """

    routes: Mapping[str, Arrival | None]
    back_to: str = ""


@dataclass(frozen=True, slots=True)
class WaitUntil:
    """Nothing yet: the activity runs again at `due_at`, and then finds it in its memo."""

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
    `connected` are the ports that an arrow leaves by, `absent` the arrows that will never arrive; `rounds` is how often
    it has sent people back in this run, `lasts` says whether what it makes will be kept."""

    activity_id: str
    config: Any
    arrivals: Sequence[Arrival]
    world: World
    anchor: datetime
    zone: ZoneInfo
    now: datetime
    variables: Mapping[str, Value | None]
    is_test: bool
    real_waits: bool
    recurring: bool
    campaign_id: int
    label: str
    connected: frozenset[str] = frozenset()
    absent: tuple[Arrow, ...] = ()
    activity_run_id: int = 0
    memo: dict[str, Any] = field(default_factory=dict)
    rounds: int = 0
    lasts: bool = True

    def population(self, reference: str = "") -> Arrival:
        """The inbound population that `reference` means, or the first; raises ActivityFailed when there is none."""
        for arrival in self.populations():
            if not reference or means(reference, arrival):
                return arrival
        raise ActivityFailed(
            _("No population arrived from %(source)s. Connect one, or choose another.")
            % {"source": reference or _("any activity before this one")}
        )

    def populations(self) -> list[Arrival]:
        return [arrival for arrival in self.arrivals if arrival.is_population]

    def table_of(self, dimension: str) -> Table:
        return self.world.catalogue.tables[self.world.dimensions[dimension].table]

    def key_column(self, dimension: str) -> Column:
        return self.table_of(dimension).columns[self.world.dimensions[dimension].key]

    def scope(self, table: str, *, alias: str = "t", columns: PopulationColumns | None = None) -> Scope:
        """Where a rule on rows of a table (by slug) runs in this run."""
        return Scope(
            catalogue=self.world.catalogue,
            table=table,
            alias=alias,
            now=self.anchor,
            zone=str(self.zone),
            variables=self.variables,
            columns=columns or {},
        )


class ExecutableType(ActivityType):
    """An activity type that the engine can run.

    One that `changes_the_run` works under the run's lock, and so sees what others have changed of it; as it does not see
    the company's tables as of one moment, it has to leave them alone.
    """

    changes_the_run: ClassVar[bool] = False

    @classmethod
    def execute(cls, context: CompileContext) -> Result:
        raise NotImplementedError

    @classmethod
    def awaits(cls, config: Any, arrow: Arrow) -> bool:
        """Whether the activity waits for this arrow as long as it may still arrive."""
        return True

    @classmethod
    def may_start(cls, config: Any, arrived: Sequence[Arrow]) -> bool:
        """Whether what arrived is enough once nothing else that is awaited can arrive."""
        return True


def executable(name: str) -> type[ExecutableType]:
    """The registered type of this name, as one that the engine can run."""
    found = activity_types.get(name)
    if not issubclass(found, ExecutableType):
        raise TypeError(f"Activity type {name!r} cannot be executed.")
    return found


def passed_on(context: CompileContext) -> Arrival:
    """What goes on as it came: the population that arrived, or else only the signal to go."""
    populations = context.populations()
    return populations[0] if populations else Arrival(context.activity_id, MAIN)


def added_columns(arrival: Arrival, alias: str = "p") -> dict[str, exp.Column]:
    """The added columns of a population as expressions of a query over it."""
    return {slug: trees.column(alias, column.name) for slug, column in arrival.columns.items()}


def key_of(alias: str = "p") -> exp.Column:
    return trees.column(alias, KEY)


def carry(arrival: Arrival, alias: str = "p") -> list[exp.Expr]:
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
