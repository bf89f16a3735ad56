"""The SQL of a change of dimension: the rows reached, once each, and the people who do or do not reach one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlglot import exp

from campaigns.activity_types import Shape, World
from campaigns.targeting import trees
from campaigns.targeting.problems import RuleError
from campaigns.targeting.schema import Column
from orchestration.compilation import Arrival, CompileContext, key_of, select_from
from orchestration.rule_lint import attribute_of, is_known
from orchestration.selection.additions import RowSort, column_of
from orchestration.selection.joins import ascending, descending, sortable, storable
from orchestration.selection.linked_rows import LinkedRows
from orchestration.selection.membership import wrapped
from orchestration.selection.sampling import PLACE, over
from orchestration.working_tables import KEY

FIRST = "_first"
"""The key of the first person who leads to a row."""


def added_to(config: Any, world: World) -> dict[str, Column]:
    """The columns of the new dimension that are added; those whose attribute means nothing are left out."""
    shape = Shape(config.dimension)
    if not is_known(shape, world):
        return {}
    columns = {}
    for each in config.add:
        try:
            found = attribute_of(each.attribute, shape, world)
        except RuleError:
            continue
        columns[each.name] = column_of(each.name, found, each.label)
    return columns


def reached_rows(
    context: CompileContext, came: Arrival, config: Any, kept: Mapping[str, Column]
) -> exp.Select:
    """Keys of the new dimension, with the columns of the first person by key who leads there."""
    rows = LinkedRows(context, came, config.link)
    key = trees.column(rows.end.alias, context.key_column(config.dimension).name)
    added = [trees.named(storable(rows.value(each.attribute)), each.name) for each in config.add]
    columns = {**kept, **added_to(config, context.world)}
    projections = [*(trees.column("o", column.name) for column in kept.values()), *added]
    if config.most is not None:
        return wrapped(_first_of_each_person(rows, key, projections, config), columns)
    inner = rows.of_everybody([trees.named(key, KEY), *projections]).where(
        trees.known(key.copy()), copy=False
    )
    return wrapped(_once(inner, key, key_of("o")), columns)


def _first_of_each_person(
    rows: LinkedRows, key: exp.Column, projections: Sequence[exp.Expr], config: Any
) -> exp.Select:
    order = [*(_sorted(rows, sort) for sort in config.sort), ascending(key.copy())]
    # Links may lead to a row in several ways, which count as one.
    place = trees.named(over(trees.call("DENSE_RANK"), order=order, partition=[key_of("o")]), PLACE)
    person = trees.named(key_of("o"), FIRST)
    inner = rows.of_everybody([trees.named(key, KEY), person, *projections, place])
    numbered = inner.where(trees.known(key.copy()), copy=False).subquery("x", copy=False)
    names = [each.alias_or_name for each in projections]
    within = exp.LTE(this=trees.column("x", PLACE), expression=exp.Literal.number(config.most))
    select = trees.select([trees.column("x", name) for name in (KEY, *names)], numbered, within)
    return _once(select, key_of("x"), trees.column("x", FIRST))


def _once(select: exp.Select, key: exp.Column, person: exp.Column) -> exp.Select:
    """Each key with the row of the first person."""
    select.set("distinct", exp.Distinct(on=exp.Tuple(expressions=[key.copy()])))
    select.set("order", exp.Order(expressions=[ascending(key.copy()), ascending(person)]))
    return select


def _sorted(rows: LinkedRows, sort: RowSort) -> exp.Ordered:
    value = sortable(rows.value(sort.attribute))
    return ascending(value) if sort.order == "ascending" else descending(value)


def people_who(context: CompileContext, came: Arrival, link: str, *, reach: bool = True) -> exp.Select:
    """Those who reach a row, or those who reach none, with the columns they carry."""
    found = LinkedRows(context, came, link).exists()
    return select_from(came, "o").where(found if reach else exp.Not(this=found), copy=False)
