"""Rules of a draft that would read a large table for long, each with the index that would help.

It asks PostgreSQL for the plan of every rule, so it is for a draft that somebody means to publish, not for one
that is being typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.activity_types import World
from campaigns.asked_rules import AskedRule, Shapes, rules_asked
from campaigns.document import Document
from campaigns.index_advice import Advice, advice_on
from campaigns.limited_queries import Unanswered
from campaigns.problems import Problem, Severity
from campaigns.targeting.problems import RuleError

SECONDS = 3.0
"""For all rules of a draft together; those that are left are not judged."""


def slow_rules(document: Document, world: World, shapes: Shapes) -> Iterator[Problem]:
    """A warning for each index that is advised, whose path leads to the rule, and one for the rules not judged."""
    ends = monotonic() + SECONDS
    left: list[AskedRule] = []
    for asked in rules_asked(document, world, shapes):
        advised = _advice(asked) if monotonic() < ends else None
        if advised is None:
            left.append(asked)
        else:
            yield from (_problem(each, asked) for each in advised)
    if left:
        yield _not_judged(left)


def _advice(asked: AskedRule) -> list[Advice] | None:
    """None where there is no answer in time; nothing for a rule with problems of its own: those are told already."""
    try:
        return advice_on(asked.question)
    except RuleError:
        return []
    except Unanswered:
        return None


def _problem(advice: Advice, asked: AskedRule) -> Problem:
    message = _(
        "“%(table)s” is read wholly, %(rows)s rows, which may take about %(seconds)s seconds. "
        "With an index it may be about %(after)s; both are estimates."
    ) % {
        "table": advice.label,
        "rows": f"{advice.rows:,}",
        "seconds": f"{advice.seconds:.1f}",
        "after": f"{advice.seconds_after:.1f}",
    }
    if asked.of_arrivals:
        message += " " + _("That is if the whole table comes in.")
    remedy = _("Have this index made, or confirm: %(statement)s") % {"statement": advice.statement}
    return Problem("rule.slow", asked.path, message, remedy, Severity.WARNING, asked.activity)


def _not_judged(left: list[AskedRule]) -> Problem:
    message = ngettext(
        "Within %(seconds)s seconds it could not be judged whether %(number)d rule takes long, the first at “%(activity)s”.",
        "Within %(seconds)s seconds it could not be judged whether %(number)d rules take long, the first at “%(activity)s”.",
        len(left),
    ) % {"seconds": f"{SECONDS:.0f}", "number": len(left), "activity": left[0].activity}
    remedy = _("Look at the plan of each, or confirm.")
    return Problem("rule.not_judged", left[0].path, message, remedy, Severity.WARNING, left[0].activity)
