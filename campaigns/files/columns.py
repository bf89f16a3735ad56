"""The columns of a file as settings: what each is called, of which type it is, and what happens to what does not fit."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field, StringConstraints

from campaigns.activity_types import Settings
from campaigns.files.formats import NumberFormat, ReadDateFormat
from campaigns.files.headers import PRINTABLE, Header
from campaigns.settings_fields import Shown
from campaigns.targeting.schema import Column, FieldType

MOST_REMAPPINGS = 1000

Text = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00]*$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Label = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True, pattern=PRINTABLE)]

Empties = Literal["by_type", "allowed", "never"]
OnError = Literal["reject", "empty", "default", "default_unmapped", "reject_unmapped"]


class Remapping(Settings):
    """One value that becomes another."""

    value: Annotated[Text, Shown(_("Value in the file"))]
    to: Annotated[Text, Shown(_("Becomes"), _("Written as in the file."))]


class IgnoredColumn(Settings):
    """A column that is not loaded."""

    kind: Annotated[Literal["ignored"], Shown(_("Ignore the column"))]
    header: Annotated[Header, Shown(_("Name in the file"))]


class LoadedColumn(Settings):
    """What every loaded column has."""

    header: Annotated[
        Header,
        Shown(_("Name in the file"), _("Without a header line, the columns are taken in this order.")),
    ]
    name: Annotated[Name, Shown(_("Name of the column"), _("Rules name it with an @ before it."))]
    label: Annotated[Label, Shown(_("Label"))] = ""
    empties: Annotated[
        Empties,
        Shown(
            _("Empty values"),
            _("By default an error in a column of numbers, and allowed in any other."),
        ),
    ] = "by_type"
    on_error: Annotated[
        OnError,
        Shown(
            _("Error processing"),
            _(
                "Reject the line, leave the value empty, or take the default value; or so for values not remapped."
            ),
        ),
    ] = "reject"
    default: Annotated[Text, Shown(_("Default value"), _("Written as in the file."))] = ""
    remap: Annotated[
        tuple[Remapping, ...],
        Field(max_length=MOST_REMAPPINGS),
        Shown(_("Value remapping"), _("Compared with the whole cell, upper and lower case apart.")),
    ] = ()


class TextColumn(LoadedColumn):
    """Text."""

    kind: Annotated[Literal["text"], Shown(_("Text"))]
    width: Annotated[
        int | None,
        Field(strict=True, ge=1, le=100_000),
        Shown(_("Width"), _("More characters are an error.")),
    ] = None
    case: Annotated[Literal["keep", "upper", "lower", "title"], Shown(_("Case"))] = "keep"
    blanks: Annotated[
        Literal["keep", "trim", "collapse"],
        Shown(_("White space"), _("Collapse: trimmed, and one blank for several.")),
    ] = "keep"


class NumberColumn(LoadedColumn):
    """What columns of numbers have."""

    format: Annotated[NumberFormat, Shown(_("Number format"))] = NumberFormat()


class IntegerColumn(NumberColumn):
    """Whole numbers."""

    kind: Annotated[Literal["integer"], Shown(_("Whole number"))]


class DecimalColumn(NumberColumn):
    """Exact numbers."""

    kind: Annotated[Literal["decimal"], Shown(_("Exact decimal number"))]


class FloatColumn(NumberColumn):
    """Approximate numbers."""

    kind: Annotated[Literal["float"], Shown(_("Approximate number"))]


class BooleanColumn(LoadedColumn):
    """True or false; other words are remapped."""

    kind: Annotated[Literal["boolean"], Shown(_("True or false"))]


class DayColumn(LoadedColumn):
    """What columns of dates have."""

    format: Annotated[ReadDateFormat, Shown(_("Date format"))] = ReadDateFormat()


class DateColumn(DayColumn):
    """Dates."""

    kind: Annotated[Literal["date"], Shown(_("Date"))]


class DateTimeColumn(DayColumn):
    """Dates with times."""

    kind: Annotated[Literal["datetime"], Shown(_("Date and time"))]


class UuidColumn(LoadedColumn):
    """UUIDs."""

    kind: Annotated[Literal["uuid"], Shown(_("UUID"))]


FileColumn = Annotated[
    TextColumn
    | IntegerColumn
    | DecimalColumn
    | FloatColumn
    | BooleanColumn
    | DateColumn
    | DateTimeColumn
    | UuidColumn
    | IgnoredColumn,
    Field(discriminator="kind"),
]


def loaded(columns: tuple[Any, ...]) -> list[Any]:
    return [column for column in columns if not isinstance(column, IgnoredColumn)]


def type_of(column: Any) -> FieldType:
    return FieldType(column.kind)


def carried(columns: tuple[Any, ...]) -> dict[str, Column]:
    """What a population of these columns carries."""
    return {
        column.name: Column(column.name, column.name, type_of(column), column.label or column.header)
        for column in loaded(columns)
    }
