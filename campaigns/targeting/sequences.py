"""A sequence of linked rows, one for each step, each later than the one before and soon enough after it.

Found from the last step to the first: a row of a step is good if the next good row of the following step
comes in time, and the earliest one decides that. So each step costs one pass in the order of time, however
many rows one owner has; rows joined with later rows would be compared pair by pair.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from django.utils.translation import gettext as _
from sqlglot import exp

from campaigns.targeting import temporal, trees
from campaigns.targeting.attributes import Attribute, Subject
from campaigns.targeting.comparisons import TEMPORAL
from campaigns.targeting.expressions.attribute import attribute_of
from campaigns.targeting.linked_rows import Filters, LinkedRows, Reached, Where, key_name, subquery
from campaigns.targeting.periods import ELAPSED
from campaigns.targeting.problems import refusal
from campaigns.targeting.rules import Sequence_, Step, Within
from campaigns.targeting.schema import FieldType
from campaigns.targeting.scope import Compilation, Row

_STEP, _AT, _NEXT = "step", "at", "next"


def compile_sequence(state: Compilation, row: Row, rule: Sequence_, place: str, filters: Filters) -> exp.Expr:
    """Whether the sequence exists, its negation included."""
    linked = LinkedRows.along(state, row, rule.link, f"{place}/link")
    attribute = _time(state, linked.end, rule, place)
    _check_times(rule.steps, attribute.type, place)
    search = _Search(state, linked, rule, attribute)
    rows = search.rows([filters(step.where, f"{place}/steps/{n}/where") for n, step in enumerate(rule.steps)])
    for number in range(len(rule.steps), 1, -1):
        rows = search.followed(rows, number, rule.steps[number - 1].within)
    alias = state.alias()
    found = trees.exists(subquery(rows, alias), linked.owner(alias))
    return trees.not_true(found) if rule.negate else found


def _time(state: Compilation, end: Row, rule: Sequence_, place: str) -> Attribute:
    attribute = attribute_of(state, end, rule.at, f"{place}/at")
    if attribute.type not in TEMPORAL:
        message = _("A field of type %(type)s does not tell when.") % {"type": attribute.type.value}
        remedy = _("Name a date, or a date and time, of the linked rows.")
        raise refusal(f"{place}/at", "wrong_type", message, remedy)
    return attribute


def _check_times(steps: Sequence[Step], field_type: FieldType, place: str) -> None:
    if steps[0].within:
        message = _("The first step has no step before it to be counted from.")
        raise refusal(f"{place}/steps/0/within", "needless_value", message, _("Remove “within”."))
    for number, step in enumerate(steps):
        if field_type is FieldType.DATE and step.within and step.within.unit in ELAPSED:
            at, remedy = f"{place}/steps/{number}/within/unit", _("Count in days or longer units.")
            raise refusal(at, "unit_too_short", _("A date has no hours."), remedy)


@dataclass(frozen=True, slots=True)
class _Search:
    """One sequence along links, its steps told apart by number and ordered by an attribute."""

    state: Compilation
    linked: LinkedRows
    rule: Sequence_
    attribute: Attribute

    def rows(self, wheres: Sequence[Where]) -> exp.Query:
        """Every linked row that has a time, once for each step it suits: whose it is, the step, the time."""
        found = [self._rows_of_step(number, where) for number, where in enumerate(wheres, 1)]
        return reduce(_union, found)

    def _rows_of_step(self, number: int, where: Where) -> exp.Query:
        state = self.state
        linked = LinkedRows.along(state, self.linked.row, self.rule.link, "")
        reached = Reached.of(state, linked.end, attribute_of(state, linked.end, self.rule.at, ""))
        condition, timed = where(linked.end), trees.known(reached.subject.value())
        columns = [
            *linked.named_keys(),
            trees.named(exp.Literal.number(number), _STEP),
            trees.named(reached.subject.value(), _AT),
        ]
        asked = timed if condition is None else trees.every([condition, timed])
        return linked.select(columns, asked, reached.further)

    def followed(self, rows: exp.Query, number: int, within: Within | None) -> exp.Select:
        """The rows without those of step `number`, and of the step before it only those it follows in time."""
        alias = self.state.alias()
        good = [trees.every([_is_step(alias, "=", number - 1), self._in_time(alias, within)])]
        if number > 2:  # noqa: PLR2004 - the second step: none stands before the first
            good.append(_is_step(alias, "<", number - 1))
        source = subquery(self._with_next(rows, number), alias)
        return trees.select(self._columns(alias), source, trees.some(good))

    def _with_next(self, rows: exp.Query, number: int) -> exp.Select:
        """Beside each row the time of the owner's next row of step `number`, if later there is one."""
        alias = self.state.alias()
        upcoming = exp.Filter(
            this=exp.Min(this=trees.column(alias, _AT)),
            expression=exp.Where(this=_is_step(alias, "=", number)),
        )
        # Downwards, the frame only ever grows, so that the least time is kept up rather than computed anew.
        window = exp.Window(
            this=upcoming,
            partition_by=[trees.column(alias, key) for key in self._keys()],
            order=exp.Order(expressions=[trees.ordered(trees.column(alias, _AT), descending=True)]),
            spec=_later(),
        )
        return trees.select([*self._columns(alias), trees.named(window, _NEXT)], subquery(rows, alias))

    def _in_time(self, alias: str, within: Within | None) -> exp.Expr:
        upcoming = self._time_of(alias, _NEXT)
        if within is None:
            return trees.known(upcoming.sql)
        return temporal.no_later(upcoming, self._time_of(alias, _AT), within, self.state.clock)

    def _time_of(self, alias: str, name: str) -> Subject:
        return Subject(trees.column(alias, name), self.attribute.type, self.attribute.stored_zone)

    def _columns(self, alias: str) -> list[exp.Expr]:
        return [trees.column(alias, name) for name in (*self._keys(), _STEP, _AT)]

    def _keys(self) -> list[str]:
        return [key_name(number) for number in range(len(self.linked.links[0].on))]


def _later() -> exp.WindowSpec:
    """Rows of one time are peers: none of them is later than another."""
    one = exp.Literal.number(1)
    return exp.WindowSpec(
        kind="GROUPS", start="UNBOUNDED", start_side="PRECEDING", end=one, end_side="PRECEDING"
    )


def _union(one: exp.Query, other: exp.Query) -> exp.Query:
    return exp.Union(this=one, expression=other, distinct=False)


def _is_step(alias: str, comparison: str, number: int) -> exp.Expr:
    compare = exp.EQ if comparison == "=" else exp.LT
    return compare(this=trees.column(alias, _STEP), expression=exp.Literal.number(number))
