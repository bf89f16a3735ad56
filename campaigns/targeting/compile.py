"""A rule as SQL: `compile_condition` for a WHERE, `check_rule` for everything that keeps it from being one.

Negations are pushed down to single comparisons, where they are exact complements, so that AND and OR only
ever join conditions of which TRUE is what counts, and PostgreSQL sees semi-joins and anti-joins.
"""

from __future__ import annotations

from functools import partial

from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.aggregates import FigureGroups, compared_figure, compile_aggregate, figure_groups
from campaigns.targeting.attributes import Subject, find_links, reach
from campaigns.targeting.conditions import ConditionWriter
from campaigns.targeting.expansion import expand, found, in_filter
from campaigns.targeting.expressions.attribute import attribute_of
from campaigns.targeting.linked_rows import Where
from campaigns.targeting.memberships import compile_member
from campaigns.targeting.narrowing import is_plain, known_besides
from campaigns.targeting.nth import compile_nth
from campaigns.targeting.problems import RuleError, RuleProblem
from campaigns.targeting.rules import (
    Aggregate,
    All,
    Any_,
    Condition,
    Except,
    Exists,
    Filter,
    Member,
    Not,
    Nth,
    Rule,
    Sequence_,
)
from campaigns.targeting.scope import Compilation, Row, Scope
from campaigns.targeting.sequences import compile_sequence
from campaigns.targeting.terms import read_comparison


def compile_condition(rule: Rule, scope: Scope) -> exp.Expr:
    """A condition on rows of `scope.table` under `scope.alias`: TRUE where the rule holds.

    Elsewhere it is FALSE or NULL, so it belongs in WHERE, FILTER or CASE; `IS TRUE` makes a boolean of it.
    Raises `RuleError` with every problem found.
    """
    state = Compilation.of(scope)
    condition = _compile(state, rule, state.root(), "", negate=False)
    state.finish()
    return condition


def check_rule(rule: Rule, scope: Scope) -> tuple[RuleProblem, ...]:
    """Every problem the rule has in this scope; none means that it compiles."""
    try:
        compile_condition(rule, scope)
    except RuleError as error:
        return error.problems
    return ()


def groups_of(rule: Aggregate, scope: Scope, alias: str) -> FigureGroups:
    """The figures of an aggregate for all rows of the scope's table at once; raises `RuleError`."""
    state = Compilation.of(scope)
    groups = figure_groups(state, state.root(), rule, "", _asked(state, rule.where, "/where"), alias)
    state.finish()
    return groups


def figure_of(rule: Aggregate, scope: Scope, joined: exp.Expr) -> tuple[Subject, exp.Expr]:
    """The figure of a row of the scope's table, where its groups are joined, and whether the rule holds by it."""
    state = Compilation.of(scope)
    return compared_figure(state, state.root(), rule, "", joined)


def _compile(state: Compilation, rule: Rule, row: Row, place: str, *, negate: bool) -> exp.Expr:
    """The rule, or its exact complement; a part that is refused is noted and the walk goes on."""
    if state.is_too_much:
        return exp.false()
    while isinstance(rule, Not):
        rule, place, negate = rule.of, f"{place}/of", not negate
    try:
        if isinstance(rule, All | Any_ | Except):
            return _group(state, rule, row, place, negate=negate)
        if isinstance(rule, Filter):
            return _filter(state, rule, row, place, negate=negate)
        if isinstance(rule, Member):
            return compile_member(state, row, rule, place, _compile, negate=negate)
        holds = _leaf(state, rule, row, place)
    except RuleError as error:
        state.problems.extend(error.problems)
        return exp.false()
    return trees.not_true(holds) if negate else holds


def _group(state: Compilation, rule: All | Any_ | Except, row: Row, place: str, *, negate: bool) -> exp.Expr:
    subtracts, is_some = isinstance(rule, Except), isinstance(rule, Any_) ^ negate
    parts = [
        (part, f"{place}/of/{number}", negate ^ (subtracts and number > 0))
        for number, part in enumerate(rule.of)
    ]
    if not is_some:
        row = known_besides(row, [partial(_known, state, *part) for part in parts if is_plain(part[0], row)])
    made = [_compile(state, part, row, at, negate=negated) for part, at, negated in parts]
    return trees.some(made) if is_some else trees.every(made)


def _known(state: Compilation, part: Rule, place: str, negate: bool, row: Row) -> exp.Expr | None:
    """A plain condition once more, for another row; what is wrong with it is told where it stands."""
    told = len(state.problems)
    made = _compile(state, part, row, place, negate=negate)
    is_wrong = len(state.problems) > told
    del state.problems[told:]
    return None if is_wrong else made


def _filter(state: Compilation, node: Filter, row: Row, place: str, *, negate: bool) -> exp.Expr:
    """What the filter stands for; whatever is wrong inside it is told at the node."""
    with state.expansions.of(node.filter, place):
        known = state.scope.catalogue
        table, expansions = row.table.slug, state.expansions
        rule = expand(node, known, table=table, place=place, expansions=expansions, levels=state.levels)
        told = len(state.problems)
        made = _compile(state, rule, row, place, negate=negate)
    label = found(node, known, place).label
    state.problems[told:] = [in_filter(each, label, place) for each in state.problems[told:]]
    return made


Leaf = Condition | Exists | Aggregate | Nth | Sequence_


def _leaf(state: Compilation, rule: Leaf, row: Row, place: str) -> exp.Expr:
    match rule:
        case Condition():
            return _condition(state, rule, row, place)
        case Exists():
            return _exists(state, rule, row, place)
        case Aggregate():
            return compile_aggregate(state, row, rule, place, _asked(state, rule.where, f"{place}/where"))
        case Nth():
            return compile_nth(state, row, rule, place, partial(_asked, state))
        case Sequence_():
            return compile_sequence(state, row, rule, place, partial(_asked, state))


def _asked(state: Compilation, rule: Rule | None, place: str) -> Where:
    """What a rule asks of a row that it is about to be given."""
    return lambda row: None if rule is None else _compile(state, rule, row, place, negate=False)


def _condition(state: Compilation, rule: Condition, row: Row, place: str) -> exp.Expr:
    attribute = attribute_of(state, row, rule.attribute, f"{place}/attribute")
    comparison = read_comparison(state, row, rule, attribute, place)
    writer = ConditionWriter(state, row, comparison)
    holds = reach(state, row, attribute.links, lambda end: writer.positive(attribute.of(end)))
    return trees.not_true(holds) if comparison.negated else holds


def _exists(state: Compilation, rule: Exists, row: Row, place: str) -> exp.Expr:
    links = find_links(state.scope.catalogue, row.table, rule.link.split("."), f"{place}/link")
    found = reach(state, row, links, _asked(state, rule.where, f"{place}/where"))
    return trees.not_true(found) if rule.negate else found
