"""From the staged rows into the table: what would happen, counted; and making it happen, in one transaction.

Rows are found by the same conditions in a dry run and in the real one, so their numbers are the same on unchanged data.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, LiteralString

from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql

from campaigns.imports.key_order import Keys
from campaigns.imports.plans import Plan, managed_table
from campaigns.imports.staging import LINE, staging_name, staging_table
from campaigns.introspection import STAGING_SCHEMA
from campaigns.managed_tables import adopt_managed_table, column_list, has_unique_key, sort_by_key
from campaigns.models import ImportJob, Table
from campaigns.planner import planned
from campaigns.row_order import lie_in_order

DELETE, INSERT = ImportJob.Mode.DELETE, ImportJob.Mode.INSERT
LINE_COLUMN = sql.Identifier(LINE)
REPEATED = sql.Identifier("repeated keys")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Rows of the table that are, or would be, inserted, updated (they differ) and deleted."""

    inserted: int = 0
    updated: int = 0
    deleted: int = 0


def set_aside_repeated_keys(job: ImportJob, plan: Plan, behind: Keys | None) -> int:
    """Reject every row whose key an earlier line of the file has; the number of rows rejected.

    Only keys of `behind` may be repeated. Where those are not known and the table is to be adopted, its primary key is
    tried first, for mostly none is; it has one afterwards.
    """
    if behind is None and plan.creates and has_unique_key(STAGING_SCHEMA, staging_table(job), plan.key):
        return 0
    rejected = _reject_repeated(job, plan) if behind is None else _reject_among(behind, job, plan)
    if plan.creates and not has_unique_key(STAGING_SCHEMA, staging_table(job), plan.key):
        raise RuntimeError(f"import {job.pk}: keys are repeated after {rejected} rows were set aside")
    return rejected


def _reject_repeated(job: ImportJob, plan: Plan) -> int:
    """Repeated keys are looked for first, and then the rows they are on, which are few."""
    with _repeated_keys(job, plan):
        return _reject_later(job, plan, _fill(sql.SQL(_ROWS_OF_KEYS + _REPEATED_ONLY), job, plan, None))


def _reject_among(keys: Keys, job: ImportJob, plan: Plan) -> int:
    if not keys:
        return 0
    rows = _fill(sql.SQL(_ROWS_OF_KEYS + " WHERE {key} = ANY("), job, plan, None)
    return _reject_later(job, plan, rows + sql.Literal(list(keys)) + sql.SQL("::bigint[])"))


def _reject_later(job: ImportJob, plan: Plan, found: sql.Composed) -> int:
    """Of the rows that were found with the first line of each key, those on later lines."""
    return reject(
        job,
        plan,
        found,
        where=sql.SQL("s.ctid = found.place AND found.first < s.{}").format(LINE_COLUMN),
        reason=sql.SQL("{} || found.first").format(sql.Literal(_("The key was on an earlier line: "))),
    )


@contextmanager
def _repeated_keys(job: ImportJob, plan: Plan) -> Iterator[None]:
    """A table of the keys that several rows have.

    They are told apart by sorting: hashing a whole file of them takes twice the time and the memory.
    """
    query = "CREATE TEMP TABLE {repeated} AS SELECT {key} FROM {staging} GROUP BY {key} HAVING count(*) > 1"
    with connection.cursor() as cursor:
        with planned({"enable_hashagg": "off"}):
            cursor.execute(_fill(sql.SQL(query), job, plan, None))
        cursor.execute(sql.SQL("ANALYZE {}").format(REPEATED))
        yield
        cursor.execute(sql.SQL("DROP TABLE {}").format(REPEATED))


def set_aside_misplaced_keys(job: ImportJob, plan: Plan, table: Table) -> int:
    """Reject what the mode forbids: keys that are there already (insert), keys that are not (delete)."""
    if job.mode not in (INSERT, DELETE):
        return 0
    wanted = job.mode == DELETE
    reason = (
        _("No row of the table has this key.")
        if wanted
        else _("A row with this key is in the table already.")
    )
    return reject(
        job,
        plan,
        sql.SQL(
            "SELECT s.{line} AS line, EXISTS (SELECT FROM {table} t WHERE {same}) AS present FROM {staging} s"
        ),
        where=of_its_line("NOT found.present" if wanted else "found.present"),
        reason=sql.SQL("{}").format(sql.Literal(reason)),
        table=table,
    )


def foretell(job: ImportJob, plan: Plan, table: Table | None) -> Outcome:
    """What merging would do to the table as it is now; None stands for a table that will be created."""
    if table is None:
        return Outcome(inserted=job.rows_accepted)
    if job.mode == DELETE:
        return Outcome(deleted=job.rows_accepted)
    query = sql.SQL(
        "SELECT count(*) FILTER (WHERE t.{key_column} IS NULL),"
        " count(*) FILTER (WHERE t.{key_column} IS NOT NULL AND {differs})"
        " FROM {staging} s LEFT JOIN {table} t ON {same}"
    )
    inserted, updated = _execute(_fill(query, job, plan, table))
    return Outcome(inserted=inserted, updated=updated)


