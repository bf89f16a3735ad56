"""The table an import is staged in: fit rows of the file, typed, each with its line number; and the rejects.

Every portion of batches is one transaction that holds its rows, its rejects and the new position in the file, so that an
interrupted import goes on exactly where its last commit was. Rows for a table that is there are merged from a table that
is not crash-safe, which saves writing them twice: `is_whole` tells when PostgreSQL itself went down and has emptied it.
Rows of a new table are staged in that very table, which is adopted when the import is applied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db import connection, transaction
from psycopg import sql

from campaigns.imports.checking import Checked
from campaigns.imports.plans import Plan, managed_table
from campaigns.imports.records import Fault
from campaigns.introspection import STAGING_SCHEMA
from campaigns.managed_tables import DATABASE_TYPE, begin_managed_table, column_list
from campaigns.models import ImportJob, ImportReject

LINE = "import line"

_PERSISTENCE = "SELECT relpersistence FROM pg_class WHERE oid = to_regclass(%s)"
_PASSING = "u"
_COPY_REJECTS = 'COPY campaigns_importreject (job_id, line_number, "column", reason, content) FROM STDIN'


def staging_name(job: ImportJob) -> sql.Identifier:
    return sql.Identifier(STAGING_SCHEMA, staging_table(job))


def staging_table(job: ImportJob) -> str:
    return f"import_{job.pk}"


def create_staging(job: ImportJob, plan: Plan) -> None:
    """Begin from nothing: an empty staging table, no rejects, no progress."""
    drop_staging(job)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(STAGING_SCHEMA)))
    if plan.creates:
        begin_managed_table(managed_table(job.target, plan), STAGING_SCHEMA, staging_table(job), beside=LINE)
    else:
        _create_passing(job, plan)
    ImportReject.objects.filter(job=job).delete()
    ImportJob.objects.filter(pk=job.pk).update(
        bytes_done=plan.offset, lines_done=plan.line, rows_read=0, rows_accepted=0, rows_rejected=0
    )


def _create_passing(job: ImportJob, plan: Plan) -> None:
    columns = [sql.SQL("{} bigint").format(sql.Identifier(LINE))] + [
        sql.SQL("{} {}").format(sql.Identifier(column.name), DATABASE_TYPE[column.type])
        for column in plan.columns
    ]
    statement = sql.SQL("CREATE UNLOGGED TABLE {} ({}) WITH (autovacuum_enabled = false)")
    with connection.cursor() as cursor:
        cursor.execute(statement.format(staging_name(job), sql.SQL(", ").join(columns)))


def drop_staging(job: ImportJob) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(staging_name(job)))


def is_whole(job: ImportJob) -> bool:
    """Is the staging table there, with every row the job has accepted, and fit to be adopted where it has to be?"""
    with connection.cursor() as cursor:
        cursor.execute(_PERSISTENCE, [f"{STAGING_SCHEMA}.{staging_table(job)}"])
        found = cursor.fetchone()
        if found is None or (found[0] == _PASSING and Plan.model_validate(job.plan).creates):
            return False
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(staging_name(job)))
        return bool(cursor.fetchone()[0] == job.rows_accepted)


@transaction.atomic(durable=True)
def stage(job: ImportJob, plan: Plan, portion: Iterable[Checked]) -> None:
    """Commit batches with the progress they mean. A server that goes down may lose both, and nothing but both."""
    faults: list[Fault] = []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    copy_rows(job, plan, _counted(job, portion, faults))
    if faults:
        _copy_rejects(job, faults)
    job.save(update_fields=["bytes_done", "lines_done", "rows_read", "rows_accepted", "rows_rejected"])


def _counted(job: ImportJob, portion: Iterable[Checked], faults: list[Fault]) -> Iterator[bytes]:
    """The rows of each batch; the faults are put aside, since COPY keeps the connection busy."""
    for batch in portion:
        yield batch.text
        faults += batch.faults
        job.bytes_done, job.lines_done = batch.end.offset, batch.end.line
        job.rows_read += batch.rows + len(batch.faults)
        job.rows_accepted += batch.rows
        job.rows_rejected += len(batch.faults)


def copy_rows(job: ImportJob, plan: Plan, texts: Iterable[str | bytes]) -> None:
    """The rows of `texts`, each after its line, with cells in the plan's order; an empty one is NULL, quoted or not."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, DELIMITER {}, FORCE_NULL *)").format(
        staging_name(job),
        column_list([LINE, *(column.name for column in plan.columns)]),
        sql.Literal(plan.delimiter),
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('timezone', %s, true)", [plan.zone])
        with cursor.copy(statement) as copy:
            for text in texts:
                copy.write(text)


def _copy_rejects(job: ImportJob, faults: Sequence[Fault]) -> None:
    with connection.cursor() as cursor, cursor.copy(_COPY_REJECTS) as copy:
        for fault in faults:
            copy.write_row((job.pk, fault.line, fault.column[:200], fault.reason[:500], fault.content))
