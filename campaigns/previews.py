"""Some of the rows a rule means, page by page, with the attributes somebody chose; personal data masked."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from campaigns.distributions import as_operand
from campaigns.limited_queries import answer
from campaigns.personal_data import MASKED, PersonalFields
from campaigns.problems import Problem, ProblemsError
from campaigns.rule_questions import RuleQuestion
from campaigns.targeting.clock import Clock
from campaigns.targeting.problems import RuleError
from campaigns.targeting.render import render
from campaigns.targeting.rules import JsonAttribute
from campaigns.targeting.schema import FieldType, Table
from campaigns.targeting.scope import Value
from campaigns.targeting.statements import preview_statement
from campaigns.targeting.values import literal

MOST_ROWS = 200
MOST_COLUMNS = 30
# A value of these types is the same after it was written as text and read again.
_PAGEABLE = (FieldType.INTEGER, FieldType.TEXT, FieldType.UUID, FieldType.DATE, FieldType.DECIMAL)

UTC_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Attribute = str | JsonAttribute


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column of a preview."""

    name: str
    label: str
    type: str


@dataclass(frozen=True, slots=True)
class Page:
    """Rows as text; None where there is no value, a mask where it may not be seen. `next` is where the page
    after this one begins, None where there is none or the key may not be seen.
    """

    columns: Sequence[ShownColumn]
    rows: Sequence[Sequence[str | None]]
    next: str | None
    seconds: float


def preview(
    question: RuleQuestion,
    attributes: Sequence[Attribute] = (),
    *,
    after: str | None = None,
    limit: int = 50,
    personal: bool,
) -> Page:
    """A page of rows by key; without attributes the first columns of the table.

    Raises ProblemsError for a mark that is none of this table's, RuleError, Unanswered.
    """
    shown = list(attributes) or list(question.columns_shown())
    table = question.catalogue.tables[question.table]
    key = None if after is None else _key_of(after, table)
    statement = preview_statement(
        question.rule, question.scope, columns=shown, limit=limit + 1, after=key, with_key=True
    )
    found = answer(render(statement))
    hides = PersonalFields(question.catalogue, personal=personal).hides
    masks = [hides(question.table, attribute) for attribute in shown]
    rows = [_row(row, masks) for row in found.rows[:limit]]
    hidden = any(hides(question.table, slug) for slug in table.primary_key)
    more = len(found.rows) > limit and not hidden and _is_pageable(table)
    mark = _mark(found.rows[limit - 1][len(shown) :]) if more else None
    return Page([_described(question, each) for each in shown], rows, mark, found.seconds)


def _row(row: Sequence[Any], masks: Sequence[bool]) -> list[str | None]:
    return [
        None if value is None else MASKED if masked else str(value)
        for value, masked in zip(row, masks, strict=False)
    ]


def _described(question: RuleQuestion, attribute: Attribute) -> ShownColumn:
    if isinstance(attribute, JsonAttribute):
        name = ".".join([attribute.name, *attribute.path])
        return ShownColumn(name, name, attribute.type)
    column = question.column_of(attribute)
    return ShownColumn(attribute, column.label if column else attribute, column.type.value if column else "")


def _is_pageable(table: Table) -> bool:
    return all(table.columns[slug].type in _PAGEABLE for slug in table.primary_key)


def _mark(key: Sequence[Any]) -> str:
    text = json.dumps([as_operand(value) for value in key], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _key_of(mark: str, table: Table) -> list[Value]:
    """The key a mark holds, typed as the table's; raises ProblemsError."""
    types = [table.columns[slug].type for slug in table.primary_key]
    clock = Clock(UTC_EPOCH, ZoneInfo("UTC"))
    try:
        padded = mark + "=" * (-len(mark) % 4)
        values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        return [literal(value, kind, clock, "") for value, kind in zip(values, types, strict=True)]
    except (binascii.Error, ValueError, TypeError, RecursionError, RuleError):
        message = _("This is no mark of a page of these rows.")
        remedy = _("Send the mark “next” of the page before, or leave it out for the first page.")
        raise ProblemsError([Problem("preview.bad_mark", "/after", message, remedy)]) from None
