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
from orchestration.selection.sampling import PLACE, ordered_by, over, row_number

BLANKS = " \t\n\r\f\v\u00a0\u3000"
"""What is cut off the ends of a text: ASCII's blanks, the no-break space and the ideographic one."""


def first_of_groups(profiles: Profiles, config: Any, order: Sequence[exp.Ordered]) -> exp.Select:
    """The first `config.keep` people of each group in an order. People without any key are a group each."""
    same = _same_by(profiles, config)
    if config.keep == 1 and not config.fill:
        return _first_of_each(profiles, same, order)
    place = row_number(order=order, partition=same)
    group = _Group(same, order)
    inner = profiles.select(trees.named(place, PLACE))
    inner.set("expressions", [group.filled(each, config.fill, profiles) for each in inner.expressions])
    kept = exp.LTE(this=trees.column("p", PLACE), expression=exp.Literal.number(config.keep))
    return wrapped(inner, profiles.arrival.columns).where(kept, copy=False)


def _first_of_each(profiles: Profiles, same: Sequence[exp.Expr], order: Sequence[exp.Ordered]) -> exp.Select:
    """DISTINCT ON: one sort that drops whoever is not first, where a window numbers everybody before they are filtered.

    What is sorted by is named in the list of columns, so that it is computed once and may be computed in parallel.
    """
    groups = {f"_key_{number}": each for number, each in enumerate(same)}
    by_value = [each for each in order if each.this != key_of()]
    places = {f"_order_{number}": each.this for number, each in enumerate(by_value)}
    names = iter(places)
    ordered = [ordered_by(each, _output(next(names))) if each in by_value else each.copy() for each in order]
    named = [trees.named(value.copy(), name) for name, value in (groups | places).items()]
    first = profiles.select(*named).order_by(*map(_output, groups), *ordered, copy=False)
    first.set("distinct", exp.Distinct(on=exp.Tuple(expressions=[_output(name) for name in groups])))
    return wrapped(first, profiles.arrival.columns)


def _output(name: str) -> exp.Column:
    """A column of the SELECT itself."""
    return exp.Column(this=trees.name(name))


def first_ones(profiles: Profiles, config: Any, order: Sequence[exp.Ordered]) -> exp.Select:
    """Everybody's key with that of the first one of their group, as FOUND."""
    first = over(trees.call("FIRST_VALUE", key_of()), order=order, partition=_same_by(profiles, config))
    return profiles.query([key_of(), trees.named(first, FOUND)])


def _same_by(profiles: Profiles, config: Any) -> list[exp.Expr]:
    """What is equal for the people of a group; whoever has none of the keys is alone."""
    keys = _keys_of(profiles, config, fold=config.ignore_case)
    if len(keys) == 1 and config.trim and profiles.value(config.keys[0]).type is FieldType.TEXT:
        return [trees.call("COALESCE", keys[0], _like_no_text())]
    return [*keys, _alone(profiles, config)]


def _like_no_text() -> exp.Expr:
    """The person's own key as no trimmed text can be, since it begins with a blank: one value to sort by, trimmed once."""
    return exp.DPipe(this=exp.Literal.string(" "), expression=trees.cast(key_of(), "text"))


def _alone(profiles: Profiles, config: Any) -> exp.Case:
    """The person's own key where there is none to compare. Folding makes no value empty, so it is spared."""
    keys = _keys_of(profiles, config, fold=False)
    nobodys = trees.every([exp.Is(this=key, expression=exp.null()) for key in keys])
    return exp.Case(ifs=[exp.If(this=nobodys, true=key_of())])


def _keys_of(profiles: Profiles, config: Any, *, fold: bool) -> list[exp.Expr]:
    return [comparable(profiles.value(name), fold=fold, trim=config.trim) for name in config.keys]


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
