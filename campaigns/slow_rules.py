"""Rules of a draft that would read a large table for long, each with the index that would help.

It asks PostgreSQL for the plan of every rule, so it is for a draft that somebody means to publish, not for one
that is being typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic

import pydantic
from django.utils.translation import gettext as _

from campaigns import activity_types
from campaigns.activity_parts import type_of
from campaigns.activity_types import World
from campaigns.document import ActivityPart, Document
from campaigns.index_advice import Advice, advice_on
from campaigns.limited_queries import Unanswered
from campaigns.problems import Problem, Severity
from campaigns.rule_questions import RuleQuestion, speaks_of_columns, surroundings_of
from campaigns.setting_rules import SettingRule, rules_in
from campaigns.targeting.problems import RuleError
from campaigns.targeting.rules import dump_rule
from campaigns.validation import pointer

SECONDS = 3.0
"""For all rules of a draft together; those that are left are not judged."""


def slow_rules(document: Document, world: World) -> Iterator[Problem]:
    """A warning for each index that is advised; paths lead to the rule."""
    ends = monotonic() + SECONDS
    for number, part in enumerate(document.activities):
        prefix = pointer("activities", number, "config")
        for found in _selecting_rules(part):
            if monotonic() >= ends:
                return
            question = _question(found, part, document, world)
            if question:
                yield from (_problem(each, prefix + found.path, part.id) for each in _advice(question))


def _selecting_rules(part: ActivityPart) -> Iterator[SettingRule]:
    """Those of activities that select from a whole table; others work on who came in."""
    kind = type_of(part)
    if kind is None or kind.law is not activity_types.Law.SOURCE:
        return
    try:
        yield from rules_in(kind.Config.model_validate(part.config))
    except pydantic.ValidationError:
        return


def _question(
    found: SettingRule, part: ActivityPart, document: Document, world: World
) -> RuleQuestion | None:
    dimension = world.dimensions.get(str(part.config.get("dimension", "")))
    data = dump_rule(found.rule)
    if dimension is None or dimension.table not in world.catalogue.tables or speaks_of_columns(data):
        return None
    return RuleQuestion(data, dimension.table, world.catalogue, surroundings_of(document))


def _advice(question: RuleQuestion) -> list[Advice]:
    """Nothing for a rule that has problems of its own: those are told already."""
    try:
        return advice_on(question)
    except (RuleError, Unanswered):
        return []


def _problem(advice: Advice, path: str, activity: str) -> Problem:
    message = _(
        "“%(table)s” is read wholly, %(rows)s rows, which may take about %(seconds)s seconds. "
        "With an index it may be about %(after)s; both are estimates."
    ) % {
        "table": advice.label,
        "rows": f"{advice.rows:,}",
        "seconds": f"{advice.seconds:.1f}",
        "after": f"{advice.seconds_after:.1f}",
    }
    remedy = _("Have this index made, or confirm: %(statement)s") % {"statement": advice.statement}
    return Problem("rule.slow", path, message, remedy, Severity.WARNING, activity)
