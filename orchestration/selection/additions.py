"""What an enrichment may add to the people who come in, as settings, and the columns each addition makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Literal, Self

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field, model_validator

from campaigns.activity_types import Inbound, Settings, Shape, World
from campaigns.setting_rules import OnOtherRows
from campaigns.settings_fields import RefusedError, Shown
from campaigns.targeting.attributes import POPULATION_MARK, Attribute
from campaigns.targeting.operands import Expression
from campaigns.targeting.problems import RuleError
from campaigns.targeting.rules import Function
from campaigns.targeting.schema import Column, FieldType
from campaigns.targeting.scope import Row
from orchestration.arrow_lint import shape_in
from orchestration.rule_lint import attribute_of, attribute_on, is_known, links_of, table_attribute_of
from orchestration.selection.matches import Match, row_of
from orchestration.setting_fields import ArrowName, AttributeSetting, ColumnName, Label, LinkPath, RuleSetting

MOST_ROWS = 20
MOST_FIELDS = 20
MOST_SORTS = 5

COUNTS = ("count", "count_distinct")
ZERO_WHEN_NOTHING = (*COUNTS, "sum")


class AddedAttribute(Settings):
    """An attribute of each person, through to-one links too."""

    kind: Annotated[Literal["attribute"], Shown(_("Attribute"))]
    attribute: Annotated[AttributeSetting, Shown(_("Attribute"))]
    name: Annotated[ColumnName, Shown(_("Name of the column"))]
    label: Annotated[Label, Shown(_("Label"))] = ""


class AddedFigure(Settings):
    """A figure over the rows that links lead to."""

    kind: Annotated[Literal["aggregate"], Shown(_("Aggregated data"))]
    link: Annotated[LinkPath, Shown(_("Collection"))]
    function: Annotated[Function, Shown(_("Function"))]
    attribute: Annotated[AttributeSetting | None, Shown(_("Attribute of the collection"))] = None
    where: Annotated[RuleSetting | None, Shown(_("Filter"))] = None
    name: Annotated[ColumnName, Shown(_("Name of the column"))]
    label: Annotated[Label, Shown(_("Label"))] = ""


class RowSort(Settings):
    """Which rows of a collection come first."""

    attribute: Annotated[AttributeSetting, Shown(_("Attribute"))]
    order: Annotated[Literal["ascending", "descending"], Shown(_("Order"))] = "descending"


class RowField(Settings):
    """One field of the rows collected."""

    attribute: Annotated[AttributeSetting, Shown(_("Attribute"))]
    name: Annotated[ColumnName, Shown(_("Name"))]
    label: Annotated[Label, Shown(_("Label"))] = ""


class AddedRows(Settings):
    """The first rows that links lead to: all in one list for loops in messages, and each in numbered columns."""

    kind: Annotated[Literal["rows"], Shown(_("Collect data"))]
    link: Annotated[LinkPath, Shown(_("Collection"))]
    where: Annotated[RuleSetting | None, Shown(_("Filter"))] = None
    sort: Annotated[
        tuple[RowSort, ...],
        Field(max_length=MOST_SORTS),
        Shown(_("Sorting"), _("Equal rows come in the order of their keys.")),
    ] = ()
    number: Annotated[int, Field(strict=True, ge=1, le=MOST_ROWS), Shown(_("Lines to retrieve"))]
    fields: Annotated[tuple[RowField, ...], Field(min_length=1, max_length=MOST_FIELDS), Shown(_("Fields"))]
    numbered: Annotated[
        bool, Shown(_("Columns for each line"), _("Named name_1_field, name_2_field and so on."))
    ] = True
    name: Annotated[ColumnName, Field(max_length=20), Shown(_("Name of the list"))]
    label: Annotated[Label, Shown(_("Label"))] = ""

    @property
    def lines(self) -> range:
        """The lines that have columns of their own."""
        return range(1, self.number + 1 if self.numbered else 1)


class AddedJoin(Settings):
    """The first rows of a table, or of another population, whose attributes equal those of the person.

    One line is a link to one row or none, more are a collection; both come as columns and as a list.
    """

    kind: Annotated[Literal["joined"], Shown(_("Joined rows"))]
    table: Annotated[
        str, Field(max_length=80), Shown(_("Table"), _("By its short name. Either this or a set."))
    ] = ""
    arrow: Annotated[ArrowName, Shown(_("Set"), _("Another population that comes in."))] = ""
    attributes: Annotated[
        tuple[Match, ...],
        Field(min_length=1, max_length=MOST_FIELDS),
        Shown(_("Equal attributes"), _("All pairs have to be equal; empty equals nothing.")),
    ]
    where: Annotated[
        RuleSetting | None,
        OnOtherRows(),
        Shown(
            _("Filter"),
            _("On the joined row. @name is a column of the set, or with a table, of those who come in."),
        ),
    ] = None
    sort: Annotated[
        tuple[RowSort, ...],
        Field(max_length=MOST_SORTS),
        Shown(_("Sorting"), _("Equal rows come in the order of their keys.")),
    ] = ()
    number: Annotated[int, Field(strict=True, ge=1, le=MOST_ROWS), Shown(_("Lines to retrieve"))] = 1
    fields: Annotated[tuple[RowField, ...], Field(min_length=1, max_length=MOST_FIELDS), Shown(_("Fields"))]
    numbered: Annotated[
        bool, Shown(_("Columns for each line"), _("Named name_1_field, name_2_field and so on."))
    ] = True
    name: Annotated[ColumnName, Field(max_length=20), Shown(_("Name of the list"))]
    label: Annotated[Label, Shown(_("Label"))] = ""

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if bool(self.table) == bool(self.arrow):
            remedy = gettext("Give either “table” or “arrow”.")
            raise RefusedError("one_target", gettext("Rows are joined from one place."), remedy)
        return self

    @property
    def lines(self) -> range:
        """The lines that have columns of their own."""
        return range(1, self.number + 1 if self.numbered else 1)


Collected = AddedRows | AddedJoin


class SetColumn(Settings):
    """A column that another population brings."""

    column: Annotated[ColumnName, Shown(_("Its column"))]
    name: Annotated[ColumnName, Shown(_("Name of the column"))]
    label: Annotated[Label, Shown(_("Label"))] = ""


class AddedSet(Settings):
    """Another population that comes in, joined by key: its columns, and whether the person is in it."""

    kind: Annotated[Literal["set"], Shown(_("Another population"))]
    arrow: Annotated[ArrowName, Shown(_("Set"))]
    columns: Annotated[tuple[SetColumn, ...], Field(max_length=MOST_FIELDS), Shown(_("Columns"))] = ()
    flag: Annotated[ColumnName | None, Shown(_("Column that says who is in the set"))] = None


Addition = Annotated[
    AddedAttribute | AddedFigure | AddedRows | AddedJoin | AddedSet, Field(discriminator="kind")
]


def added(
    addition: Addition, came: Shape | None, inbound: Sequence[Inbound], world: World
) -> Mapping[str, Column]:
    """The columns that an addition makes; those whose attribute means nothing are left out."""
    columns: Iterator[Column]
    match addition:
        case AddedAttribute():
            columns = _of_attribute(addition, came, world)
        case AddedFigure():
            columns = _of_figure(addition, came, world)
        case AddedRows():
            columns = _of_rows(addition, lambda name: linked_attribute(addition.link, name, came, world))
        case AddedJoin():
            columns = _of_rows(addition, lambda name: joined_attribute(addition, name, inbound, world))
        case AddedSet():
            columns = _of_set(addition, inbound)
    return {column.slug: column for column in columns}


def names_of(addition: Addition) -> list[tuple[str, str]]:
    """The columns an addition makes, each with the place in its settings that names it."""
    match addition:
        case AddedRows() | AddedJoin():
            return [("/name", addition.name), *_numbered_names(addition)]
        case AddedSet():
            flag = [("/flag", addition.flag)] if addition.flag else []
            return flag + [
                (f"/columns/{number}/name", each.name) for number, each in enumerate(addition.columns)
            ]
    return [("/name", addition.name)]


def _numbered_names(addition: Collected) -> list[tuple[str, str]]:
    return [
        (f"/fields/{number}/name", numbered(addition, line, field))
        for line in addition.lines
        for number, field in enumerate(addition.fields)
    ]


def numbered(addition: Collected, line: int, field: RowField) -> str:
    return f"{addition.name}_{line}_{field.name}"


def _of_attribute(addition: AddedAttribute, came: Shape | None, world: World) -> Iterator[Column]:
    if came is None or not is_known(came, world):
        return
    try:
        found = attribute_of(addition.attribute, came, world)
    except RuleError:
        return
    yield column_of(addition.name, found, addition.label)


def _of_figure(addition: AddedFigure, came: Shape | None, world: World) -> Iterator[Column]:
    label = addition.label or addition.name
    if addition.function in COUNTS:
        yield Column(addition.name, addition.name, FieldType.INTEGER, label, nullable=False)
        return
    found = linked_attribute(addition.link, addition.attribute or "", came, world)
    if found is None:
        return
    if addition.function in ("min", "max"):
        yield column_of(addition.name, found, label)
    else:
        figure = FieldType.FLOAT if found.type is FieldType.FLOAT else FieldType.DECIMAL
        yield Column(addition.name, addition.name, figure, label, nullable=addition.function == "avg")


def _of_rows(addition: Collected, find: Callable[[str | Expression], Attribute | None]) -> Iterator[Column]:
    label = addition.label or addition.name
    yield Column(addition.name, addition.name, FieldType.JSON, label, nullable=False)
    for line in addition.lines:
        for field in addition.fields:
            found = find(field.attribute)
            if found is not None:
                words = gettext("%(list)s %(line)d: %(field)s")
                shown = {"list": label, "line": line, "field": field.label or found.column.label}
                yield column_of(numbered(addition, line, field), found, words % shown)


def _of_set(addition: AddedSet, inbound: Sequence[Inbound]) -> Iterator[Column]:
    shape = shape_in(inbound, addition.arrow)
    brought = shape.columns if shape else {}
    for each in addition.columns:
        if each.column in brought:
            theirs = brought[each.column]
            yield Column(
                each.name, each.name, theirs.type, each.label or theirs.label, stored_zone=theirs.stored_zone
            )
    if addition.flag:
        yield Column(addition.flag, addition.flag, FieldType.BOOLEAN, addition.flag, nullable=False)


def linked_attribute(link: str, name: str | Expression, came: Shape | None, world: World) -> Attribute | None:
    """An attribute of the rows that links lead to; None for one that means nothing."""
    if came is None or not is_known(came, world):
        return None
    if isinstance(name, str) and name.startswith(POPULATION_MARK):
        return None
    try:
        end = links_of(link, world.dimensions[came.dimension].table, world)[-1].target
        return table_attribute_of(name, end, world)
    except RuleError:
        return None


def joined_attribute(
    addition: AddedJoin, name: str | Expression, inbound: Sequence[Inbound], world: World
) -> Attribute | None:
    """An attribute of the rows joined; None for one that means nothing."""
    row = joined_row(addition, inbound, world)
    try:
        return attribute_on(name, row, world) if row else None
    except RuleError:
        return None


def joined_row(addition: AddedJoin, inbound: Sequence[Inbound], world: World) -> Row | None:
    """A row of the table or population that is joined, to look names up in; None where there is no such thing."""
    if addition.table:
        table = world.catalogue.tables.get(addition.table)
        return Row(table, "t") if table else None
    shape = shape_in(inbound, addition.arrow)
    return row_of(shape, world) if shape and is_known(shape, world) else None


def column_of(name: str, found: Attribute, label: str) -> Column:
    zone = "" if found.json else found.column.stored_zone
    return Column(name, name, found.type, label or found.column.label, stored_zone=zone)
