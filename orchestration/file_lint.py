"""What is wrong with the settings of an activity that loads a file, as far as it shows before the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from campaigns.activity_types import World
from campaigns.files.cell_readers import CellReader, UnfitCell
from campaigns.files.columns import DayColumn, NumberColumn, loaded
from campaigns.files.formats import FixedWidth, Parquet
from campaigns.files.inbox import is_open
from campaigns.files.opening import as_text, beginning_of, places_of
from campaigns.files.parquet import shape_of
from campaigns.files.sources import StoredSource
from campaigns.problems import Problem, ProblemsError
from campaigns.schedules.zones import zone_named
from campaigns.targeting.problems import shown
from orchestration.fixed_width_lint import place_problems
from orchestration.rule_lint import repeated_problems, unknown
from orchestration.setting_fields import RESERVED


def loading_problems(config: Any, world: World) -> Iterator[Problem]:
    yield from _source_problems(config, world)
    if isinstance(config.format, FixedWidth):
        yield from place_problems(config)
    yield from _name_problems(config)
    yield from _zone_problems(config)
    for number, column in enumerate(config.columns):
        if column.kind != "ignored":
            yield from _column_problems(column, config, f"/columns/{number}")


def _source_problems(config: Any, world: World) -> Iterator[Problem]:
    source = config.source
    if not isinstance(source, StoredSource):
        if not is_open():
            yield Problem(
                "load_file.no_inbox",
                "/source",
                _("This installation has no inbox."),
                _("Upload the file, or have an administrator set FILE_INBOX."),
            )
    elif source.file not in world.files:
        yield unknown(source.file, world.files, path="/source/file", code="load_file.unknown_file")
    elif not any(_header_problems(config)):
        yield from _file_problems(config, world.files[source.file])


def _file_problems(config: Any, path: Path) -> Iterator[Problem]:
    """Whether an uploaded file, which stays as it is, has the columns that the settings name."""
    try:
        if isinstance(config.format, Parquet):
            yield from _parquet_problems(config, path)
        else:
            _try_beginning(config, path)
    except ProblemsError as error:
        for problem in error.problems:
            yield Problem(problem.code, "/source/file", problem.message, problem.remedy)
    except OSError as error:
        message = _("The file cannot be read: %(error)s.") % {"error": error.strerror}
        yield Problem("load_file.unreadable", "/source/file", message, _("Upload it again."))


def _try_beginning(config: Any, path: Path) -> None:
    """Raises ProblemsError. The columns of fixed width are named by the settings alone, not by the file."""
    with path.open("rb") as stream:
        beginning = beginning_of(as_text(stream, config.format), config.format)
    if not isinstance(config.format, FixedWidth):
        places_of(beginning, config.columns)


def _parquet_problems(config: Any, path: Path) -> Iterator[Problem]:
    known = {name.casefold() for name, _kind in shape_of(path).columns}
    for number, column in enumerate(config.columns):
        if column.header.strip().casefold() not in known:
            yield unknown(
                column.header, known, path=f"/columns/{number}/header", code="load_file.unknown_column"
            )


def _name_problems(config: Any) -> Iterator[Problem]:
    yield from _header_problems(config)
    names = {
        f"/columns/{number}/name": column.name
        for number, column in enumerate(config.columns)
        if column.kind != "ignored"
    }
    own = {"/line_column": config.line_column, "/file_column": config.file_column}
    names |= {path: name for path, name in own.items() if name}
    yield from repeated_problems(names, taken=RESERVED, code="column.taken")
    if not loaded(config.columns):
        message, remedy = _("Every column is ignored."), _("Load at least one.")
        yield Problem("load_file.nothing_loaded", "/columns", message, remedy)


def _header_problems(config: Any) -> Iterator[Problem]:
    """Two columns of the settings that mean the same one of the file."""
    if getattr(config.format, "header", True):
        headers = {
            f"/columns/{number}/header": column.header.strip().casefold()
            for number, column in enumerate(config.columns)
        }
        yield from repeated_problems(headers, code="load_file.repeated_header", mend="")


def _zone_problems(config: Any) -> Iterator[Problem]:
    if config.time_zone:
        try:
            zone_named(config.time_zone)
        except ProblemsError as error:
            yield from (problem.under("/time_zone") for problem in error.problems)


def _column_problems(column: Any, config: Any, path: str) -> Iterator[Problem]:
    reader = CellReader(column)
    needs_default = column.on_error.startswith("default")
    if needs_default and not column.default:
        message = _("No default value is given.")
        yield Problem("load_file.no_default", f"{path}/default", message, _("Give one, or reject the line."))
    if column.default:
        yield from _value_problems(reader, column.default, f"{path}/default")
    for number, each in enumerate(column.remap):
        if each.to:
            yield from _value_problems(reader, each.to, f"{path}/remap/{number}/to")
    yield from _twice_remapped(column, path)
    if isinstance(config.format, Parquet) and _has_format(column):
        message = _("Numbers and dates of a Parquet file have no format.")
        yield Problem("load_file.needless_format", f"{path}/format", message, _("Leave the format as it is."))


def _value_problems(reader: CellReader, value: str, path: str) -> Iterator[Problem]:
    try:
        reader.value(value)
    except UnfitCell as error:
        yield Problem("load_file.unfit_value", path, str(error), _("Write it as the column says."))


def _twice_remapped(column: Any, path: str) -> Iterator[Problem]:
    counts = Counter(each.value for each in column.remap)
    for value, count in counts.items():
        if count > 1:
            message = _("“%(value)s” is remapped twice.") % {"value": shown(value)}
            yield Problem("load_file.remapped_twice", f"{path}/remap", message, _("Remove one of the two."))


def _has_format(column: Any) -> bool:
    return isinstance(column, NumberColumn | DayColumn) and not column.format.is_plain
