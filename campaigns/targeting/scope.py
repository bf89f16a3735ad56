"""Where a rule runs: the catalogue, the table, the time, the variables; and the state of one compilation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlglot import exp

from campaigns.targeting.clock import Clock
from campaigns.targeting.expansion import Expansions
from campaigns.targeting.limits import Lookups
from campaigns.targeting.problems import RuleError, RuleProblem
from campaigns.targeting.schema import Catalogue, Column, Table

Value = str | int | Decimal | float | bool | date | datetime | UUID
PopulationColumns = Mapping[str, tuple[Column, exp.Expr]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Everything a rule's meaning depends on besides the data.

    `table` is a slug and `alias` the SQL alias its rows have around the condition; aliases that start with an
    underscore are the compiler's own. `now` is aware, `zone` an IANA name. `variables` hold typed values or
    None. `columns` are what a population carries besides its key, each with its expression; rules name them
    `@slug`. `asks_few`: only rows named by their key are asked about, so what is computed over linked rows is best
    computed for these alone, not once for all.
    """

    catalogue: Catalogue
    table: str
    now: datetime
    zone: str
    alias: str = "t"
    variables: Mapping[str, Value | None] = field(default_factory=dict)
    columns: PopulationColumns = field(default_factory=dict)
    asks_few: bool = False

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise ValueError("Scope.now must be aware")
        if self.table not in self.catalogue.tables:
            raise ValueError(f"table {self.table!r} is not in the catalogue")


Known = Callable[["Row"], "exp.Expr | None"]


@dataclass(frozen=True, slots=True)
class Row:
    """A row that conditions speak of: its table and its alias in the SQL."""

    table: Table
    alias: str
    columns: PopulationColumns = field(default_factory=dict)
    deep: int = 0
    """How many rows it stands behind in one query, each linked to the one before."""
    known: tuple[Known, ...] = ()
    """What holds besides for each row that matters, written for another row of the table."""


@dataclass(slots=True)
class Compilation:
    """One walk over one rule: the scope, what was found wrong so far, the aliases given out."""

    scope: Scope
    clock: Clock
    problems: list[RuleProblem] = field(default_factory=list)
    expansions: Expansions = field(default_factory=Expansions)
    audiences: tuple[str, ...] = ()
    """The audiences whose rules are being read, the outermost first."""
    levels: int = 0
    """How deep the rule being read stands inside the one that was asked for."""
    _numbers: count[int] = field(default_factory=lambda: count(1))
    _inlined: list[int] = field(default_factory=lambda: [0])
    _lookups: Lookups = field(default_factory=Lookups)

    @classmethod
    def of(cls, scope: Scope) -> Compilation:
        return cls(scope, Clock(scope.now.astimezone(UTC), ZoneInfo(scope.zone)))

    def root(self) -> Row:
        return Row(self.scope.catalogue.tables[self.scope.table], self.scope.alias, self.scope.columns)

    def row_of(self, table: str, *, behind: Row | None = None) -> Row:
        """Another row of the statement; `behind` is the one it is looked up from by a semi-join."""
        deep = behind.deep + 1 if behind else 0
        self._lookups.note(deep)
        return Row(self.scope.catalogue.tables[table], self.alias(), deep=deep)

    def alias(self) -> str:
        return f"_{next(self._numbers)}"

    def inside(self, audience: str, *, levels: int, nodes: int) -> Compilation:
        """The walk over an audience's own rule: it knows no variables and no population; limits go on counting."""
        self._inlined[0] += nodes
        scope = replace(self.scope, variables={}, columns={})
        audiences = (*self.audiences, audience)
        return replace(self, scope=scope, problems=[], audiences=audiences, levels=levels)

    @property
    def inlined(self) -> int:
        """How many parts the rules of audiences have brought in so far."""
        return self._inlined[0]

    @property
    def lookups(self) -> int:
        """How often the statement looks into linked tables so far."""
        return self._lookups.number

    @property
    def is_too_much(self) -> bool:
        """Whether the walk need not go on: `finish` will refuse the rule."""
        return self._lookups.are_too_many

    def finish(self) -> None:
        """Raises RuleError with what is wrong, or because PostgreSQL would plan the statement for too long."""
        self._lookups.check()
        if self.problems:
            raise RuleError(self.problems)