def adopt(job: ImportJob, plan: Plan) -> Table:
    """Make the staged rows the table that the import creates, in the caller's transaction.

    They are written again only where they do not lie in the order of their key, as those of most files do.
    """
    sorted_already = _lies_in_order(job, plan)
    wanted = managed_table(job.target, plan)
    table = adopt_managed_table(wanted, STAGING_SCHEMA, staging_table(job), beside=LINE)
    if not sorted_already:
        sort_by_key(table)
        analyze(table)
    return table


def _lies_in_order(job: ImportJob, plan: Plan) -> bool:
    """Nothing is known of an empty table, which need not be written again either."""
    return lie_in_order(STAGING_SCHEMA, staging_table(job), plan.key[0]) is not False


def merge(job: ImportJob, plan: Plan, table: Table) -> Outcome:
    """Do it, in the caller's transaction."""
    if job.mode == DELETE:
        return Outcome(deleted=_count(_fill(_DELETE, job, plan, table)))
    updated = _count(_fill(_UPDATE, job, plan, table)) if plan.values and job.mode != INSERT else 0
    return Outcome(inserted=_count(_fill(_INSERT_NEW, job, plan, table)), updated=updated)


def lock(table: Table) -> None:
    """Keep other writers out until the transaction ends; readers, and so running campaigns, go on."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(
                sql.Identifier(table.schema_name, table.table_name)
            )
        )


def analyze(table: Table) -> None:
    name = sql.Identifier(table.schema_name, table.table_name)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ANALYZE {}").format(name))
        cursor.execute(
            "SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [name.as_string(None)]
        )
        table.row_estimate = cursor.fetchone()[0]
    table.save(update_fields=["row_estimate"])


_ROWS_OF_KEYS = "SELECT s.ctid AS place, min(s.{line}) OVER (PARTITION BY {key}) AS first FROM {staging} s"
_REPEATED_ONLY = " JOIN {repeated} r USING ({key})"
_INSERT_NEW = sql.SQL(
    "INSERT INTO {table} ({columns}) SELECT {columns} FROM {staging} s"
    " WHERE NOT EXISTS (SELECT FROM {table} t WHERE {same}) ORDER BY {key}"
)
_UPDATE = sql.SQL("UPDATE {table} t SET {assignments} FROM {staging} s WHERE {same} AND {differs}")
_DELETE = sql.SQL("DELETE FROM {table} t USING {staging} s WHERE {same}")


def _fill(query: sql.SQL, job: ImportJob, plan: Plan, table: Table | None) -> sql.Composed:
    values = plan.values
    same = [sql.SQL("t.{0} = s.{0}").format(sql.Identifier(name)) for name in plan.key]
    different = [sql.SQL("t.{0} IS DISTINCT FROM s.{0}").format(sql.Identifier(name)) for name in values]
    assigned = [sql.SQL("{0} = s.{0}").format(sql.Identifier(name)) for name in values]
    return query.format(
        table=sql.Identifier(table.schema_name, table.table_name) if table else sql.SQL(""),
        staging=staging_name(job),
        line=LINE_COLUMN,
        repeated=REPEATED,
        columns=column_list([column.name for column in plan.columns]),
        key=column_list(plan.key),
        key_column=sql.Identifier(plan.key[0]),
        same=sql.SQL(" AND ").join(same),
        differs=sql.SQL("({})").format(sql.SQL(" OR ").join(different)) if values else sql.SQL("false"),
        assignments=sql.SQL(", ").join(assigned),
    )


def reject(
    job: ImportJob,
    plan: Plan,
    found: sql.Composable,
    *,
    where: sql.Composable,
    reason: sql.Composable,
    table: Table | None = None,
) -> int:
    """Move the staged rows `s` to the rejects for which `where` holds of one that `found` gives."""
    cells = [sql.SQL("s.{}::text").format(sql.Identifier(column.name)) for column in plan.columns]
    query = sql.SQL(
        "WITH found AS ({found}), gone AS ("
        " DELETE FROM {staging} s USING found WHERE {where}"
        " RETURNING s.{line} AS line, {reason} AS reason,"
        " array_to_string(ARRAY[{cells}], {delimiter}, '') AS content)"
        ' INSERT INTO campaigns_importreject (job_id, line_number, "column", reason, content)'
        " SELECT {job}, line, {header}, reason, left(content, 10000) FROM gone"
    ).format(
        found=_fill(found, job, plan, table) if isinstance(found, sql.SQL) else found,
        staging=staging_name(job),
        line=LINE_COLUMN,
        where=where,
        reason=reason,
        cells=sql.SQL(", ").join(cells),
        delimiter=sql.Literal(plan.delimiter),
        job=sql.Literal(job.pk),
        header=sql.Literal(", ".join(column.header for column in plan.columns if column.key)[:200]),
    )
    return _count(query)


def of_its_line(what: LiteralString) -> sql.Composed:
    """A condition of the row that was found for a staged one, by its `line`."""
    return sql.SQL("s.{} = found.line AND " + what).format(LINE_COLUMN)


def _count(query: sql.Composed) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.rowcount)


def _execute(query: sql.Composed) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        found: tuple[Any, ...] = cursor.fetchone()
        return found
