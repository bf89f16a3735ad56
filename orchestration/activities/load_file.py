"""Load file: the rows of a CSV, TXT or Parquet file become a population, for this run only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field
from sqlglot import exp

from campaigns.activity_types import MAIN, Category, Inbound, Law, Settings, Shape, World, register
from campaigns.file_lines import FILE
from campaigns.files.columns import FileColumn, carried
from campaigns.files.formats import Delimited, FileFormat
from campaigns.files.headers import MOST_COLUMNS
from campaigns.files.sources import FileSource
from campaigns.problems import Problem
from campaigns.settings_fields import Shown
from campaigns.targeting.schema import Column, FieldType
from orchestration.compilation import CompileContext, ExecutableType, Outflow, Populations
from orchestration.file_lint import loading_problems
from orchestration.file_loading import Loading
from orchestration.setting_fields import ColumnName, Widget

SAMPLE_COLUMNS = [
    [
        {"kind": "integer", "header": "number", "name": "number"},
        {"kind": "text", "header": "email", "name": "email", "case": "lower", "blanks": "trim"},
        {"kind": "decimal", "header": "spend", "name": "spend", "empties": "allowed"},
        {"kind": "date", "header": "joined", "name": "joined", "on_error": "empty"},
    ],
    [
        {"kind": "text", "header": "Number", "name": "code", "width": 20},
        {"kind": "ignored", "header": "email"},
        {"kind": "float", "header": "spend", "name": "spend", "on_error": "default", "default": "0"},
        {"kind": "ignored", "header": "joined"},
    ],
]


@register
class LoadFile(ExecutableType):
    """Reads a file when the run arrives here. Its rows are nobody yet: put a reconciliation behind it to know who."""

    name = "load_file"
    label = _("Load file")
    description = _("The rows of a CSV, TXT or Parquet file, for this run only.")
    category = Category.DATA
    law = Law.SOURCE
    icon = "upload_file"
    inbound_min = 0

    class Config(Settings):
        source: Annotated[
            FileSource, Field(examples=[{"kind": "stored", "file": "customers"}]), Shown(_("File"))
        ]
        format: Annotated[
            FileFormat,
            Field(examples=[{"kind": "delimited"}, {"kind": "delimited", "multiline": False}]),
            Shown(_("Format")),
        ] = Delimited()
        columns: Annotated[
            tuple[FileColumn, ...],
            Field(min_length=1, max_length=MOST_COLUMNS, examples=SAMPLE_COLUMNS),
            Widget("file_columns"),
            Shown(_("Columns"), _("Suggested from a file, and corrected by hand.")),
        ]
        time_zone: Annotated[
            str,
            Field(max_length=60, examples=["", "Asia/Seoul"]),
            Shown(_("Time zone"), _("Of dates and times without one; empty: that of the campaign.")),
        ] = ""
        line_column: Annotated[
            ColumnName | None,
            Shown(_("Column of the line number"), _("For rules and for the file that is written later.")),
        ] = None
        file_column: Annotated[
            ColumnName | None, Shown(_("Column of the file's name"), _("Where several files are loaded."))
        ] = None
        errors_allowed: Annotated[
            int | None,
            Field(strict=True, ge=0, le=10**9),
            Shown(
                _("Number of errors allowed"),
                _("Rejected lines; with one more, the activity fails. Empty: any number."),
            ),
        ] = 0
        keep_rejects: Annotated[
            bool, Shown(_("Keep rejects in a file"), _("Line, column and reason of each, to be downloaded."))
        ] = False
        when_empty: Annotated[Literal["continue", "stop"], Shown(_("When no row is loaded"))] = "continue"

    @classmethod
    def shapes(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Mapping[str, Shape | None]:
        return {MAIN: Shape(FILE, _columns(config))}

    @classmethod
    def lint(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Iterable[Problem]:
        return loading_problems(config, world)

    @classmethod
    def lint_in_a_round(cls, config: Any) -> Iterable[Problem]:
        if getattr(config.source, "delete", False):
            message = gettext(
                "A jump leads back to before this activity, and in the next round the file is gone."
            )
            remedy = gettext(
                "Do not have it deleted, or load it before the activity that the jump goes back to."
            )
            yield Problem("load_file.deleted", "/source/delete", message, remedy)

    @classmethod
    def execute(cls, context: CompileContext) -> Populations:
        config, loading = context.config, Loading(context)
        loading.load()
        skip = config.when_empty == "stop"
        return Populations(
            {MAIN: Outflow(loading.select(), FILE, _columns(config), skip_empty=skip)},
            reported={
                "rejected": exp.select(exp.Literal.number(loading.rejected)),
                "dropped": exp.select(exp.Literal.number(loading.dropped)),
            },
        )


def _columns(config: Any) -> dict[str, Column]:
    columns = carried(config.columns)
    if config.line_column:
        columns[config.line_column] = _own(config.line_column, FieldType.INTEGER, _("Line of the file"))
    if config.file_column:
        columns[config.file_column] = _own(config.file_column, FieldType.TEXT, _("File"))
    return columns


def _own(name: str, kind: FieldType, label: Any) -> Column:
    return Column(name, name, kind, str(label), nullable=False)
