"""The rows of a dimension that are new since a marker, by a date of theirs, and whom earlier readings returned.

The window is open below and closed above: after the marker, not after the run's time. A date without a time counts as
the end of its day, so that the rows of a day are read once it is over and none of them is missed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlglot import exp

from campaigns.decisions import Fact
from campaigns.schedules.wall_clock import first_instant
from campaigns.targeting import trees
from campaigns.targeting.bound import bound
from campaigns.targeting.clock import Clock
from campaigns.targeting.rules import Condition
from campaigns.targeting.schema import FieldType
from orchestration.compilation import CompileContext, Made, key_of
from orchestration.readings import DATED, READ_AT, READ_BY, Standing
from orchestration.selection.deciding import Decision
from orchestration.selection.dimension_rows import DimensionRows
from orchestration.selection.joins import Joins
from orchestration.working_tables import relation


class Increment:
    """The SELECTs of one incremental query in one run."""

    def __init__(self, context: CompileContext, standing: Standing) -> None:
        self.context = context
        self.standing = standing
        self.rows = DimensionRows(context, context.config.dimension)
        row = self.rows.row
        self._joins = Joins(context.scope(row.table.slug, alias=row.alias), row)
        self._dated = self._joins.value(context.config.dated)

    @property
    def remembers(self) -> bool:
        """Whether later readings have to know whom this one returns."""
        return bool(self.context.config.exclude_returned or self.context.config.look_back)

    @property
    def forgotten_before(self) -> datetime | None:
        """Whoever was returned before is of no use to this reading or a later one."""
        config, anchor = self.context.config, self.context.anchor
        reach = (self.standing.value or anchor) - timedelta(minutes=config.look_back)
        if not config.exclude_returned:
            return reach
        return min(reach, anchor - timedelta(days=config.history_days)) if config.history_days else None

    def select(self) -> exp.Select:
        config = self.context.config
        conditions = [self.rows.condition(config.rule)] if config.rule else []
        return self._joined(self.rows.select(*conditions, *self._window(), *self._not_returned()))

    def returned(self, made: Made) -> exp.Select:
        """SELECT key, dated of the people of *main*."""
        main = exp.EQ(this=key_of(), expression=self.rows.key())
        dated = trees.named(self._moment(), DATED)
        select = trees.select([key_of(), dated], trees.relation(self.rows.row))
        select.set("joins", [exp.Join(this=relation(made["main"].table_name), on=main)])
        return self._joined(select)

    def decide(self, decision: Decision, _made: Made) -> None:
        """Put down what keeps somebody out: the rule, the date and the window, what was returned before."""
        config = self.context.config
        if config.rule:
            decision.rule("/rule", config.rule)
        decision.compared("/dated", config.dated)
        decision.holders("/dated", Fact.IN_WINDOW, self._joined(self.rows.select(*self._window())))
        if earlier := self._not_returned():
            decision.holders("/dated", Fact.NOT_RETURNED, self._joined(self.rows.select(*earlier)))

    def _joined(self, select: exp.Select) -> exp.Select:
        joins = [join.copy() for join in self._joins.joins]
        select.set("joins", [*(select.args.get("joins") or []), *joins])
        return select

    def _window(self) -> list[exp.Expr]:
        if self._dated.type is FieldType.DATE:
            upper = self._compared("less", self.context.anchor)
        else:
            upper = self._compared("less_or_equal", self.context.anchor)
        lower = self._lower()
        return [upper] if lower is None else [lower, upper]

    def _lower(self) -> exp.Expr | None:
        config, marker = self.context.config, self.standing.value
        if marker is not None:
            after = "greater_or_equal" if self._dated.type is FieldType.DATE else "greater"
            return self._compared(after, marker - timedelta(minutes=config.look_back))
        if config.start is not None:
            return self._compared("greater_or_equal", first_instant(config.start, self.context.zone))
        return None

    def _compared(self, operator: str, moment: datetime) -> exp.Expr:
        """The rule language compares: it knows zones, days and broken links."""
        value: Any = moment.isoformat()
        if self._dated.type is FieldType.DATE:
            value = Clock(moment, self.context.zone).day_of(moment).isoformat()
        data = {
            "kind": "condition",
            "attribute": self.context.config.dated,
            "operator": operator,
            "value": value,
        }
        return self.rows.condition(Condition.model_validate(data))

    def _not_returned(self) -> list[exp.Expr]:
        config = self.context.config
        if not self.standing.table:
            return []
        found: list[exp.Expr] = []
        if config.exclude_returned:
            found.append(exp.Not(this=self._was_returned(*self._within_history())))
        if config.look_back and self.standing.value is not None:
            found.append(exp.Not(this=self._was_returned(*self._with_this_date(self.standing.value))))
        return found

    def _within_history(self) -> list[exp.Expr]:
        days = self.context.config.history_days
        if not days:
            return []
        since = bound(self.context.anchor - timedelta(days=days))
        return [exp.GT(this=trees.column("q", READ_AT), expression=since)]

    def _with_this_date(self, marker: datetime) -> list[exp.Expr]:
        """Only what lies before the marker: behind it, a marker that was set back asks for them again."""
        same = exp.EQ(this=trees.column("q", DATED), expression=self._moment())
        until = "less" if self._dated.type is FieldType.DATE else "less_or_equal"
        return [same, self._compared(until, marker)]

    def _was_returned(self, *conditions: exp.Expr) -> exp.Exists:
        every = [exp.EQ(this=key_of("q"), expression=self.rows.key()), *conditions]
        if self.standing.void is not None:
            every.append(exp.NEQ(this=trees.column("q", READ_BY), expression=bound(self.standing.void)))
        return trees.exists(relation(self.standing.table, "q"), trees.every(every))

    def _moment(self) -> exp.Expr:
        """One type for every kind of date; it is only compared with itself."""
        return trees.cast(self._dated.value(), "timestamp")
