"""Loading the demo data into managed tables: DuckDB writes CSV, PostgreSQL copies it in. Safe to repeat."""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg import sql

from campaigns.introspection import CatalogueError, rows
from campaigns.managed_tables import DATA_SCHEMA, add_index, add_primary_key, create_managed_table
from campaigns.models import Table
from campaigns.problems import Problem, ProblemsError
from config.demo_data.consents import seed_consents
from config.demo_data.joins import add_missing_dimensions, add_missing_links
from config.demo_data.people import make_people
from config.demo_data.source import open_source
from config.demo_data.tables import DEMO_TABLES, DemoTable

LOCK = 0x7475_7474_69
BLOCK = 1 << 20
INDEX_MEMORY = "256MB"
HALF_A_HAIR = 1e-9

_HOUSEHOLDS = """
    SELECT household_id FROM transactions UNION SELECT household_id FROM campaigns
    UNION SELECT household_id FROM demographics UNION SELECT household_id FROM coupon_redemptions
    ORDER BY 1
"""
_NOT_CENTS = """
    SELECT count(*) FROM transactions
     WHERE greatest(abs(sales_value - round(sales_value, 2)), abs(retail_disc - round(retail_disc, 2)),
                    abs(coupon_disc - round(coupon_disc, 2)),
                    abs(coupon_match_disc - round(coupon_match_disc, 2))) > ?
"""

Say = Callable[[str], object]


def load_demo_data(say: Say) -> dict[str, int]:
    """Load what is not there yet and register it; rows per table. All of it happens or none.

    Raises ProblemsError without the package, and CatalogueError where a name is taken by something else.
    """
    with open_source() as source, tempfile.TemporaryDirectory() as folder, transaction.atomic():
        rows("SELECT pg_advisory_xact_lock(%s)", LOCK)
        rows("SELECT set_config('maintenance_work_mem', %s, true)", INDEX_MEMORY)
        refuse_uneven_money(source)
        households = [household for (household,) in source.execute(_HOUSEHOLDS).fetchall()]
        _make_people(source, Path(folder) / "people.csv", households)
        counts = {demo.table.slug: _load(source, demo, Path(folder), say) for demo in DEMO_TABLES}
        tables = {table.slug: table for table in Table.objects.filter(slug__in=counts)}
        add_missing_links(tables)
        add_missing_dimensions(tables)
        seed_consents(households)
    return counts


def refuse_uneven_money(source: duckdb.DuckDBPyConnection) -> None:
    """Rounding floating point to cents is only right where the value was cents all along."""
    ((uneven,),) = source.execute(_NOT_CENTS, [HALF_A_HAIR]).fetchall()
    if uneven:
        problem = Problem(
            code="demo.money_is_not_cents",
            path="/transaction",
            message=_("%(count)d amounts of the source are not whole cents.") % {"count": uneven},
            remedy=_("Install the version of the package that requirements-demo.txt names."),
        )
        raise ProblemsError([problem])


def _make_people(source: duckdb.DuckDBPyConnection, path: Path, households: Sequence[int]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        for p in make_people(households):
            writer.writerow([p.household_id, p.first_name, p.email, p.phone, p.language, p.time_zone])
    columns = ("household_id", "first_name", "email", "phone", "language", "time_zone")
    types = {name: "BIGINT" if name == "household_id" else "VARCHAR" for name in columns}
    source.read_csv(str(path), header=False, names=list(columns), dtype=types).create_view("people")


def _load(source: duckdb.DuckDBPyConnection, demo: DemoTable, folder: Path, say: Say) -> int:
    started = time.monotonic()
    relation = source.sql(demo.query)
    expected = int(relation.aggregate("count(*)").fetchall()[0][0])
    table = _present(demo)
    if table and _count(demo) == expected:
        say(
            _("%(table)s: %(count)s rows are there already")
            % {"table": demo.table.slug, "count": f"{expected:,}"}
        )
        return expected
    path = folder / f"{demo.table.slug}.csv"
    relation.write_csv(str(path), header=False)
    if table:
        _empty(demo)
        _copy(demo, path)
    else:
        table = create_managed_table(demo.table)
        _copy(demo, path)
        _index(table, demo)
    _analyze(table)
    path.unlink()
    say(
        _("%(table)s: %(count)s rows in %(seconds).1f s")
        % {"table": demo.table.slug, "count": f"{expected:,}", "seconds": time.monotonic() - started}
    )
    return expected


def _present(demo: DemoTable) -> Table | None:
    table = Table.objects.filter(slug=demo.table.slug).first()
    if table and (table.schema_name, table.origin) != (DATA_SCHEMA, Table.Origin.MANAGED):
        raise CatalogueError(
            "demo.slug_taken",
            demo.table.slug,
            _("The table “%(slug)s” is registered and is not the demo's.") % {"slug": demo.table.slug},
            _("Load the demo data into another installation, or register that table under another slug."),
        )
    return table


def _count(demo: DemoTable) -> int:
    return int(rows(sql.SQL("SELECT count(*) FROM {}").format(_name(demo)))[0][0])


def _empty(demo: DemoTable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("TRUNCATE {}").format(_name(demo)))


def _copy(demo: DemoTable, path: Path) -> None:
    """FREEZE marks the pages as visible to all, so that index-only scans work at once."""
    statement = sql.SQL("COPY {} FROM STDIN (FORMAT csv, FREEZE)").format(_name(demo))
    with path.open("rb") as stream, connection.cursor() as cursor, cursor.copy(statement) as copy:
        while block := stream.read(BLOCK):
            copy.write(block)


def _index(table: Table, demo: DemoTable) -> None:
    add_primary_key(table, demo.table.key)
    for index in demo.indexes:
        add_index(table, on=index.on, include=index.include, unique=index.unique)


def _analyze(table: Table) -> None:
    name = sql.Identifier(table.schema_name, table.table_name)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ANALYZE {}").format(name))
        cursor.execute(
            "SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [f"{DATA_SCHEMA}.{table.slug}"]
        )
        table.row_estimate = cursor.fetchone()[0]
    table.save(update_fields=["row_estimate"])


def _name(demo: DemoTable) -> sql.Identifier:
    return sql.Identifier(DATA_SCHEMA, demo.table.slug)
