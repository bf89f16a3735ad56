"""Groups of people who are the same by some of their attributes, and the first of each group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.attributes import Subject
from campaigns.targeting.bound import bound
from campaigns.targeting.schema import FieldType
from orchestration.compilation import key_of
from orchestration.selection.deciding import FOUND
from orchestration.selection.joins import filled
from orchestration.selection.membership import wrapped
from orchestration.selection.profiles import Profiles
from orchestration.selection.sampling import PLACE, over, row_number

BLANKS = " \t\n\r\f\v\u00a0\u3000"
"""What is cut off the ends of a text: ASCII's blanks, the no-break space and the ideographic one."""


def first_of_groups(profiles: Profiles, config: Any, order: Sequence[exp.Ordered]) -> exp.Select:
    """The first `config.keep` people of each group in an order. People without any key are a group each."""
    keys = _keys_of(profiles, config)
    if config.keep == 1 and not config.fill:
        return _first_of_each(profiles, keys, order)
    same = _same_by(keys)
    place = row_number(order=order, partition=same)
    group = _Group(same, order)
    inner = profiles.select(trees.named(place, PLACE))
    inner.set("expressions", [group.filled(each, config.fill, profiles) for each in inner.expressions])
    kept = exp.LTE(this=trees.column("p", PLACE), expression=exp.Literal.number(config.keep))
    return wrapped(inner, profiles.arrival.columns).where(kept, copy=False)


def _first_of_each(profiles: Profiles, keys: Sequence[exp.Expr], order: Sequence[exp.Ordered]) -> exp.Select:
    """DISTINCT ON: one sort that drops whoever is not first, where a window numbers everybody before they are filtered.

    The fence keeps the planner from computing keys again for each of their uses.
    """
    columns = profiles.arrival.columns
    named_keys = {f"_key_{number}": key for number, key in enumerate(keys)}
    named_order = {f"_order_{number}": each.this for number, each in enumerate(order)}
    computed = [trees.named(value.copy(), name) for name, value in (named_keys | named_order).items()]
    fenced = profiles.select(*computed).offset(0, copy=False)
    groups = _same_by([trees.column("p", name) for name in named_keys])
    places = [_ordered_by(each, name) for each, name in zip(order, named_order, strict=True)]
    first = wrapped(fenced, columns).order_by(*(each.copy() for each in groups), *places, copy=False)
    first.set("distinct", exp.Distinct(on=exp.Tuple(expressions=groups)))
    return wrapped(first, columns)


def _ordered_by(ordered: exp.Ordered, name: str) -> exp.Ordered:
    """The same direction, of a value that has been computed under this name."""
    renamed = ordered.copy()
    renamed.set("this", trees.column("p", name))
    return renamed


def first_ones(profiles: Profiles, config: Any, order: Sequence[exp.Ordered]) -> exp.Select:
    """Everybody's key with that of the first one of their group, as FOUND."""
    first = over(
        trees.call("FIRST_VALUE", key_of()), order=order, partition=_same_by(_keys_of(profiles, config))
    )
    return profiles.query([key_of(), trees.named(first, FOUND)])


def _keys_of(profiles: Profiles, config: Any) -> list[exp.Expr]:
    return [
        comparable(profiles.value(name), fold=config.ignore_case, trim=config.trim) for name in config.keys
    ]


def _same_by(keys: Sequence[exp.Expr]) -> list[exp.Expr]:
    """What is equal for the people of a group; whoever has none of the keys is alone."""
    nobodys = trees.every([exp.Is(this=key.copy(), expression=exp.null()) for key in keys])
    return [*keys, exp.Case(ifs=[exp.If(this=nobodys, true=key_of())])]


@dataclass(frozen=True, slots=True)
class _Group:
    """The people who are the same, in their order."""

    keys: Sequence[exp.Expr]
    order: Sequence[exp.Ordered]

    def filled(self, projection: exp.Expr, names: Sequence[str], profiles: Profiles) -> exp.Expr:
        """A column's own value, or where it is to be filled the first one that anybody of the group has."""
        name = projection.alias_or_name
        slug = next((each for each in names if profiles.arrival.columns[each].name == name), None)
        return trees.named(self._first(profiles.value(f"@{slug}")), name) if slug else projection

    def _first(self, subject: Subject) -> exp.Expr:
        """Aggregated over the whole group, whose order is that of the window."""
        there = exp.Where(this=trees.known(filled(subject)))
        values = exp.Filter(this=trees.call("ARRAY_AGG", subject.value()), expression=there)
        window = exp.Window(
            this=values,
            partition_by=[key.copy() for key in self.keys],
            order=exp.Order(expressions=[each.copy() for each in self.order]),
            spec=exp.WindowSpec(
                kind="ROWS",
                start="UNBOUNDED",
                start_side="PRECEDING",
                end="UNBOUNDED",
                end_side="FOLLOWING",
            ),
        )
        return exp.Bracket(this=exp.Paren(this=window), expressions=[exp.Literal.number(1)], offset=1)


def comparable(subject: Subject, *, fold: bool, trim: bool) -> exp.Expr:
    """The value as it is compared with others: texts trimmed and folded where asked, empties as NULL."""
    if subject.type is not FieldType.TEXT:
        return subject.value()
    value = subject.value()
    if trim:
        value = trees.call("BTRIM", value, bound(BLANKS))
    value = filled(Subject(value, FieldType.TEXT))
    return trees.collated(trees.folded(value) if fold else value, trees.BYTE_ORDER)
