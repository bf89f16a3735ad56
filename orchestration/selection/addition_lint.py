"""What is wrong with the additions of an enrichment."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from campaigns.activity_types import Inbound, Shape, World
from campaigns.problems import Problem
from campaigns.targeting.schema import Cardinality, FieldType
from orchestration.arrow_lint import arrow_problems, shape_in
from orchestration.rule_lint import (
    attribute_problems,
    is_known,
    link_problems,
    links_of,
    repeated_problems,
    table_attribute_problems,
    table_rule_problems,
    unknown,
)
from orchestration.selection.additions import (
    AddedAttribute,
    AddedFigure,
    AddedRows,
    AddedSet,
    Addition,
    names_of,
)
from orchestration.selection.preference import COMPARABLE
from orchestration.setting_fields import RESERVED

_NUMBERS = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.FLOAT)
_ORDERED = (*_NUMBERS, FieldType.TEXT, FieldType.DATE, FieldType.DATETIME)
_SUITED: Mapping[str, Collection[FieldType]] = {
    "sum": _NUMBERS,
    "avg": _NUMBERS,
    "min": _ORDERED,
    "max": _ORDERED,
    "count_distinct": COMPARABLE,
}


def name_problems(additions: Sequence[Addition], came: Shape | None) -> Iterator[Problem]:
    """Column names that are taken: reserved ones, those of columns that come in or of another addition."""
    taken = {*RESERVED, *(came.columns if came else ())}
    for number, addition in enumerate(additions):
        names = names_of(addition)
        for place, name in names:
            yield from repeated_problems({f"/add/{number}{place}": name}, taken=taken, code="column.taken")
        taken.update(name for _place, name in names)


def addition_problems(
    addition: Addition, came: Shape, inbound: Sequence[Inbound], world: World, *, path: str
) -> Iterator[Problem]:
    match addition:
        case AddedAttribute():
            yield from attribute_problems({f"{path}/attribute": addition.attribute}, came, world)
        case AddedSet():
            yield from _set_problems(addition, came, inbound, path)
        case AddedFigure() | AddedRows():
            yield from _collection_problems(addition, came, world, path)


def _set_problems(
    addition: AddedSet, came: Shape, inbound: Sequence[Inbound], path: str
) -> Iterator[Problem]:
    yield from arrow_problems(addition.arrow, inbound, path=f"{path}/arrow")
    shape = shape_in(inbound, addition.arrow)
    if shape is None:
        return
    if shape.dimension != came.dimension:
        message = _("This set is of another dimension, “%(dimension)s”.") % {"dimension": shape.dimension}
        yield Problem(
            "enrichment.dimensions_differ", f"{path}/arrow", message, _("Change its dimension first.")
        )
    for number, each in enumerate(addition.columns):
        if each.column not in shape.columns:
            place = f"{path}/columns/{number}/column"
            yield unknown(each.column, shape.columns, path=place, code="column.unknown")


def _collection_problems(
    addition: AddedFigure | AddedRows, came: Shape, world: World, path: str
) -> Iterator[Problem]:
    if not is_known(came, world):
        return
    table = world.dimensions[came.dimension].table
    problems = list(link_problems(addition.link, table, world, path=f"{path}/link"))
    yield from problems
    if problems:
        return
    yield from _single_problems(addition, table, world, path)
    end = links_of(addition.link, table, world)[-1].target
    yield from table_rule_problems(addition.where, end, world, path=f"{path}/where")
    if isinstance(addition, AddedRows):
        yield from _row_problems(addition, end, world, path)
    else:
        yield from _figure_problems(addition, end, world, path)


def _single_problems(
    addition: AddedFigure | AddedRows, table: str, world: World, path: str
) -> Iterator[Problem]:
    links = links_of(addition.link, table, world)
    if all(link.cardinality is Cardinality.ONE for link in links):
        message = _("“%(link)s” leads to one row, not to a collection.") % {"link": addition.link}
        yield Problem(
            "enrichment.not_a_collection", f"{path}/link", message, _("Add its attributes one by one.")
        )


def _row_problems(addition: AddedRows, table: str, world: World, path: str) -> Iterator[Problem]:
    fields = {
        f"{path}/fields/{number}/attribute": each.attribute for number, each in enumerate(addition.fields)
    }
    sorts = {f"{path}/sort/{number}/attribute": each.attribute for number, each in enumerate(addition.sort)}
    names = {f"{path}/fields/{number}/name": each.name for number, each in enumerate(addition.fields)}
    yield from table_attribute_problems(fields, table, world)
    yield from table_attribute_problems(sorts, table, world, types=COMPARABLE)
    yield from repeated_problems(names, code="column.taken")


def _figure_problems(addition: AddedFigure, table: str, world: World, path: str) -> Iterator[Problem]:
    if addition.attribute is None:
        if addition.function != "count":
            message = _("It is not said what this function is of.")
            yield Problem("enrichment.no_attribute", f"{path}/attribute", message, _("Choose an attribute."))
        return
    types = _SUITED.get(addition.function, ())
    yield from table_attribute_problems({f"{path}/attribute": addition.attribute}, table, world, types=types)
