"""A sample that takes its share of every stratum: largest remainders, so that the whole is exact and each within one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.bound import bound
from orchestration.selection.joins import ascending, descending, sortable
from orchestration.selection.membership import wrapped
from orchestration.selection.profiles import Profiles
from orchestration.selection.sampling import PLACE, over, row_number

MEMBERS = "_members"
RANK = "_rank"
GIVEN = "_given"


def first_of_strata(
    profiles: Profiles, names: Sequence[str], order: Sequence[exp.Ordered], size: int
) -> exp.Select:
    """The first people in an order of each stratum, `size` in all; strata are people with equal values.

    With n of N people a stratum is due size·n/N places: the whole part of it at once, one more by the largest fraction
    until all places are given. Equal fractions go by the strata's values.
    """
    keys = [sortable(profiles.value(name)) for name in names]
    columns, people = profiles.arrival.columns, max(profiles.arrival.row_count, 1)
    ranked = wrapped(_placed(profiles, keys, order), columns).select(
        trees.column("p", PLACE),
        trees.named(_whole(size, people), GIVEN),
        trees.named(_rank(len(keys), size, people), RANK),
        trees.named(_left_over(size, people), MEMBERS),
        copy=False,
    )
    within = exp.LTE(this=trees.column("p", PLACE), expression=_places())
    return wrapped(ranked, columns).where(within, copy=False)


def _placed(profiles: Profiles, keys: Sequence[exp.Expr], order: Sequence[exp.Ordered]) -> exp.Select:
    """Each person with the stratum, the place in it, and how many it has."""
    return profiles.select(
        *(trees.named(key, _stratum(number)) for number, key in enumerate(keys)),
        trees.named(row_number(order=order, partition=keys), PLACE),
        trees.named(over(exp.Count(this=exp.Star()), partition=keys), MEMBERS),
    )


def _places() -> exp.Expr:
    """The places of a stratum: its whole part, and one more if its rank is among those left over."""
    lucky = exp.LTE(this=trees.column("p", RANK), expression=trees.column("p", MEMBERS))
    more = exp.Case(ifs=[exp.If(this=lucky, true=exp.Literal.number(1))], default=exp.Literal.number(0))
    return exp.Add(this=trees.column("p", GIVEN), expression=more)


def _stratum(number: int) -> str:
    return f"_stratum_{number}"


def _due(size: int) -> exp.Expr:
    """size·n, a stratum's share times N."""
    return exp.Mul(this=trees.cast(trees.column("p", MEMBERS), "numeric"), expression=bound(size))


def _whole(size: int, people: int) -> exp.Expr:
    return trees.call("DIV", _due(size), trees.cast(bound(people), "numeric"))


def _fraction(size: int, people: int) -> exp.Expr:
    return trees.call("MOD", _due(size), trees.cast(bound(people), "numeric"))


def _rank(strata: int, size: int, people: int) -> exp.Expr:
    """The stratum's rank by its fraction: 1 is the first to get one place more."""
    values = [ascending(trees.column("p", _stratum(number))) for number in range(strata)]
    return over(trees.call("DENSE_RANK"), order=[descending(_fraction(size, people)), *values])


def _left_over(size: int, people: int) -> exp.Expr:
    """The places that whole parts leave, counted once a stratum."""
    first = exp.EQ(this=trees.column("p", PLACE), expression=exp.Literal.number(1))
    given = exp.Sum(this=exp.Case(ifs=[exp.If(this=first, true=_whole(size, people))]))
    return exp.Sub(this=bound(size), expression=over(given))
