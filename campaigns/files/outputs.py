"""How a file that is written looks, as settings, and what it is called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, Field, StringConstraints

from campaigns.activity_types import Settings
from campaigns.files.encodings import Encoding
from campaigns.files.formats import DateFormat, Delimiter, NumberFormat
from campaigns.files.store import safe_name
from campaigns.settings_fields import RefusedError, Shown

PLACEHOLDERS = ("campaign", "activity", "date", "time", "run")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class CsvOutput(Settings):
    """Text with a delimiter between its cells."""

    kind: Annotated[Literal["csv"], Shown(_("Delimited text (CSV)"))] = "csv"
    delimiter: Annotated[Delimiter, Shown(_("Column separator"))] = ","
    quote: Annotated[Literal['"', "'"], Shown(_("String delimiter"))] = '"'
    quote_all: Annotated[bool, Shown(_("Quote every value"), _("Else only where it is needed."))] = False
    header: Annotated[bool, Shown(_("Name the columns in the first line"))] = True
    encoding: Annotated[Encoding, Shown(_("Encoding"))] = "utf-8"
    unknown_letters: Annotated[
        Literal["fail", "replace"],
        Shown(_("Letters that the encoding does not have"), _("Replace: by a question mark.")),
    ] = "fail"
    line_end: Annotated[
        Literal["lf", "crlf"], Shown(_("Line end"), _("LF as on Unix, CR LF as on Windows."))
    ] = "lf"
    numbers: Annotated[NumberFormat, Shown(_("Number format"))] = NumberFormat()
    dates: Annotated[DateFormat, Shown(_("Date format"))] = DateFormat()
    offset: Annotated[
        bool, Shown(_("Times with their offset from UTC"), _("Times are those of the campaign's zone."))
    ] = False
    guard_formulas: Annotated[
        bool,
        Shown(
            _("Guard against formulas"),
            _("An apostrophe before text that a spreadsheet would run. Switch it off for machines only."),
        ),
    ] = True
    gzip: Annotated[bool, Shown(_("Compress with gzip"))] = False


class ParquetOutput(Settings):
    """Columns with types of their own, compressed."""

    kind: Annotated[Literal["parquet"], Shown(_("Parquet"))]


Output = Annotated[CsvOutput | ParquetOutput, Field(discriminator="kind")]


def _with_known_placeholders(template: str) -> str:
    for name in _PLACEHOLDER.findall(template):
        if name not in PLACEHOLDERS:
            raise _bad_name(gettext("There is no placeholder {%(name)s}.") % {"name": name[:30]})
    if set(_PLACEHOLDER.sub("", template)) & set('{}/\\<>:"|?*'):
        raise _bad_name(gettext('A file name has none of { } / \\ < > : " | ? *'))
    return template


def _bad_name(message: str) -> RefusedError:
    known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    return RefusedError(
        "file_name", message, gettext("Use letters, digits and %(known)s.") % {"known": known}
    )


FileName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100, strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]*$"),
    AfterValidator(_with_known_placeholders),
]


def file_name(template: str, values: Mapping[str, str], output: CsvOutput | ParquetOutput) -> str:
    """The name with its placeholders filled and the ending that its format has."""
    filled = _PLACEHOLDER.sub(lambda found: values[found[1]], template)
    ending = ".parquet" if isinstance(output, ParquetOutput) else ".csv.gz" if output.gzip else ".csv"
    return safe_name(f"{filled[:90]}{ending}")
