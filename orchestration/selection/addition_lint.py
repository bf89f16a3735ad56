"""What is wrong with the additions of an enrichment."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from campaigns.activity_types import Inbound, Shape, World
from campaigns.problems import Problem
from campaigns.targeting.compile import check_rule
from campaigns.targeting.operands import Expression
from campaigns.targeting.problems import RuleError, as_problems
from campaigns.targeting.schema import Cardinality, FieldType
from campaigns.targeting.scope import Row
from orchestration.arrow_lint import arrow_problems, shape_in
from orchestration.rule_lint import (
    attribute_on,
    attribute_problems,
    is_known,
    link_problems,
    links_of,
    lint_scope,
    repeated_problems,
    table_attribute_problems,
    table_rule_problems,
    type_problems,
    unknown,
)
from orchestration.selection.additions import (
    AddedAttribute,
    AddedFigure,
    AddedJoin,
    AddedRows,
    AddedSet,
    Addition,
    joined_row,
    names_of,
)
from orchestration.selection.matches import match_problems, row_of
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
        case AddedJoin():
            yield from _join_problems(addition, came, inbound, world, path)
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


def _join_problems(
    addition: AddedJoin, came: Shape, inbound: Sequence[Inbound], world: World, path: str
) -> Iterator[Problem]:
    if addition.arrow:
        yield from arrow_problems(addition.arrow, inbound, path=f"{path}/arrow")
    elif addition.table not in world.catalogue.tables:
        yield unknown(addition.table, world.catalogue.tables, path=f"{path}/table", code="table.unknown")
    theirs = joined_row(addition, inbound, world)
    if theirs is None or not is_known(came, world):
        return
    ours = row_of(came, world)
    yield from match_problems(addition.attributes, ours, theirs, world, path=f"{path}/attributes")
    yield from _joined_row_problems(addition, theirs, world, path)
    if addition.where is not None:
        columns = theirs.columns if addition.arrow else ours.columns
        scope = lint_scope(theirs.table.slug, world, columns)
        yield from as_problems(check_rule(addition.where, scope), f"{path}/where")


def _joined_row_problems(addition: AddedJoin, row: Row, world: World, path: str) -> Iterator[Problem]:
    for number, field in enumerate(addition.fields):
        yield from _name_problems(field.attribute, row, world, f"{path}/fields/{number}/attribute")
    for number, sort in enumerate(addition.sort):
        place = f"{path}/sort/{number}/attribute"
        yield from _name_problems(sort.attribute, row, world, place, types=COMPARABLE)
    names = {f"{path}/fields/{number}/name": each.name for number, each in enumerate(addition.fields)}
    yield from repeated_problems(names, code="column.taken")


def _name_problems(
    name: str | Expression,
    row: Row,
    world: World,
    path: str,
    *,
    types: Collection[FieldType] = tuple(FieldType),
) -> Iterator[Problem]:
    try:
        found = attribute_on(name, row, world)
    except RuleError as error:
        yield from as_problems(error.problems, path)
    else:
        yield from type_problems(found.type, types, path=path)


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
