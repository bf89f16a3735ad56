"""Whether a row is one of an audience: a look into its table of members, or the audience's own rule in its place.

A composed audience is what its rule finds at the moment. Its rule is read as part of the rule that names it, with the
same clock, but without variables and columns of a population, which it cannot know.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from django.utils.translation import gettext as _
from sqlglot import exp

from campaigns.fixes import naming, near
from campaigns.targeting import trees
from campaigns.targeting.limits import MAX_LEVELS, MAX_NODES, levels_of, measured
from campaigns.targeting.problems import RuleError, RuleProblem, nearest, refusal, shown
from campaigns.targeting.rules import Member, Rule, parse_rule
from campaigns.targeting.schema import Audience, Catalogue, Table
from campaigns.targeting.scope import Compilation, Row

MAX_NESTED = 8
MEMBER_KEY = "key"


class Walk(Protocol):
    """Compiles a rule on a row, or its exact complement."""

    def __call__(self, state: Compilation, rule: Rule, row: Row, place: str, *, negate: bool) -> exp.Expr: ...


def compile_member(
    state: Compilation, row: Row, rule: Member, place: str, walk: Walk, *, negate: bool
) -> exp.Expr:
    """Whether the row is a member, never unknown; `negate` asks for the exact complement."""
    place = f"{place}/audience"
    audience = find_audience(state.scope.catalogue, row.table, rule.audience, place)
    negate ^= rule.negate
    if audience.is_composed:
        return _composed(state, row, audience, place, walk, negate=negate)
    found = _stored(state, row, audience)
    return trees.not_true(found) if negate else found


def find_audience(catalogue: Catalogue, table: Table, slug: str, place: str) -> Audience:
    """The audience of this slug, which is one of rows of `table` and can be read; raises RuleError."""
    audience = catalogue.audiences.get(slug)
    if audience is None:
        message = _("There is no audience “%(name)s”.") % {"name": shown(slug)}
        fixes = naming(place, slug, near(slug, _offered(catalogue, table)))
        raise refusal(place, "unknown_audience", message, nearest(slug, catalogue.audiences), fixes)
    if audience.table != table.slug:
        message = _("The audience “%(name)s” is one of “%(theirs)s”, not of “%(here)s”.")
        words = {"name": audience.label, "theirs": audience.table, "here": table.slug}
        remedy = _("Ask for it of a row of “%(theirs)s”: with “exists” over a link that leads there.")
        raise refusal(place, "wrong_audience", message % words, remedy % words)
    refuse_missing(audience, place)
    return audience


def _offered(catalogue: Catalogue, table: Table) -> list[str]:
    return [
        each.slug for each in catalogue.audiences.values() if each.table == table.slug and not each.archived
    ]


def refuse_missing(audience: Audience, place: str) -> None:
    """Raises RuleError where the members of an audience are not there."""
    words = {"name": audience.label}
    if audience.missing == "expired":
        message = _("The members of the audience “%(name)s” have expired.") % words
        raise refusal(place, "audience_expired", message, _("Save or import it again, or choose another."))
    if audience.missing:
        message = _("The audience “%(name)s” has no members yet: nothing was written into it.") % words
        raise refusal(
            place, "audience_empty", message, _("Run the campaign that saves it, or import a file.")
        )


def member_table(audience: Audience, alias: str) -> exp.Table:
    """The table of members as a relation of a query."""
    schema, name = audience.relation
    return exp.Table(
        this=trees.name(name), db=trees.name(schema), alias=exp.TableAlias(this=trees.name(alias))
    )


def _stored(state: Compilation, row: Row, audience: Audience) -> exp.Exists:
    alias = state.alias()
    same = exp.EQ(this=trees.column(alias, MEMBER_KEY), expression=_key(row, audience))
    return trees.exists(member_table(audience, alias), same)


def _key(row: Row, audience: Audience) -> exp.Column:
    return trees.column(row.alias, row.table.columns[audience.key].name)


def _composed(
    state: Compilation, row: Row, audience: Audience, place: str, walk: Walk, *, negate: bool
) -> exp.Expr:
    _refuse_circle(state, audience, place)
    nodes, levels = measured(audience.rule)
    above = state.levels + levels_of(place)
    _refuse_size(state, audience, place, nodes=nodes, levels=above + levels)
    inner = state.inside(audience.slug, levels=above, nodes=nodes)
    found = walk(inner, _own_rule(audience, place), replace(row, columns={}), "", negate=negate)
    if inner.problems:
        raise RuleError(_said_of(audience, problem, place) for problem in inner.problems[:1])
    return _of_people(found, row, audience, negate=negate)


def _own_rule(audience: Audience, place: str) -> Rule:
    try:
        return parse_rule(audience.rule)
    except RuleError as error:
        raise RuleError(_said_of(audience, problem, place) for problem in error.problems[:1]) from error


def _of_people(found: exp.Expr, row: Row, audience: Audience, *, negate: bool) -> exp.Expr:
    """A row without a key is nobody: it is a member of nothing."""
    if not row.table.columns[audience.key].nullable:
        return exp.Paren(this=found)
    key = _key(row, audience)
    if negate:
        return exp.Paren(this=trees.some([found, exp.Is(this=key, expression=exp.null())]))
    return exp.Paren(this=trees.every([found, trees.known(key)]))


def _said_of(audience: Audience, problem: RuleProblem, place: str) -> RuleProblem:
    """A problem of an audience's own rule where the audience is named."""
    message = _("The audience “%(name)s” cannot be used. %(reason)s") % {
        "name": audience.label,
        "reason": problem.message,
    }
    return RuleProblem(place, problem.code, message, problem.remedy)


def _refuse_circle(state: Compilation, audience: Audience, place: str) -> None:
    if audience.slug in state.audiences:
        way = " → ".join([*state.audiences, audience.slug])
        message = _("The audiences lead in a circle: %(way)s.") % {"way": shown(way)}
        raise refusal(place, "audience_circle", message, _("Take one of them out of the other's rule."))
    if len(state.audiences) >= MAX_NESTED:
        message = _("Audiences are composed of audiences more than %(most)d times.") % {"most": MAX_NESTED}
        raise refusal(place, "audience_nested", message, _("Save one of them, and use the saved one."))


def _refuse_size(state: Compilation, audience: Audience, place: str, *, nodes: int, levels: int) -> None:
    if levels > MAX_LEVELS or state.inlined + nodes > MAX_NODES:
        message = _("With the rule of the audience “%(name)s” this rule becomes too large.") % {
            "name": audience.label
        }
        raise refusal(place, "audience_large", message, _("Save that audience, and use the saved one."))
