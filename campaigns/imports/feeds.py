"""Rows from a program into a managed table, at once: the same checks, the same staging and the same merging as a file.

Every feed is an import of its own, which stays to be looked at. A managed table holds no consents: those are kept
apart, so that no feed can raise one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import DataError, IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from campaigns.audit import record
from campaigns.imports.copy_text import copy_text
from campaigns.imports.feed_rows import RowFault, RowReader, Shape, SortedRows
from campaigns.imports.merging import Outcome, analyze, lock, merge, set_aside_misplaced_keys
from campaigns.imports.plans import Plan
from campaigns.imports.staging import copy_rows, create_staging, drop_staging
from campaigns.models import ImportJob, ImportReject, Table
from campaigns.problems import Problem, ProblemsError
from campaigns.states import IMPORT, move_one

MOST_ROWS = 50_000
MOST_SHAPES = 50
MOST_TOLD = 1_000
ANALYZE_SHARE = 10
SOURCE = "API"


@dataclass(frozen=True, slots=True)
class Fed:
    """What a feed did. `faults` names refused rows, at most a thousand of them; `refused` counts them all."""

    job: ImportJob
    outcome: Outcome
    refused: int
    faults: tuple[RowFault, ...]


@transaction.atomic
def feed_rows(
    table: Table, rows: Sequence[Any], *, mode: ImportJob.Mode, partial: bool = False, by: User | None = None
) -> Fed:
    """Insert, update or delete rows by their key. A field that a row lacks stays as it is.

    Unless `partial`, one unfit row refuses them all: ProblemsError, which names each, and nothing is changed.
    """
    _refuse_unfit(table, rows)
    reader = RowReader(table, keys_only=mode == ImportJob.Mode.DELETE)
    if not reader.key:
        raise _refusal("no_key", _("The table has no key."), _("Give it a primary key first."))
    found = reader.sort(rows)
    _refuse_faulty(found.faults, partial)
    job = _begin(table, len(rows), mode=mode, by=by)
    lock(table)
    outcome = _merge_all(job, table, reader, found)
    _refuse_faulty(found.faults, partial)
    _end(job, len(rows), found.faults, outcome)
    _keep_statistics(table, outcome)
    told = tuple(sorted(found.faults, key=lambda fault: fault.row)[:MOST_TOLD])
    return Fed(job, outcome, len(found.faults), told)


def _refuse_unfit(table: Table, rows: Sequence[Any]) -> None:
    if table.origin != Table.Origin.MANAGED:
        raise _refusal(
            "not_managed",
            _("“%(table)s” is not a managed table; Tutti never writes to it.") % {"table": table.slug},
            _("Change it where it belongs, or import into a table of another name."),
        )
    if not 0 < len(rows) <= MOST_ROWS:
        raise _refusal(
            "bad_number_of_rows",
            _("There are %(count)d rows.") % {"count": len(rows)},
            _("Send 1 to %(most)d rows at once.") % {"most": MOST_ROWS},
        )


def _refuse_faulty(faults: Sequence[RowFault], partial: bool) -> None:
    if faults and not partial:
        raise ProblemsError(
            Problem(
                "feed.unfit_row",
                f"/rows/{fault.row - 1}" + (f"/{fault.field}" if fault.field else ""),
                fault.reason,
                _("Correct the row, or send “on_error” as “skip” to leave such rows out."),
            )
            for fault in faults[:MOST_TOLD]
        )


def _begin(table: Table, count: int, *, mode: ImportJob.Mode, by: User | None) -> ImportJob:
    job = ImportJob.objects.create(
        target=table.slug, table=table, file_name=SOURCE, mode=mode, dry_run=False, by=by
    )
    record(f"feed.{mode}", f"table {table.slug}", by=by, number=job.pk, rows=count)
    move_one(job, IMPORT, "reading", started_at=Now())
    return job


def _merge_all(job: ImportJob, table: Table, reader: RowReader, found: SortedRows) -> Outcome:
    if len(found.by_shape) > MOST_SHAPES:
        raise _refusal(
            "too_many_shapes",
            _("The rows have %(count)d different sets of fields.") % {"count": len(found.by_shape)},
            _("Send rows with the same fields together."),
        )
    total = Outcome()
    for shape, rows in found.by_shape.items():
        try:
            outcome, misplaced = _merge_shape(job, table, _plan(reader, shape), rows)
        except (DataError, IntegrityError) as error:
            reason = str(error).partition("\n")[0][:200]
            raise _refusal(
                "refused_by_database",
                _("The database refuses a value: %(reason)s.") % {"reason": reason},
                _("Correct the value. Nothing was changed."),
            ) from error
        found.faults += misplaced
        total = Outcome(
            total.inserted + outcome.inserted,
            total.updated + outcome.updated,
            total.deleted + outcome.deleted,
        )
    return total


def _plan(reader: RowReader, shape: Shape) -> Plan:
    return Plan(delimiter=",", width=len(shape), offset=0, line=0, columns=tuple(reader.columns(shape)))


def _merge_shape(
    job: ImportJob, table: Table, plan: Plan, rows: Sequence[tuple[int, list[str]]]
) -> tuple[Outcome, list[RowFault]]:
    """Rows that have the same fields; those whose keys the mode forbids come back as faults."""
    create_staging(job, plan)
    copy_rows(job, plan, [copy_text([number, *cells] for number, cells in rows)])
    misplaced = set_aside_misplaced_keys(job, plan, table)
    job.rows_accepted = len(rows) - misplaced
    outcome = merge(job, plan, table)
    rejects = ImportReject.objects.filter(job=job).values_list("line_number", "column", "reason")
    faults = [RowFault(*reject) for reject in rejects]
    drop_staging(job)
    return outcome, faults


def _end(job: ImportJob, rows: int, faults: Sequence[RowFault], outcome: Outcome) -> None:
    ImportReject.objects.filter(job=job).delete()
    refused = [
        ImportReject(
            job=job, line_number=fault.row, column=fault.field[:200], reason=fault.reason[:500], content=""
        )
        for fault in faults
    ]
    ImportReject.objects.bulk_create(refused)
    count = rows - len(refused)
    move_one(job, IMPORT, "checked")
    move_one(
        job,
        IMPORT,
        "succeeded",
        finished_at=Now(),
        rows_read=rows,
        rows_accepted=count,
        rows_rejected=len(refused),
        rows_inserted=outcome.inserted,
        rows_updated=outcome.updated,
        rows_deleted=outcome.deleted,
    )


def _keep_statistics(table: Table, outcome: Outcome) -> None:
    """Plans follow what is known of a table: read again after a big change, reckoned after a small one."""
    known = table.row_estimate or 0
    changed = outcome.inserted + outcome.updated + outcome.deleted
    if changed * ANALYZE_SHARE > known:
        analyze(table)
        return
    Table.objects.filter(pk=table.pk).update(row_estimate=max(0, known + outcome.inserted - outcome.deleted))


def _refusal(code: str, message: str, remedy: str) -> ProblemsError:
    return ProblemsError([Problem(f"feed.{code}", "", message, remedy)])
