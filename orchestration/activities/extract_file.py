"""Extract file: writes the people who come in to a CSV or Parquet file, and passes them on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from campaigns.activity_types import MAIN, Category, Inbound, Law, Settings, World, register
from campaigns.files.headers import MOST_COLUMNS
from campaigns.files.outputs import CsvOutput, FileName, Output
from campaigns.problems import Problem, Severity
from campaigns.settings_fields import Shown
from orchestration.arrow_lint import population_problems, shape_in
from orchestration.compilation import CompileContext, ExecutableType, References
from orchestration.extraction import Extraction
from orchestration.rule_lint import attribute_problems, repeated_problems
from orchestration.selection.preference import COMPARABLE
from orchestration.setting_fields import AttributeName, Label

MOST_SORTS = 5
MOST_DAYS = 3650


class ExtractedColumn(Settings):
    """One column of the file."""

    attribute: Annotated[AttributeName, Shown(_("Attribute"))]
    header: Annotated[Label, Shown(_("Name in the file"), _("Empty: the label of the attribute."))] = ""


class ExtractSort(Settings):
    """What the lines are put in order by; empty values come last."""

    attribute: Annotated[AttributeName, Shown(_("Attribute"))]
    order: Annotated[Literal["ascending", "descending"], Shown(_("Order"))] = "ascending"


@register
class ExtractFile(ExecutableType):
    """Writes a file that can be downloaded, and passes everybody on. A test run writes none, but tries 100 lines."""

    name = "extract_file"
    label = _("Extract file")
    description = _("Write the people who come in to a CSV or Parquet file.")
    category = Category.DATA
    law = Law.COPY
    icon = "download"

    class Config(Settings):
        columns: Annotated[
            tuple[ExtractedColumn, ...],
            Field(min_length=1, max_length=MOST_COLUMNS),
            Shown(_("Columns")),
        ]
        sort: Annotated[
            tuple[ExtractSort, ...],
            Field(max_length=MOST_SORTS),
            Shown(_("Sorting"), _("Equal lines come in the order of their keys.")),
        ] = ()
        max_rows: Annotated[
            int | None, Field(strict=True, ge=1, le=10**9), Shown(_("At most so many lines"))
        ] = None
        output: Annotated[Output, Shown(_("Format"))] = CsvOutput()
        file_name: Annotated[
            FileName,
            Field(examples=["people", "{campaign}-{date}-{time}-{run}-{activity}"]),
            Shown(
                _("Name of the file"),
                _("With {campaign}, {activity}, {date}, {time} or {run} in it; its ending is added."),
            ),
        ] = "{campaign}-{activity}-{date}"
        keep_days: Annotated[
            int, Field(strict=True, ge=1, le=MOST_DAYS), Shown(_("Keep for days"), _("Then it is deleted."))
        ] = 30

    @classmethod
    def lint(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Iterable[Problem]:
        shape = shape_in(inbound)
        names = {f"/columns/{n}/attribute": each.attribute for n, each in enumerate(config.columns)}
        sorts = {f"/sort/{n}/attribute": each.attribute for n, each in enumerate(config.sort)}
        headers = {
            f"/columns/{n}/header": (each.header or each.attribute).casefold()
            for n, each in enumerate(config.columns)
        }
        yield from population_problems(inbound)
        yield from attribute_problems(names, shape, world)
        yield from attribute_problems(sorts, shape, world, types=COMPARABLE)
        yield from repeated_problems(headers, code="extract_file.repeated_header")
        output = config.output
        if (
            isinstance(output, CsvOutput)
            and output.numbers.decimal == output.delimiter
            and not output.quote_all
        ):
            message = gettext("Numbers hold the column separator, so each of them is quoted.")
            remedy = gettext("Choose a semicolon or a tab as the column separator.")
            yield Problem(
                "extract_file.separator_in_numbers", "/output/delimiter", message, remedy, Severity.WARNING
            )

    @classmethod
    def execute(cls, context: CompileContext) -> References:
        came = context.population()
        Extraction(context, came).write()
        return References({MAIN: came})
