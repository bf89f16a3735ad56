"""What an edit of a rule would do to people: who enters, leaves and stays, counted and shown before it is saved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from campaigns.cancellable import Question, running
from campaigns.distributions import as_operand
from campaigns.limited_queries import answer
from campaigns.previews import ShownColumn
from campaigns.rule_questions import MOST_SHOWN, RuleQuestion, Sample
from campaigns.targeting.difference import CHANGES, difference_statement
from campaigns.targeting.problems import RuleError
from campaigns.targeting.render import render

SECONDS = 15.0
"""Two rules over a whole table; as long as counting all the parts of one."""


@dataclass(frozen=True, slots=True)
class Change:
    """Those who enter, leave or stay: how many, and the first of them as text."""

    change: str
    count: int
    rows: Sequence[Sequence[str | None]]


@dataclass(frozen=True, slots=True)
class RuleDifference:
    """All three changes, in the order enter, leave, stay, at the time `at`."""

    at: datetime
    columns: Sequence[ShownColumn]
    changes: Sequence[Change]
    seconds: float


def difference(
    before: Any, after: RuleQuestion, *, personal: bool, asked_as: Question | None = None
) -> RuleDifference:
    """`before` is a rule as data, asked where and when the other one is. Exact counts, at most 8 people of each.

    Raises RuleError, Unanswered.
    """
    earlier = replace(after, data=before)
    problems = [*earlier.problems(), *after.problems()]
    if problems:
        raise RuleError(problems)
    statement = difference_statement(earlier.rule, after.rule, after.scope, limit=MOST_SHOWN)
    with running(asked_as):
        found = answer(render(statement), seconds=SECONDS)
        counts = {row[0]: row[1] for row in found.rows}
        samples = {
            change: _people(
                after,
                [row[2:] for row in found.rows if row[0] == change and "" not in row],
                personal=personal,
            )
            for change in counts
        }
    changes = [
        Change(each, counts.get(each, 0), samples[each].rows if each in samples else ()) for each in CHANGES
    ]
    shown = [ShownColumn(slug, each.label, each.type.value) for slug, each in after.columns_shown().items()]
    return RuleDifference(after.scope.now, shown, changes, found.seconds)


def _people(question: RuleQuestion, keys: Iterable[Sequence[Any]], *, personal: bool) -> Sample:
    names = question.catalogue.tables[question.table].primary_key
    rows = [
        {"kind": "all", "of": [_equal(name, value) for name, value in zip(names, key, strict=True)]}
        for key in keys
    ]
    return replace(question, data={"kind": "any", "of": rows}).people(personal=personal)


def _equal(name: str, value: Any) -> dict[str, Any]:
    return {"kind": "condition", "attribute": name, "operator": "equal", "value": as_operand(value)}
