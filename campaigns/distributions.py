"""The values an attribute has, commonest first: exact where there is time for it, else of a sample that says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from sqlglot import exp

from campaigns.cancellable import Question, running
from campaigns.limited_queries import Answer, TookTooLong, answer
from campaigns.models import Table
from campaigns.personal_data import PersonalFields
from campaigns.problems import Problem, ProblemsError
from campaigns.rule_questions import RuleQuestion
from campaigns.targeting.render import render
from campaigns.targeting.rules import JsonAttribute
from campaigns.targeting.statements import distribution_statement

SHOWN = 20
SECONDS_EXACT = 3.0
SECONDS_SAMPLE = 2.0
SHARES = (Decimal("1"), Decimal("0.01"))
"""Percentages of the table's pages that samples are taken of, tried in this order."""


@dataclass(frozen=True, slots=True)
class ValueCount:
    """One value and how many rows have it; None is empty, `percent` is of all rows that were looked at."""

    value: Any
    label: str
    count: int
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Distribution:
    """`partial` says that the counts are those of a sample, `sampled_percent` how large a one; `more` that
    there are values which are not shown.
    """

    values: Sequence[ValueCount]
    total: int
    more: bool
    partial: bool
    sampled_percent: Decimal | None
    seconds: float
    notice: str = ""


def distribution(
    question: RuleQuestion,
    attribute: str | JsonAttribute,
    *,
    search: str = "",
    personal: bool,
    asked_as: Question | None = None,
) -> Distribution:
    """The commonest values of an attribute among the rows of the question's table for which its rule holds.

    Personal data are refused unless `personal`. Raises ProblemsError, RuleError, or Unanswered where not even
    a sample could be had in time.
    """
    _refuse_personal(question, attribute, personal=personal)
    statement = distribution_statement(
        attribute, question.scope, rule=question.rule, limit=SHOWN + 1, search=search
    )
    labels = _labels(question, attribute)
    with running(asked_as):
        try:
            return _shown(answer(render(statement), seconds=SECONDS_EXACT), labels)
        except TookTooLong:
            return _sampled(question, statement, labels)


def _refuse_personal(question: RuleQuestion, attribute: str | JsonAttribute, *, personal: bool) -> None:
    """A list of values with their counts says whose they are where each is one person's."""
    if PersonalFields(question.catalogue, personal=personal).hides(question.table, attribute):
        message = _("This field holds personal data, which you may not see.")
        remedy = _("Choose another field, or ask an administrator for the permission.")
        raise ProblemsError([Problem("distribution.personal", "/attribute", message, remedy)])


def _sampled(question: RuleQuestion, statement: exp.Select, labels: dict[str, str]) -> Distribution:
    """Of some of the table's pages, of fewer where that takes too long as well."""
    table = Table.objects.filter(slug=question.table).first()
    if table is None or table.kind != Table.Kind.TABLE:
        raise TookTooLong(SECONDS_EXACT)
    for share in SHARES:
        try:
            found = answer(render(_of_a_share(statement, share)), seconds=SECONDS_SAMPLE)
        except TookTooLong:
            continue
        return _shown(found, labels, share=share)
    raise TookTooLong(SECONDS_EXACT + SECONDS_SAMPLE * len(SHARES))


def _of_a_share(statement: exp.Select, share: Decimal) -> exp.Select:
    """The statement with its own table sampled; the seed keeps the sample the same from page to page."""
    sampled = statement.copy()
    source = sampled.find(exp.Subquery).this.args["from_"].this  # type: ignore[union-attr]
    source.set(
        "sample",
        exp.TableSample(
            method=exp.Var(this="SYSTEM"),
            percent=exp.Literal.number(str(share)),
            seed=exp.Literal.number(1),
        ),
    )
    return sampled


def _shown(found: Answer, labels: dict[str, str], *, share: Decimal | None = None) -> Distribution:
    total = int(found.rows[0][2]) if found.rows else 0
    values = tuple(_values(found.rows[:SHOWN], total, labels))
    notice = ""
    if share is not None:
        notice = _(
            "Partial load: counting all took too long, so these are of about %(share)s %% of the table."
        )
        notice %= {"share": share}
    more = len(found.rows) > SHOWN
    return Distribution(values, total, more, share is not None, share, found.seconds, notice)


def _values(rows: Sequence[Any], total: int, labels: dict[str, str]) -> Iterator[ValueCount]:
    for value, count, _total in rows:
        plain = as_operand(value)
        percent = (Decimal(count) * 100 / total).quantize(Decimal("0.01"))
        yield ValueCount(plain, labels.get(str(plain), ""), count, percent)


def _labels(question: RuleQuestion, attribute: str | JsonAttribute) -> dict[str, str]:
    """The words for the values of an enumeration."""
    column = None if isinstance(attribute, JsonAttribute) else question.column_of(attribute)
    return {value: str(label) for value, label in column.enumeration.items()} if column else {}


def as_operand(value: Any) -> Any:
    """A value of the database as a rule writes it."""
    if value is None or isinstance(value, bool | int | str):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)
