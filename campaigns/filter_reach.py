"""What a saved filter reaches through filters and composed audiences: itself, in a circle, and audiences that mean it.

A composed audience means the filters of today, as it means the data of today; so a change that it could not be
read with any more is refused where the filter is saved, before a run meets it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from campaigns.audience_uses import audiences_named
from campaigns.problems import Problem
from campaigns.rule_questions import RuleQuestion
from campaigns.targeting.expansion import FROZEN
from campaigns.targeting.problems import RuleProblem
from campaigns.targeting.saved_filters import SavedFilter
from campaigns.targeting.schema import Audience, Catalogue

Name = tuple[str, str]
"""“filter” or “audience”, and a slug."""


def circle_problems(slug: str, saved: SavedFilter, known: Catalogue) -> Iterator[Problem]:
    """The filter as it would be, used in itself."""
    if ("filter", slug) in _reached(saved.rule, _rules(_with(known, slug, saved))):
        message = _("The filter would use itself, directly or through other filters and audiences.")
        yield Problem("filter.circle", "/rule", message, _("Take it out of the rule."))


def audience_problems(slug: str, saved: SavedFilter, known: Catalogue) -> Iterator[Problem]:
    """Audiences that can be read now, and could not be with the filter as it would be."""
    changed = _with(known, slug, saved)
    rules = _rules(changed)
    for audience in _composed(known):
        if ("filter", slug) in _reached(audience.rule, rules) and not _unreadable(audience, known):
            for problem in _unreadable(audience, changed)[:1]:
                yield _broken(audience, problem)


def filters_in(data: Any) -> set[str]:
    """The slugs of the filters that a rule, as data, refers to."""
    if isinstance(data, Mapping):
        slug = data.get("filter")
        own = {slug} if data.get("kind") == "filter" and isinstance(slug, str) else set()
        return own.union(*(filters_in(value) for key, value in data.items() if key != FROZEN))
    return set().union(*map(filters_in, data)) if isinstance(data, list | tuple) else set()


def _with(known: Catalogue, slug: str, saved: SavedFilter) -> Catalogue:
    return replace(known, filters={**known.filters, slug: saved})


def _composed(known: Catalogue) -> list[Audience]:
    return [each for each in known.audiences.values() if each.is_composed]


def _rules(known: Catalogue) -> Mapping[Name, Any]:
    filters = {("filter", slug): each.rule for slug, each in known.filters.items()}
    return filters | {("audience", each.slug): each.rule for each in _composed(known)}


def _reached(rule: Any, rules: Mapping[Name, Any]) -> set[Name]:
    """What the rule names, and what that names, and so on."""
    seen, waiting = set[Name](), [rule]
    while waiting:
        new = (_names(waiting.pop()) & rules.keys()) - seen
        seen |= new
        waiting.extend(rules[name] for name in new)
    return seen


def _names(rule: Any) -> set[Name]:
    audiences = {("audience", slug) for _place, slug in audiences_named(rule)}
    return audiences | {("filter", slug) for slug in filters_in(rule)}


def _unreadable(audience: Audience, known: Catalogue) -> list[RuleProblem]:
    rule = {"kind": "member", "audience": audience.slug}
    return (
        list(RuleQuestion(rule, audience.table, known).problems()) if audience.table in known.tables else []
    )


def _broken(audience: Audience, problem: RuleProblem) -> Problem:
    words = {"audience": audience.label, "reason": problem.message}
    message = _("The audience “%(audience)s”, which means this filter, would break. %(reason)s") % words
    return Problem("filter.breaks_audience", "", message, _("Change the rule of the audience first."))
