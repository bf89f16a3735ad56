"""How a file that is loaded is written, as settings."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field, StringConstraints, model_validator

from campaigns.activity_types import Settings
from campaigns.files.encodings import Encoding
from campaigns.files.headers import MOST_COLUMNS, PRINTABLE
from campaigns.imports.records import Dialect
from campaigns.settings_fields import RefusedError, Shown

Delimiter = Literal[",", ";", "tab", "|", ":", "space"]
Quote = Literal['"', "'", "none"]
FURTHEST = 100_000
BLANKS = {"tab": "\t", "space": " ", "none": ""}


def mark(name: str) -> str:
    """The character that settings name: what cannot be seen in a form has a name there."""
    return BLANKS.get(name, name)


class Delimited(Settings):
    """Text with a delimiter between its cells."""

    kind: Annotated[Literal["delimited"], Shown(_("Delimited text (CSV, TXT)"))] = "delimited"
    delimiter: Annotated[Delimiter, Shown(_("Column separator"))] = ","
    quote: Annotated[
        Quote,
        Shown(_("String delimiter"), _("Around cells that hold a separator.")),
    ] = '"'
    multiline: Annotated[bool, Shown(_("Records may span lines"), _("A quoted cell may hold line ends."))] = (
        True
    )
    header: Annotated[bool, Shown(_("The first line names the columns"))] = True
    skip_lines: Annotated[
        int,
        Field(strict=True, ge=0, le=10_000),
        Shown(_("Lines to ignore"), _("At the beginning of the file, before the header.")),
    ] = 0
    encoding: Annotated[Encoding, Shown(_("Encoding"))] = "utf-8"

    @model_validator(mode="after")
    def _can_be_told_apart(self) -> Self:
        if self.multiline and self.quote == "none":
            return self.model_copy(update={"multiline": False})
        return self

    @property
    def dialect(self) -> Dialect:
        return Dialect(mark(self.delimiter), mark(self.quote), self.multiline, self.encoding.upper())


class FixedColumn(Settings):
    """Where a column stands in each line. Places count characters, not bytes."""

    header: Annotated[
        str,
        StringConstraints(min_length=1, max_length=200, strip_whitespace=True, pattern=PRINTABLE),
        Shown(_("Name in the file"), _("By which the columns below take it.")),
    ]
    start: Annotated[
        int,
        Field(strict=True, ge=1, le=FURTHEST),
        Shown(_("First character"), _("Counted from 1, whatever the encoding.")),
    ]
    length: Annotated[
        int,
        Field(strict=True, ge=1, le=FURTHEST),
        Shown(_("Number of characters"), _("With the blanks around the value, which are dropped.")),
    ]

    @property
    def end(self) -> int:
        """The place of the last character."""
        return self.start + self.length - 1


class FixedWidth(Settings):
    """Text whose columns have their places in the line."""

    kind: Annotated[Literal["fixed_width"], Shown(_("Text of fixed width"))]
    columns: Annotated[
        tuple[FixedColumn, ...],
        Field(min_length=1, max_length=MOST_COLUMNS),
        Shown(_("Places of the columns"), _("A line that does not end with the last of them is rejected.")),
    ]
    skip_lines: Annotated[
        int,
        Field(strict=True, ge=0, le=10_000),
        Shown(_("Lines to ignore"), _("At the beginning of the file, with the header if it has one.")),
    ] = 0
    encoding: Annotated[Encoding, Shown(_("Encoding"))] = "utf-8"


class Parquet(Settings):
    """Columns with types of their own."""

    kind: Annotated[Literal["parquet"], Shown(_("Parquet"))]


TextFormat = Delimited | FixedWidth
FileFormat = Annotated[Delimited | FixedWidth | Parquet, Field(discriminator="kind")]


class NumberFormat(Settings):
    """How numbers are written."""

    thousands: Annotated[
        Literal["none", ",", ".", "space", "'"],
        Shown(_("Separator of thousands")),
    ] = "none"
    decimal: Annotated[Literal[".", ","], Shown(_("Decimal separator"))] = "."

    @model_validator(mode="after")
    def _two_marks(self) -> Self:
        if self.thousands == self.decimal:
            raise RefusedError(
                "one_mark",
                gettext("Thousands and decimals cannot have the same separator."),
                gettext("Choose 1,000.00 or 1.000,00, not a mixture."),
                "/thousands",
            )
        return self

    @property
    def is_plain(self) -> bool:
        return self.thousands == "none" and self.decimal == "."


class DateFormat(Settings):
    """How dates are written; a time behind one is 09:30, 09:30:15 or with fractions, perhaps with an offset."""

    order: Annotated[Literal["ymd", "dmy", "mdy"], Shown(_("Order of day, month and year"))] = "ymd"
    separator: Annotated[
        Literal["-", "/", ".", "space", "none"],
        Shown(_("Date separator"), _("None: the digits alone.")),
    ] = "-"

    @property
    def is_plain(self) -> bool:
        return self.order == "ymd" and self.separator == "-"


class ReadDateFormat(DateFormat):
    """How dates are written in a file that is loaded, whose years may have lost their century."""

    years: Annotated[
        Literal["four", "two"],
        Shown(
            _("Digits of the year"), _("Of two digits, 70 to 99 are 1970 to 1999, 00 to 69 are 2000 to 2069.")
        ),
    ] = "four"

    @property
    def is_plain(self) -> bool:
        return super().is_plain and self.years == "four"
