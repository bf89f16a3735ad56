"""What a combination makes of its sets before they exist: their order, the columns kept, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from campaigns.activity_types import Inbound, Shape, World
from campaigns.fixes import Fixes, leaving_out, writing
from campaigns.problems import Problem
from campaigns.targeting.problems import RuleError
from campaigns.targeting.schema import Column, FieldType
from orchestration.arrow_lint import arrow_problems, arrows_meant, names_of, population_problems, shape_in
from orchestration.compilation import Arrival, means
from orchestration.rule_lint import attribute_of, attribute_problems, is_known, link_problems, links_of
from orchestration.selection.exclusion_rules import ExclusionRule
from orchestration.selection.preference import COMPARABLE
from orchestration.selection.set_operations import alike

Set = TypeVar("Set", Arrival, Inbound)

_NUMBERS = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.FLOAT)


def in_order(primary: str, sets: Sequence[Set]) -> list[Set]:
    """The primary set first, where one is named; the others as they come."""
    return sorted(sets, key=lambda each: not (primary and means(primary, each)))


def kept_columns(config: Any, sets: Sequence[Shape | Arrival]) -> dict[str, Column]:
    """The added columns of the result; the first set is the primary one."""
    first = sets[0].columns
    if config.operation == "exclusion" or config.keep == "primary":
        return dict(first)
    return {
        slug: column
        for slug, column in first.items()
        if all(alike(each.columns.get(slug), column) for each in sets[1:])
    }


def combination_problems(config: Any, inbound: Sequence[Inbound], world: World) -> Iterator[Problem]:
    yield from population_problems(inbound)
    yield from _primary_problems(config, inbound)
    yield from _setting_problems(config)
    yield from _dimension_problems(config, inbound)
    yield from _column_problems(config, inbound, world)
    for number, rule in enumerate(config.rules):
        yield from _rule_problems(rule, config, inbound, world, f"/rules/{number}")


def _primary_problems(config: Any, inbound: Sequence[Inbound]) -> Iterator[Problem]:
    if config.primary:
        yield from arrow_problems(config.primary, inbound, path="/primary")
    elif config.operation == "exclusion" or config.reconcile == "columns":
        remedy = _("Choose the primary set: %(names)s.") % {"names": ", ".join(names_of(inbound))}
        yield Problem(
            "combine.no_primary", "/primary", _("It is not said which set is the primary one."), remedy
        )


def _setting_problems(config: Any) -> Iterator[Problem]:
    if config.operation == "union" and config.complement and config.limit is None:
        message, remedy = _("A union leaves nobody out."), _("Switch the complement off, or limit its size.")
        fixes: Fixes = (writing("/complement", False, _("Switch the complement off")),)
        yield Problem("combine.no_complement", "/complement", message, remedy, fixes=fixes)
    if config.operation != "union" and config.limit is not None:
        message, remedy = _("Only a union has a size limit."), _("Remove it, or put a split behind.")
        fixes = (leaving_out("/limit", _("Remove the limit")),)
        yield Problem("combine.needless_limit", "/limit", message, remedy, fixes=fixes)
    if config.operation != "exclusion" and config.rules:
        message, remedy = _("Only an exclusion has exclusion rules."), _("Remove them.")
        fixes = (leaving_out("/rules", _("Remove the rules")),)
        yield Problem("combine.needless_rules", "/rules", message, remedy, fixes=fixes)
    if config.reconcile == "columns" and not config.columns:
        message, remedy = (
            _("No column makes people the same."),
            _("Choose at least one, such as an e-mail address."),
        )
        yield Problem("combine.no_columns", "/columns", message, remedy)
    if config.reconcile == "keys" and config.columns:
        message, remedy = _("These are not used."), _("Set “reconcile” to “columns”, or remove them.")
        fixes = (leaving_out("/columns", _("Remove the columns")),)
        yield Problem("combine.needless_columns", "/columns", message, remedy, fixes=fixes)


def _dimension_problems(config: Any, inbound: Sequence[Inbound]) -> Iterator[Problem]:
    """Sets of one dimension only, but for those that an exclusion rule brings together."""
    primary = shape_in(in_order(config.primary, inbound))
    for arrow in inbound:
        ruled = any(means(rule.arrow, arrow) for rule in config.rules)
        if primary and arrow.shape and arrow.shape.dimension != primary.dimension and not ruled:
            message = _("“%(source)s” brings people of another dimension, “%(dimension)s”.") % {
                "source": arrow.source,
                "dimension": arrow.shape.dimension,
            }
            remedy = _("Change its dimension first, or give an exclusion a rule for it.")
            yield Problem("combine.dimensions_differ", "/operation", message, remedy)


def _column_problems(config: Any, inbound: Sequence[Inbound], world: World) -> Iterator[Problem]:
    if config.reconcile != "columns":
        return
    columns = {f"/columns/{number}": name for number, name in enumerate(config.columns)}
    for arrow in inbound:
        yield from attribute_problems(columns, arrow.shape, world, types=COMPARABLE)
    for path, name in columns.items():
        for arrow in inbound[1:]:
            yield from _pair_problems((name, inbound[0].shape), (name, arrow.shape), world, path)


def _rule_problems(
    rule: ExclusionRule, config: Any, inbound: Sequence[Inbound], world: World, path: str
) -> Iterator[Problem]:
    yield from arrow_problems(rule.arrow, inbound, path=f"{path}/arrow")
    primary = shape_in(in_order(config.primary, inbound))
    other = shape_in(arrows_meant(rule.arrow, inbound))
    if primary is None or other is None or not (is_known(primary, world) and is_known(other, world)):
        return
    if rule.link:
        yield from _rule_link_problems(rule.link, primary, other, world, f"{path}/link")
    for number, pair in enumerate(rule.attributes):
        place = f"{path}/attributes/{number}"
        yield from attribute_problems({f"{place}/primary": pair.primary}, primary, world, types=COMPARABLE)
        yield from attribute_problems({f"{place}/other": pair.other}, other, world, types=COMPARABLE)
        yield from _pair_problems((pair.primary, primary), (pair.other, other), world, place)


def _rule_link_problems(
    link: str, primary: Shape, other: Shape, world: World, path: str
) -> Iterator[Problem]:
    table, wanted = (world.dimensions[each.dimension].table for each in (other, primary))
    yield from link_problems(link, table, world, path=path)
    try:
        reached = links_of(link, table, world)[-1].target
    except RuleError:
        return
    if reached != wanted:
        words = {"table": reached, "wanted": wanted}
        message = _("These links lead to table “%(table)s”, not to the primary set's “%(wanted)s”.") % words
        yield Problem("combine.wrong_end", path, message, _("Follow links that end at “%(wanted)s”.") % words)


def _pair_problems(
    one: tuple[str, Shape | None], other: tuple[str, Shape | None], world: World, path: str
) -> Iterator[Problem]:
    """Two attributes of known shapes whose types cannot be compared."""
    types = [_type(name, shape, world) for name, shape in (one, other)]
    if None in types or types[0] == types[1] or all(each in _NUMBERS for each in types):
        return
    message = _("Fields of different types are never equal.")
    yield Problem("combine.incomparable", path, message, _("Choose fields of the same type."))


def _type(name: str, shape: Shape | None, world: World) -> FieldType | None:
    if shape is None or not is_known(shape, world):
        return None
    try:
        return attribute_of(name, shape, world).type
    except RuleError:
        return None
