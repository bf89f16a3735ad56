"""Faults put into the compiler while it runs, each a line of its own code changed and put back."""

from __future__ import annotations
import __future__

import builtins
import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import Any

from campaigns.targeting import (
    aggregates,
    attributes,
    clock,
    comparisons,
    compile,
    conditions,
    linked_rows,
    memberships,
    nth,
    periods,
    sequences,
    temporal,
    terms,
    trees,
    values,
)


@dataclass(frozen=True)
class Mutant:
    """A function in whose source `old`, which is there once, becomes `new`."""

    name: str
    function: Callable[..., Any]
    old: str
    new: str

    @contextmanager
    def at_work(self) -> Iterator[None]:
        function = inspect.unwrap(self.function)
        assert isinstance(function, FunctionType)
        sound = function.__code__
        function.__code__ = self._code(function)
        try:
            yield
        finally:
            function.__code__ = sound

    def _code(self, function: FunctionType) -> CodeType:
        source = textwrap.dedent(inspect.getsource(function))
        assert source.count(self.old) == 1, f"{self.name}: {self.old!r} is not in the function once"
        flags = __future__.annotations.compiler_flag
        code = builtins.compile(source.replace(self.old, self.new), "<mutant>", "exec", flags=flags)
        return next(each for each in code.co_consts if isinstance(each, CodeType))


def _mutants(*rows: tuple[str, Callable[..., Any], str, str]) -> list[Mutant]:
    return [Mutant(*row) for row in rows]


