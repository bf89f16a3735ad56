"""Reading files into a population: rows are checked as they stream by, and copied to a scratch table of the transaction.

Memory stays flat whatever the file holds. The scratch table is the source of the working table that the engine makes,
and is gone with the transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from sqlglot import exp

from campaigns.files.columns import loaded, type_of
from campaigns.files.formats import Delimited, Parquet, TextFormat, mark
from campaigns.files.inbox import remove_loaded
from campaigns.files.opening import Beginning, as_text, beginning_of, places_of
from campaigns.files.parquet import unpacked
from campaigns.files.reading import batches_of
from campaigns.files.reject_files import RejectFile
from campaigns.files.row_checks import RowChecker, Rows
from campaigns.files.sources import Source, sources_of
from campaigns.files.store import register_file
from campaigns.imports.prefetch import prefetched
from campaigns.imports.records import Fault
from campaigns.models import StoredFile
from campaigns.problems import ProblemsError
from campaigns.targeting import trees
from campaigns.targeting.bound import bound
from campaigns.targeting.schema import FieldType
from orchestration.compilation import CompileContext
from orchestration.exceptions import ActivityFailed
from orchestration.models import ActivityRun
from orchestration.scratch_tables import copy_rows, create_scratch_table
from orchestration.working_tables import KEY

SHOWN_FAULTS = 5
LINE = "line number"
FILE = "file number"


class Loading:
    """Loads the files of one activity; afterwards `select` yields them, and `rejected` and `dropped` count the rest."""

    def __init__(self, context: CompileContext) -> None:
        self.context = context
        self.config = context.config
        self.rejected = 0
        self.dropped = 0
        self._first_faults: list[tuple[str, Fault]] = []
        self._names: list[str] = []
        self._lines_before = 0
        self._table = f"load_{context.activity_run_id}"

    def load(self) -> None:
        """Raises ActivityFailed where a file cannot be read or has more errors than are allowed."""
        try:
            sources = sources_of(self.config.source, self.context.world.files)
            create_scratch_table(self._table, self._columns())
            with ExitStack() as stack:
                rejects = RejectFile(stack)
                for source in sources:
                    self._load(source, rejects)
            self._keep(rejects)
        except ProblemsError as error:
            raise ActivityFailed(_told(error)) from error
        self._delete_later(sources)

    def select(self) -> exp.Select:
        """SELECT key and the columns in the order the activity declares them."""
        source = exp.Table(this=trees.name(self._table), alias=exp.TableAlias(this=trees.name("p")))
        columns: list[exp.Expr] = [trees.column("p", KEY)]
        columns += [trees.column("p", column.name) for column in loaded(self.config.columns)]
        if self.config.line_column:
            columns.append(trees.named(trees.column("p", LINE), self.config.line_column))
        if self.config.file_column:
            columns.append(trees.named(self._file_name(), self.config.file_column))
        return trees.select(columns, source)

    def _file_name(self) -> exp.Expr:
        """The name of the file by its number; there are few of them."""
        cases = [
            exp.If(
                this=exp.EQ(this=trees.column("p", FILE), expression=exp.Literal.number(number)),
                true=bound(name),
            )
            for number, name in enumerate(self._names)
        ]
        return exp.Case(ifs=cases)

    def _columns(self) -> list[tuple[str, FieldType]]:
        own = [(column.name, type_of(column)) for column in loaded(self.config.columns)]
        kept = [(KEY, FieldType.INTEGER), (LINE, FieldType.INTEGER), (FILE, FieldType.INTEGER)]
        return [*kept, *own]

    def _load(self, source: Source, rejects: RejectFile) -> None:
        number = len(self._names)
        self._names.append(source.name)
        last = 0
        with source.opened() as stream, self._text_of(source, stream) as (text, format_, numbered):
            beginning = beginning_of(text, format_)
            batches = batches_of(text, format_, beginning)
            checker = self._checker(number, beginning, format_, numbered)
            for rows in prefetched(map(checker.check, batches)):
                self._take(number, rows, rejects)
                last = max(last, rows.last_line)
        self._lines_before += last

    @contextmanager
    def _text_of(self, source: Source, stream: BinaryIO) -> Iterator[tuple[BinaryIO, TextFormat, bool]]:
        """The file as text in UTF-8; whether each row begins with its number."""
        format_ = self.config.format
        if not isinstance(format_, Parquet):
            yield as_text(stream, format_), format_, False
            return
        with unpacked(source.path) as path, path.open("rb") as rows:
            yield rows, Delimited(), True

    def _checker(self, number: int, beginning: Beginning, format_: TextFormat, numbered: bool) -> RowChecker:
        names = beginning.names[1:] if numbered else beginning.names
        places = places_of(Beginning(names, beginning.first_row), self.config.columns)
        moved = [(place + numbered, column) for place, column in places]
        delimiter = mark(format_.delimiter) if isinstance(format_, Delimited) else ","
        return RowChecker(
            moved, delimiter=delimiter, number=number, shift=self._lines_before, numbered=numbered
        )

    def _take(self, number: int, rows: Rows, rejects: RejectFile) -> None:
        if rows.count:
            zone = self.config.time_zone or str(self.context.zone)
            copy_rows(self._table, rows.text, zone=zone)
        self.dropped += rows.dropped
        self.rejected += len(rows.faults)
        room = SHOWN_FAULTS - len(self._first_faults)
        self._first_faults += [(self._names[number], fault) for fault in rows.faults[:room]]
        if self.config.keep_rejects:
            rejects.add(self._names[number], rows.faults)
        self._refuse_too_many()

    def _refuse_too_many(self) -> None:
        allowed = self.config.errors_allowed
        if allowed is not None and self.rejected > allowed:
            shown = " ".join(_fault(name, fault) for name, fault in self._first_faults)
            raise ActivityFailed(
                _(
                    "More lines have errors than the %(allowed)d allowed. Correct the file, or allow more. %(first)s"
                )
                % {"allowed": allowed, "first": shown}
            )

    def _keep(self, rejects: RejectFile) -> None:
        if rejects.kept is None:
            return
        run = ActivityRun.objects.values_list("run_id", flat=True).get(pk=self.context.activity_run_id)
        days = settings.TEST_RUN_DAYS if self.context.is_test else settings.WORKING_TABLE_DAYS
        register_file(
            rejects.kept,
            f"{self.context.activity_id}-rejected.csv",
            origin=StoredFile.Origin.REJECTS,
            rows=rejects.count,
            campaign_id=self.context.campaign_id,
            activity_id=self.context.activity_id,
            run=run,
            activity_run=self.context.activity_run_id,
            expires_at=timezone.now() + timedelta(days=days),
        )

    def _delete_later(self, sources: Sequence[Source]) -> None:
        if self.context.is_test or not getattr(self.config.source, "delete", False):
            return
        for source in sources:
            if source.found:
                transaction.on_commit(partial(remove_loaded, source.found), robust=True)


def _told(error: ProblemsError) -> str:
    return " ".join(f"{problem.message} {problem.remedy}".strip() for problem in error.problems)


def _fault(name: str, fault: Fault) -> str:
    where = _("%(file)s, line %(line)d") % {"file": name, "line": fault.line}
    return f"{where}{f' ({fault.column})' if fault.column else ''}: {fault.reason}"
