"""Importing a file, as one does it: create the import, check it (the dry run), apply it, or cancel it.

Checking reads the file once and stages it; it may be interrupted at any moment and called again. Applying
merges what was staged, all or nothing. Two processes cannot work on one import: it is held by a lock that
PostgreSQL releases when its holder dies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from psycopg import sql

from campaigns.imports import portions as portioning
from campaigns.imports.checking import Checked, Checker
from campaigns.imports.content import fingerprint_of
from campaigns.imports.key_order import Behind, Keys
from campaigns.imports.members import foretell_members, merge_members, set_aside_strangers
from campaigns.imports.merging import (
    Outcome,
    adopt,
    analyze,
    foretell,
    lock,
    merge,
    set_aside_misplaced_keys,
    set_aside_repeated_keys,
)
from campaigns.imports.parquet import ParquetReader, read_parquet_header
from campaigns.imports.plans import ImportOptions, Plan, make_plan
from campaigns.imports.prefetch import prefetched
from campaigns.imports.records import Position
from campaigns.imports.refusals import ImportRefused
from campaigns.imports.sifting import sifted
from campaigns.imports.staging import create_staging, drop_staging, is_whole, stage, staging_name
from campaigns.models import ImportJob, Table
from campaigns.problems import ProblemsError
from campaigns.states import IMPORT, move_one

LOCK_CLASS = 0x7475_7469
SORT_MEMORY = "64MB"
FEW = 10
"""As long as at most one row in so many goes, what the planner knows of them holds for those that stay."""

Progress = Callable[[ImportJob], object]


def create_import(
    path: Path, target: str, *, options: ImportOptions | None = None, by: User | None = None
) -> ImportJob:
    """Look at the file's first lines and plan how it goes into the table `target`; nothing is read further.

    Raises ImportRefused where the file is no CSV, its header does not fit or the options do not.
    """
    options = options or ImportOptions()
    path = path.resolve()
    _refuse_missing(path)
    plan = make_plan(path, target, options)
    return ImportJob.objects.create(
        target=target,
        table=Table.objects.filter(slug=target).first(),
        file_name=path.name[-255:],
        path=str(path),
        mode=options.mode,
        plan=plan.model_dump(mode="json"),
        fingerprint=fingerprint_of(path),
        bytes_total=plan.rows if plan.parquet else path.stat().st_size,
        bytes_done=plan.offset,
        lines_done=plan.line,
        by=by,
    )


def check_import(job: ImportJob, *, progress: Progress = lambda job: None) -> ImportJob:
    """Read the file to its end, stage what is fit, count what applying would do; goes on where it was left.

    `progress` is called after each commit. Raises ImportRefused where the file cannot be read on.
    """
    with _held(job):
        plan = Plan.model_validate(job.plan)
        _begin(job, plan)
        with _recorded(job):
            behind = _read(job, plan, progress)
            _conclude(job, plan, behind)
    return job


def apply_import(job: ImportJob) -> ImportJob:
    """Merge the staged rows of a checked import into the table, all or nothing.

    Raises ImportRefused where the import has to be checked again, StateConflict where it was not checked.
    """
    with _held(job):
        _refuse_unready(job)
        plan = Plan.model_validate(job.plan)
        with _recorded(job), transaction.atomic():
            _sort_in_memory()
            table: Table | None
            table, outcome = _merged_members(job, plan) if job.audience_id else _merged_rows(job, plan)
            drop_staging(job)
            move_one(
                job,
                IMPORT,
                "succeeded",
                table=table,
                dry_run=False,
                finished_at=Now(),
                rows_inserted=outcome.inserted,
                rows_updated=outcome.updated,
                rows_deleted=outcome.deleted,
            )
    return job


def _merged_rows(job: ImportJob, plan: Plan) -> tuple[Table, Outcome]:
    if plan.creates:
        return adopt(job, plan), Outcome(inserted=job.rows_accepted)
    table = Table.objects.get(slug=job.target)
    lock(table)
    _count_rejected(job, set_aside_misplaced_keys(job, plan, table))
    outcome = merge(job, plan, table)
    analyze(table)
    return table, outcome


def _merged_members(job: ImportJob, plan: Plan) -> tuple[Table | None, Outcome]:
    """Who is meant is looked up again: people may have come and gone since the import was checked."""
    _count_rejected(job, set_aside_strangers(job, plan))
    return None, merge_members(job, plan)


def cancel_import(job: ImportJob) -> None:
    """Forget what was staged; the table is as it was. The rejects stay, to be looked at."""
    with _held(job), transaction.atomic():
        drop_staging(job)
        move_one(job, IMPORT, "cancelled", finished_at=Now())


def _refuse_missing(path: Path) -> None:
    if not path.is_file():
        raise ImportRefused(
            "no_such_file",
            _("There is no file “%(path)s”.") % {"path": path},
            _("Check the path, and that Tutti's account may read the file."),
        )


@contextmanager
def _held(job: ImportJob) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_CLASS, job.pk])
        if not cursor.fetchone()[0]:
            raise ImportRefused(
                "busy", _("Another process is working on this import."), _("Wait until it is through.")
            )
    try:
        job.refresh_from_db()
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_CLASS, job.pk])


@contextmanager
def _recorded(job: ImportJob) -> Iterator[None]:
    """A failure leaves its words with the job, whatever it was, and is raised on."""
    try:
        yield
    except ImportRefused as error:
        drop_staging(job)
        move_one(job, IMPORT, "refused", error=str(error), finished_at=Now())
        raise
    except ProblemsError as error:
        move_one(job, IMPORT, "failed", error=str(error))
        raise
    except (DatabaseError, OSError) as error:
        move_one(job, IMPORT, "failed", error=_first_line(error))
        raise


def _first_line(error: Exception) -> str:
    """What went wrong; the lines behind it may quote the row, which not everybody may see who sees the import."""
    return str(error).partition("\n")[0]


def _begin(job: ImportJob, plan: Plan) -> None:
    path = Path(job.path)
    _refuse_missing(path)
    if fingerprint_of(path) != job.fingerprint:
        raise ImportRefused(
            "file_changed",
            _("The file is not the one this import began with."),
            _("Put the old file back, or begin a new import."),
        )
    if job.state != "reading":
        move_one(job, IMPORT, "reading", started_at=Now(), error="")
    if not is_whole(job):
        with transaction.atomic():
            create_staging(job, plan)
    job.refresh_from_db()


def _read(job: ImportJob, plan: Plan, progress: Progress) -> Keys | None:
    """Which keys may be repeated; what was read before an interruption is not known any more."""
    behind = Behind(from_start=job.bytes_done == plan.offset)
    with _batches(job, plan) as batches:
        at_once = portioning.PARQUET_BATCHES if plan.parquet else portioning.BLOCKS
        for portion in portioning.portions(behind.noted(prefetched(batches)), at_once):
            stage(job, plan, portion)
            progress(job)
    return behind.keys


@contextmanager
def _batches(job: ImportJob, plan: Plan) -> Iterator[Iterable[Checked]]:
    """What is left of the file. Of a Parquet file the position is a row, not a byte."""
    start = Position(job.bytes_done, job.lines_done)
    path = Path(job.path)
    if plan.parquet:
        usable = [column for column in read_parquet_header(path).columns if column.type]
        yield map(Checker(plan).check, ParquetReader(path, usable, start=start))
        return
    with path.open("rb") as stream:
        yield sifted(stream, plan, start)


@transaction.atomic
def _conclude(job: ImportJob, plan: Plan, behind: Keys | None) -> None:
    _sort_in_memory()
    _analyze_staging(job)
    _count_rejected(job, repeated := set_aside_repeated_keys(job, plan, behind))
    if repeated * FEW > job.rows_accepted:
        _analyze_staging(job)
    outcome = _foretold_members(job, plan) if job.audience_id else _foretold_rows(job, plan)
    move_one(
        job,
        IMPORT,
        "checked",
        rows_inserted=outcome.inserted,
        rows_updated=outcome.updated,
        rows_deleted=outcome.deleted,
    )


def _analyze_staging(job: ImportJob) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ANALYZE {}").format(staging_name(job)))


def _foretold_rows(job: ImportJob, plan: Plan) -> Outcome:
    table = Table.objects.filter(slug=job.target).first()
    if table:
        _count_rejected(job, set_aside_misplaced_keys(job, plan, table))
    return foretell(job, plan, table)


def _foretold_members(job: ImportJob, plan: Plan) -> Outcome:
    _count_rejected(job, set_aside_strangers(job, plan))
    return foretell_members(job, plan)


def _count_rejected(job: ImportJob, rows: int) -> None:
    ImportJob.objects.filter(pk=job.pk).update(
        rows_accepted=F("rows_accepted") - rows, rows_rejected=F("rows_rejected") + rows
    )
    job.refresh_from_db()


def _refuse_unready(job: ImportJob) -> None:
    if job.state != "checked":
        raise ImportRefused(
            "not_checked",
            _("The import is %(state)s.") % {"state": job.get_state_display()},
            _("Check it first; only a checked import can be applied."),
        )
    creates = Plan.model_validate(job.plan).creates
    if job.audience_id is None and creates == Table.objects.filter(slug=job.target).exists():
        raise ImportRefused(
            "table_changed",
            _("The table “%(table)s” was created or removed since the import was checked.")
            % {"table": job.target},
            _("Begin a new import of the file."),
        )
    if not is_whole(job):
        raise ImportRefused(
            "staging_lost",
            _("The staged rows were lost when the database went down."),
            _("Check the import again."),
        )


def _sort_in_memory() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('work_mem', %s, true)", [SORT_MEMORY])