DATES = _mutants(
    ("less is less or equal", temporal._less, "None, spans[0].start)", "None, spans[0].end)"),
    ("greater is greater or equal", temporal._greater, "subject, spans[0].end", "subject, spans[0].start"),
    ("between leaves out its last day", temporal._between, "spans[1].end", "spans[1].start"),
    ("an instant is a whole day", temporal._extent, "value + TICK", "value + ONE_DAY"),
    ("29 February is kept in leap years only", temporal._last_month_day, "_FEBRUARY_29 if", "found if"),
    ("a window ends with the year", temporal._in_window, "if first <= last", "if True"),
    ("the day itself is an anniversary", temporal.anniversary, "exp.LT(", "exp.LTE("),
    ("anniversaries by the clock of UTC", temporal.local_day, "clock.zone.key", '"UTC"'),
    ("every anchor is the run", periods.Timeline.anchor, "part.anchor is None", "True"),
    (
        "today is no part of the last days",
        periods._days,
        "-part.last, part.unit), day +",
        "-part.last, part.unit), day or",
    ),
    ("months of 28 days", periods.moved, "min(day.day, last)", "min(day.day, 28)"),
    ("weeks start on Sunday", periods.unit_start, "day.weekday()", "day.isoweekday() % 7"),
    (
        "stored without a zone is UTC",
        clock.stored_bound,
        "local = instant.astimezone(zone)",
        "return instant",
    ),
    ("the second of two equal hours", clock.instant_of, "fold=0).astimezone", "fold=1).astimezone"),
    (
        "the day in UTC",
        clock.Clock.day_of,
        "shown = instant.astimezone(self.zone).date()",
        "return instant.date()",
    ),
)
EMPTY_AND_TEXT = _mutants(
    ("empty text is less than any", comparisons._binary, "in _LETS_EMPTY_THROUGH", "in ()"),
    ("empty texts are equal", comparisons.compare_columns, ", has_value(subject), has_value(other)]", "]"),
    ("empty text is a value", comparisons.has_value, "is FieldType.TEXT", "is None"),
    ("empty text is counted", comparisons.value_or_null, "is FieldType.TEXT", "is None"),
    (
        "not is no complement",
        trees.not_true,
        "exp.Is(this=exp.Paren(this=condition), expression=exp.true())",
        "exp.Paren(this=condition)",
    ),
    ("empty is not unequal", trees.not_true, "exp.NullSafeNEQ", "exp.NEQ"),
    ("folding to capitals", trees.folded, "exp.Lower(", "exp.Upper("),
    ("folding A to Z only", trees.folded, "CASE_FOLDING", "BYTE_ORDER"),
    ("case never matters", terms._fold, "not rule.case_sensitive", "subject.type is FieldType.TEXT"),
    ("fractions are cut off", values._integer, "if number == number.to_integral_value() else number", ""),
    ("one step into JSON", attributes._inside, "for step in json.path", "for step in json.path[:1]"),
)
LINKS_AND_TREES = _mutants(
    ("one column of a composite link", trees.joined, "in link.on", "in link.on[:1]"),
    (
        "no condition on linked rows",
        attributes.reach,
        "join if found is None else trees.every([join, found])",
        "join",
    ),
    (
        "no filter on aggregated rows",
        aggregates.compile_aggregate,
        "where(linked.end), figure",
        "None, figure",
    ),
    (
        "nothing is not zero",
        aggregates._compared,
        "if zero and _holds_for_zero",
        "if False and _holds_for_zero",
    ),
    ("nothing is always zero", aggregates._holds_for_zero, "return 0 in numbers", "return True"),
    ("left joins", linked_rows.LinkedRows.joins, "on=trees.", 'side="LEFT", on=trees.'),
    (
        "one column of a composite owner",
        linked_rows.LinkedRows.owner,
        "self.links[0].on)",
        "self.links[0].on[:1])",
    ),
    ("not linked is never zero", aggregates._or_linked_to_nothing, "if not unlinked:", "if True:"),
    ("owners are counted with theirs", aggregates._grouped_for_all, "exp.null()", "exp.Literal.number(1)"),
    (
        "owners of nothing are left out",
        aggregates._grouped_for_all,
        "distinct=False)",
        "distinct=False).this",
    ),
    ("deviation of all, not of a sample", aggregates._deviation, "exp.StddevSamp(", "exp.StddevPop("),
    (
        "texts joined as they come",
        aggregates._joined_texts,
        "exp.Order(this=bound(separator), expressions=[ordered])",
        "bound(separator)",
    ),
    ("one separator for all", aggregates._joined_texts, "bound(separator)", "bound(SEPARATOR)"),
    (
        "equal ones are different",
        aggregates._different,
        "exp.Distinct(expressions=[trees.by_code_point(value, field_type)])",
        "value",
    ),
    ("greatest for least", aggregates._least, "exp.Min(", "exp.Max("),
    ("average for a sum", aggregates._sum, "exp.Sum(", "exp.Avg("),
    ("members are strangers", memberships.compile_member, "negate ^= rule.negate", "negate = rule.negate"),
    (
        "anybody is a member",
        memberships._stored,
        "trees.exists(member_table(audience, alias), same)",
        "trees.exists(member_table(audience, alias), exp.true())",
    ),
    (
        "members by any key",
        memberships._key,
        "row.table.columns[audience.key].name",
        "row.table.columns[row.table.primary_key[0]].name",
    ),
    ("nobody without a key is a stranger", memberships._of_people, "if negate:", "if False:"),
    (
        "composed audiences hold of everybody without a key",
        memberships._of_people,
        "if not row.table.columns[audience.key].nullable",
        "if True",
    ),
    ("De Morgan forgotten", compile._group, "isinstance(rule, Any_) ^ negate", "isinstance(rule, Any_)"),
    ("except nothing", compile._group, "negate ^ (subtracts and number > 0)", "negate"),
    ("some narrows like all", compile._group, "if not is_some:", "if True:"),
    ("narrowed to the complement", compile._known, "negate=negate", "negate=not negate"),
    ("exists for does not exist", compile._exists, "if rule.negate else", "if False else"),
    ("negative operators are positive", compile._condition, "if comparison.negated else", "if False else"),
)
ORDER = _mutants(
    ("the last for the first", nth._numbered, "descending=rule.descending", "descending=True"),
    ("equal rows as they come", nth._numbered, ", *trees.sortable_key(linked.end)]", "]"),
    (
        "numbers over two owners",
        nth._numbered,
        "partition_by=linked.keys()",
        "partition_by=linked.keys()[1:]",
    ),
    ("empty values have a place", nth._numbered, "trees.every([among, known])", "among"),
    ("among asks nothing", nth._numbered, "trees.every([among, known])", "known"),
    ("always the first", nth._is_nth, "exp.Literal.number(n)", "exp.Literal.number(1)"),
    ("any up to the n-th", nth._is_nth, "if n == 1:", "if True:"),
    ("the n-th asks nothing", nth.compile_nth, "if where is not None:", "if False:"),
    ("the n-th is not denied", nth.compile_nth, "if rule.negate else", "if False else"),
    ("one of the same time is later", sequences._later, "exp.Literal.number(1)", "exp.Literal.number(0)"),
    ("rows of a time follow each other", sequences._later, '"GROUPS"', '"ROWS"'),
    ("the next of any step", sequences._Search._with_next, '_is_step(alias, "=", number)', "exp.true()"),
    ("the latest, not the next", sequences._Search._with_next, "exp.Min(", "exp.Max("),
    ("earlier for later", sequences._Search._with_next, "descending=True", "descending=False"),
    ("time does not run out", sequences._Search._in_time, "if within is None:", "if True:"),
    ("steps before the second are dropped", sequences._Search.followed, "if number > 2:", "if False:"),
    ("every row is followed", sequences._Search.followed, '_is_step(alias, "=", number - 1), self', "self"),
    ("steps ask nothing", sequences._Search._rows_of_step, "where(linked.end), trees", "None, trees"),
    ("a sequence is not denied", sequences.compile_sequence, "if rule.negate else", "if False else"),
    ("days are 24 hours", temporal.no_later, "if within.unit in ELAPSED:", "if True:"),
    ("a quarter is a month", temporal.no_later, "3 * within.n", "within.n"),
    ("the last day is too late", temporal.no_later, "exp.LTE(this=local_day", "exp.LT(this=local_day"),
)
COMPARED = _mutants(
    ("at most is less", temporal._less_or_equal, "spans[0].end", "spans[0].start"),
    ("at least is more", temporal._greater_or_equal, "spans[0].start", "spans[0].end"),
    ("every text contains", comparisons._contains, "exp.GT(", "exp.GTE("),
    (
        "attributes are none of a list",
        conditions.ConditionWriter._one_of,
        "in self.comparison.attributes()",
        "in ()",
    ),
)
MUTANTS = [*DATES, *EMPTY_AND_TEXT, *LINKS_AND_TREES, *ORDER, *COMPARED]
