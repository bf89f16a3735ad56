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
    query: exp.Select, columns: Mapping[str, Column], *, order: Sequence[exp.Ordered], percent: Decimal
) -> exp.Select:
    """The first `percent` of the rows of a query over `p`, rounded half up. The query is answered once, then counted:
    to put a few in order costs less than to give everybody a place.
    """
    places = {f"_order_{number}": each for number, each in enumerate(order)}
    everybody = query.select(*(trees.named(each.this, place) for place, each in places.items()), copy=False)
    by_place = [ordered_by(each, trees.column("p", place)) for place, each in places.items()]
    chosen = (
        exp.select(exp.Star())
        .from_(read_step(EVERYBODY, "p"), copy=False)
        .order_by(*by_place, copy=False)
        .limit(exp.Subquery(this=_size_of_share(percent)), copy=False)
        .with_(trees.name(EVERYBODY), as_=everybody, materialized=True, copy=False)
    )
    return wrapped(chosen, columns)


def _size_of_share(percent: Decimal) -> exp.Select:
    share = exp.Mul(this=exp.Count(this=exp.Star()), expression=bound(percent / 100))
    return trees.select([trees.call("ROUND", share)], read_step(EVERYBODY, "e"))


def read_step(step: str, alias: str) -> exp.Table:
    """What WITH has named."""
    return exp.Table(this=trees.name(step), alias=exp.TableAlias(this=trees.name(alias)))


def ordered_by(each: exp.Ordered, value: exp.Expr) -> exp.Ordered:
    """In the same direction, by what the query has already computed."""
    return exp.Ordered(this=value, desc=each.args.get("desc"), nulls_first=each.args.get("nulls_first"))


def first_share_of_each(
    query: exp.Select, columns: Mapping[str, Column], each: Each, *, percent: Decimal
) -> exp.Select:
    """The first `percent` of the rows of each group of a query over `p`, rounded half up."""
    inner = query.select(
        trees.named(row_number(order=each.order, partition=each.by), PLACE),
        trees.named(over(exp.Count(this=exp.Star()), partition=each.by), EVERYBODY),
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
