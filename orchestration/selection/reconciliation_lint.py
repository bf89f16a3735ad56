"""What is wrong with a reconciliation before it runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from sqlglot import exp

from campaigns.activity_types import Shape, World
from campaigns.problems import Problem
from campaigns.targeting.attributes import Attribute
from campaigns.targeting.comparisons import same_storage
from campaigns.targeting.compile import check_rule
from campaigns.targeting.problems import RuleError, as_problems
from campaigns.targeting.rules import Rule, dump_rule
from campaigns.targeting.schema import FieldType
from orchestration.rule_lint import (
    attribute_of,
    attribute_problems,
    dimension_problems,
    is_known,
    lint_scope,
    rule_problems,
    table_attribute_problems,
)
from orchestration.selection.preference import COMPARABLE
from orchestration.selection.reconciliations import Match, speaks_of_population

_NUMBERS = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.FLOAT)


def reconciliation_problems(config: Any, came: Shape | None, world: World) -> Iterator[Problem]:
    if config.dimension:
        yield from dimension_problems(config.dimension, world, path="/dimension")
    if came is None or not is_known(came, world):
        return
    yield from rule_problems(config.filter, came, world, path="/filter")
    wanted = Shape(config.dimension or came.dimension)
    if problems := list(dimension_problems(wanted.dimension, world, path="/dimension")):
        yield from () if config.dimension else problems
        return
    for number, pair in enumerate(config.attributes):
        yield from _match_problems(pair, came, wanted, world, f"/attributes/{number}")
    if config.rule is not None:
        yield from _rule_problems(config.rule, came, wanted, world)
        yield from _reference_problems(config)


def _match_problems(pair: Match, came: Shape, wanted: Shape, world: World, path: str) -> Iterator[Problem]:
    source, destination = {f"{path}/source": pair.source}, {f"{path}/destination": pair.destination}
    table = world.dimensions[wanted.dimension].table
    yield from attribute_problems(source, came, world, types=COMPARABLE)
    yield from table_attribute_problems(destination, table, world, types=COMPARABLE)
    try:
        found = attribute_of(pair.source, came, world), attribute_of(pair.destination, wanted, world)
    except RuleError:
        return
    if not _comparable(*found):
        words = {"one": found[0].type.value, "other": found[1].type.value}
        message = _("A field of type %(one)s is never equal to one of type %(other)s.") % words
        remedy = _("Choose fields of the same type, stored in the same way.")
        yield Problem("reconciliation.incomparable", path, message, remedy)


def _comparable(one: Attribute, other: Attribute) -> bool:
    if one.type in _NUMBERS and other.type in _NUMBERS:
        return True
    return one.type is other.type and same_storage(one.stored_zone, other.stored_zone)


def _rule_problems(rule: Rule, came: Shape, wanted: Shape, world: World) -> Iterator[Problem]:
    """The rule speaks of the new dimension's row, and with @ of the population's columns."""
    columns = {slug: (column, exp.null()) for slug, column in came.columns.items()}
    scope = lint_scope(world.dimensions[wanted.dimension].table, world, columns)
    yield from as_problems(check_rule(rule, scope), "/rule")


def _reference_problems(config: Any) -> Iterator[Problem]:
    """A rule of the table alone would match everybody with every one of its rows."""
    if not config.attributes and not speaks_of_population(dump_rule(config.rule)):
        message = _(
            "This rule says nothing of the rows that come in, so all of them would match the same ones."
        )
        remedy = _("Compare with a column of theirs, such as @email, or give equal attributes.")
        yield Problem("reconciliation.no_reference", "/rule", message, remedy)
