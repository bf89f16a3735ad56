"""Which index would help a rule that reads a large table wholly: judged by a model, without making it.

The model is PostgreSQL's own, simplified. Reading a table wholly costs its pages and a little for each row. An
index that holds every column asked for costs the share of its pages that the conditions keep, each at the price
of a page read at random, a little for each entry, and a visit to the table for entries on pages not known to be
visible to all. Both are in the planner's units, of which about 250,000 took a second where it was measured; so
seconds are an order of magnitude, and said as such. Nothing here changes anything.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from campaigns.index_candidates import Asked, asked_of_tables
from campaigns.query_plans import PlanNode, QueryPlan, explain
from campaigns.rule_questions import RuleQuestion
from campaigns.targeting.render import render
from campaigns.targeting.rules import dump_rule
from campaigns.targeting.schema import Table

COST_OF_A_SECOND = 250_000
SECONDS_TO_PLAN = 1.0
WORTH_IT = 0.5
"""An index is advised where the model expects at most this share of the cost of reading the table."""
SELECTIVE = 0.2
"""Conditions that keep at most this share of the rows come first in the index, else what the link goes by."""
WIDEST = 200
"""Bytes: a wider column is not carried along."""
_PAGE, _FILLED, _ENTRY = 8192, 0.9, 12
_ROW, _COMPARED, _INDEX_ENTRY = 0.01, 0.0025, 0.005


@dataclass(frozen=True, slots=True)
class Advice:
    """An index that would help, with what is expected of it: rows read and seconds, before and after."""

    table: str
    label: str
    columns: Sequence[str]
    include: Sequence[str]
    statement: str
    rows: int
    seconds: float
    seconds_after: float


@dataclass(frozen=True, slots=True)
class Size:
    """What PostgreSQL knows of a table: pages, rows, the share of pages visible to all, bytes by column."""

    pages: int
    rows: float
    visible: float
    widths: dict[str, int]


def seconds_of(plan: QueryPlan) -> float:
    """About how long a statement will take."""
    return plan.cost / COST_OF_A_SECOND


def advice_on(question: RuleQuestion) -> list[Advice]:
    """Indexes for a rule that takes longer than RULE_SLOW_SECONDS, the most helpful first; raises RuleError, Unanswered."""
    plan = plan_apart(question)
    if seconds_of(plan) <= settings.RULE_SLOW_SECONDS:
        return []
    whole = {(node.schema, node.table): node for node in plan.whole_scans}
    found: dict[str, Advice] = {}
    for asked in asked_of_tables(question):
        table = question.catalogue.tables[asked.table]
        node = whole.get((table.schema, table.name))
        made = _judged(question, asked, table) if node and _matters(node, plan) else None
        if made:
            found[made.statement] = made
    return sorted(found.values(), key=lambda each: each.seconds_after - each.seconds)


def plan_apart(question: RuleQuestion) -> QueryPlan:
    """The plan; what asking for it sets in a transaction around it is taken back."""
    with transaction.atomic():
        try:
            return explain(render(question.selection()), seconds=SECONDS_TO_PLAN)
        finally:
            transaction.set_rollback(True)


def _matters(node: PlanNode, plan: QueryPlan) -> bool:
    return node.total_cost >= plan.cost / 10


def _judged(question: RuleQuestion, asked: Asked, table: Table) -> Advice | None:
    size = size_of(table)
    share = _share(question, asked, size)
    by_link = bool(asked.linked) and share > SELECTIVE
    key, include = asked.by_link() if by_link else asked.by_condition()
    narrow = [each for each in include if size.widths.get(table.columns[each].name, 0) <= WIDEST]
    if not key or size.rows <= 0:
        return None
    columns, carried = ([table.columns[each].name for each in names] for names in (key, narrow))
    before = size.pages + size.rows * (_ROW + _COMPARED * max(1, len(asked.conditions)))
    read = 1.0 if by_link else share
    after = index_cost(size, [*columns, *carried], read, covers=len(narrow) == len(include))
    if after > before * WORTH_IT:
        return None
    return Advice(
        table.slug,
        table.label,
        columns,
        carried,
        index_statement(table, columns, carried),
        round(size.rows),
        before / COST_OF_A_SECOND,
        after / COST_OF_A_SECOND,
    )


def index_cost(size: Size, columns: Sequence[str], share: float, *, covers: bool) -> float:
    """What reading a share of an index costs, and of the table what the index does not answer for."""
    width = sum(size.widths.get(each, 8) for each in columns) + _ENTRY
    pages = size.rows * width / (_PAGE * _FILLED)
    entries = share * size.rows
    visits = entries * (1 - size.visible) if covers else entries
    at_random = _setting("random_page_cost")
    table = min(visits, size.pages) * at_random
    return share * pages * at_random + entries * (_ROW + _INDEX_ENTRY + _COMPARED) + table


def _share(question: RuleQuestion, asked: Asked, size: Size) -> float:
    """Of the table's rows the share that its conditions keep, as PostgreSQL expects."""
    if not asked.conditions or size.rows <= 0:
        return 1.0
    rule = {"kind": "all", "of": [dump_rule(each) for each in asked.conditions]}
    plan = plan_apart(replace(question, data=rule, table=asked.table, columns={}))
    return min(1.0, plan.rows / size.rows)


def index_statement(table: Table, columns: Sequence[str], include: Sequence[str]) -> str:
    """The CREATE INDEX to be copied; PostgreSQL names the index."""
    carried = sql.SQL(" INCLUDE ({})").format(_listed(include)) if include else sql.SQL("")
    statement = sql.SQL("CREATE INDEX CONCURRENTLY ON {table} ({columns}){carried}").format(
        table=sql.Identifier(table.schema, table.name), columns=_listed(columns), carried=carried
    )
    return statement.as_string(connection.connection)


def _listed(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


_SIZE = """
SELECT c.relpages, c.reltuples, CASE WHEN c.relpages > 0 THEN c.relallvisible::float8 / c.relpages ELSE 0 END,
       coalesce((SELECT jsonb_object_agg(s.attname, s.avg_width) FROM pg_stats AS s
                  WHERE s.schemaname = n.nspname AND s.tablename = c.relname), '{}')::text
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname = %s AND c.relname = %s
"""


def size_of(table: Table) -> Size:
    with connection.cursor() as cursor:
        cursor.execute(_SIZE, [table.schema, table.name])
        found = cursor.fetchone()
    return Size(found[0], found[1], found[2], json.loads(found[3])) if found else Size(0, 0.0, 0.0, {})


def _setting(name: str) -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)::float8", [name])
        return float(cursor.fetchone()[0])
