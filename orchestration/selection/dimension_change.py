"""The SQL of a change of dimension: the rows reached, once each, and the people who do or do not reach one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.schema import Column
from orchestration.compilation import Arrival, CompileContext, key_of, select_from
from orchestration.selection.joins import ascending
from orchestration.selection.linked_rows import LinkedRows
from orchestration.selection.membership import wrapped
from orchestration.working_tables import KEY


def reached_rows(
    context: CompileContext, came: Arrival, config: Any, kept: Mapping[str, Column]
) -> exp.Select:
    """Keys of the new dimension, with the columns of the first person by key who leads there."""
    rows = LinkedRows(context, came, config.link)
    key = trees.column(rows.end.alias, context.key_column(config.dimension).name)
    columns = [trees.column("o", column.name) for column in kept.values()]
    inner = rows.of_everybody([trees.named(key, KEY), *columns]).where(trees.known(key.copy()), copy=False)
    inner.set("distinct", exp.Distinct(on=exp.Tuple(expressions=[key.copy()])))
    inner.set("order", exp.Order(expressions=[ascending(key.copy()), ascending(key_of("o"))]))
    return wrapped(inner, kept)


def people_who(context: CompileContext, came: Arrival, link: str, *, reach: bool = True) -> exp.Select:
    """Those who reach a row, or those who reach none, with the columns they carry."""
    found = LinkedRows(context, came, link).exists()
    return select_from(came, "o").where(found if reach else exp.Not(this=found), copy=False)
