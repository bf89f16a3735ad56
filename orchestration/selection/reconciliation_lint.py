"""What is wrong with a reconciliation before it runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from sqlglot import exp

from campaigns.activity_types import Shape, World
from campaigns.problems import Problem
from campaigns.targeting.compile import check_rule
from campaigns.targeting.problems import as_problems
from campaigns.targeting.rules import Rule, dump_rule
from orchestration.rule_lint import (
    dimension_problems,
    is_known,
    lint_scope,
    rule_problems,
)
from orchestration.selection.matches import match_problems, row_of
from orchestration.selection.reconciliations import speaks_of_population


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
    ours, theirs = row_of(came, world), row_of(wanted, world)
    yield from match_problems(config.attributes, ours, theirs, world, path="/attributes")
    if config.rule is not None:
        yield from _rule_problems(config.rule, came, wanted, world)
        yield from _reference_problems(config)


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
