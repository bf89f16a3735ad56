"""What a rule asks of a row itself, asked as well where figures over its linked rows are made.

Of “in Austria, and spent more than 200”, the sums of everybody else's orders are not wanted. PostgreSQL does not see
that by itself: it groups all orders first. The plain conditions that a group of *all* joins with a figure are therefore
repeated inside the subquery of the figure, which changes no answer: for a row that does not meet them, the group is
false whatever its figure is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.limits import MAX_TABLES
from campaigns.targeting.operands import Expression, OtherAttribute
from campaigns.targeting.rules import Condition, Not, Rule
from campaigns.targeting.schema import Link
from campaigns.targeting.scope import Compilation, Known, Row

MOST = 10
"""Conditions that are repeated; more would hardly narrow further."""


def is_plain(rule: Rule, row: Row) -> bool:
    """Whether a part compares a column of the row with constants, and nothing else."""
    while isinstance(rule, Not):
        rule = rule.of
    if not isinstance(rule, Condition) or not isinstance(rule.attribute, str):
        return False
    if rule.attribute not in row.table.columns:
        return False
    values = rule.value if isinstance(rule.value, tuple) else (rule.value,)
    return not any(isinstance(value, OtherAttribute | Expression) for value in values)


def known_besides(row: Row, conditions: Sequence[Known]) -> Row:
    return replace(row, known=(*row.known, *conditions)[:MOST]) if conditions else row


def owners_that_matter(state: Compilation, row: Row, link: Link, first: Row) -> exp.Expr | None:
    """True for linked rows some owner of which meets what is known of the rows that matter; None asks nothing.

    A rule of very many figures is left as it is: each repetition is one more table for PostgreSQL to plan.
    """
    if not row.known or state.scope.asks_few or state.lookups > MAX_TABLES // 10:
        return None
    owner = state.row_of(row.table.slug)
    conditions = [made for write in row.known if (made := write(owner)) is not None]
    if not conditions:
        return None
    return trees.exists(trees.relation(owner), trees.every([trees.joined(link, owner, first), *conditions]))
