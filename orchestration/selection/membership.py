"""Who is in a population and who is not, as conditions on the key of another query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.schema import Column
from orchestration.compilation import Arrival, key_of, select_from
from orchestration.working_tables import KEY, relation


def in_population(arrival: Arrival, key: exp.Expr | None = None) -> exp.Exists:
    """EXISTS: the planner makes a semi-join of it over the working table's key."""
    same = exp.EQ(this=key_of("m"), expression=key if key is not None else key_of())
    return trees.exists(relation(arrival.table_name, "m"), same)


def not_in_population(arrival: Arrival, key: exp.Expr | None = None) -> exp.Not:
    return exp.Not(this=in_population(arrival, key))


def in_none_of(arrivals: Sequence[Arrival]) -> list[exp.Expr]:
    """The condition of being in none of these populations; several are looked through as one, which spares joins."""
    if len(arrivals) < 2:  # noqa: PLR2004 - there is nothing to put together
        return [not_in_population(arrival) for arrival in arrivals]
    keys = (exp.select(key_of()).from_(relation(other.table_name), copy=False) for other in arrivals)
    together = exp.union(*keys, distinct=False, copy=False).subquery("m", copy=False)
    same = exp.EQ(this=key_of("m"), expression=key_of())
    return [exp.Not(this=trees.exists(together, same))]


def rest_of(arrival: Arrival, *taken: Arrival) -> exp.Select:
    """Those of a population who are in none of the others, with the columns they carry."""
    return select_from(arrival).where(*in_none_of(taken), copy=False)


def counted(select: exp.Select) -> exp.Select:
    """SELECT count(*) of what another SELECT yields."""
    return exp.select(exp.Count(this=exp.Star())).from_(select.subquery("everybody", copy=False), copy=False)


def wrapped(inner: exp.Select, columns: Mapping[str, Column]) -> exp.Select:
    """Key and columns of a SELECT whose own order or limit must stay inside it."""
    names = [KEY, *(column.name for column in columns.values())]
    source = inner.subquery("p", copy=False)
    return exp.select(*(trees.column("p", name) for name in names)).from_(source, copy=False)
