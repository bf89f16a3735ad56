"""Choosing some of a population: by chance, by order, a number or a share. The same seed chooses the same people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.bound import bound
from campaigns.targeting.hashing import key_hash_sql
from campaigns.targeting.schema import Column
from orchestration.compilation import key_of
from orchestration.selection.joins import ascending
from orchestration.selection.membership import wrapped

PLACE = "_place"
EVERYBODY = "_everybody"


def by_chance(seed: str) -> list[exp.Ordered]:
    """An order of population `p` that only the seed and the keys decide."""
    return [ascending(key_hash_sql(seed, key_of())), ascending(key_of())]


def share_of(people: int, percent: Decimal) -> int:
    """A percentage of a number of people, rounded half up."""
    return int((people * percent / 100).to_integral_value(ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Each:
    """An order of people, and what makes them a group."""

    order: Sequence[exp.Ordered]
    by: Sequence[exp.Expr]


def first_people(
    query: exp.Select, columns: Mapping[str, Column], *, order: Sequence[exp.Ordered], number: int
) -> exp.Select:
    """The first `number` rows of a query over `p`."""
    inner = query.order_by(*order, copy=False).limit(exp.Literal.number(number), copy=False)
    return wrapped(inner, columns)


def first_of_each(query: exp.Select, columns: Mapping[str, Column], each: Each, *, number: int) -> exp.Select:
    """The first `number` rows of each group of a query over `p`."""
    place = row_number(order=each.order, partition=each.by)
    inner = query.select(trees.named(place, PLACE), copy=False)
    within = exp.LTE(this=trees.column("p", PLACE), expression=exp.Literal.number(number))
    return wrapped(inner, columns).where(within, copy=False)


def first_share(
    query: exp.Select,
    columns: Mapping[str, Column],
    *,
    order: Sequence[exp.Ordered],
    percent: Decimal,
    by: Sequence[exp.Expr] = (),
) -> exp.Select:
    """The first `percent` of the rows of a query over `p`, or of each of its groups, rounded half up."""
    inner = query.select(
        trees.named(row_number(order=order, partition=by), PLACE),
        trees.named(over(exp.Count(this=exp.Star()), partition=by), EVERYBODY),
        copy=False,
    )
    share = exp.Mul(this=trees.column("p", EVERYBODY), expression=bound(percent / 100))
    size = trees.call("ROUND", share)
    return wrapped(inner, columns).where(exp.LTE(this=trees.column("p", PLACE), expression=size), copy=False)


def row_number(*, order: Sequence[exp.Ordered], partition: Sequence[exp.Expr] = ()) -> exp.Window:
    return over(exp.RowNumber(), order=order, partition=partition)


def over(
    function: exp.Expr, *, order: Sequence[exp.Ordered] = (), partition: Sequence[exp.Expr] = ()
) -> exp.Window:
    """A window function; parts of its window may be shared by others, so they are copied."""
    window = exp.Window(this=function)
    if partition:
        window.set("partition_by", [each.copy() for each in partition])
    if order:
        window.set("order", exp.Order(expressions=[each.copy() for each in order]))
    return window
