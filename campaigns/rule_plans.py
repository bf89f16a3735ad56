"""The statement a rule becomes, and its plan in words and figures: what an author may read of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.query_plans import PlanNode, QueryPlan, explain, plan_words
from campaigns.rule_questions import RuleQuestion
from campaigns.targeting.render import render
from campaigns.targeting.schema import Catalogue


@dataclass(frozen=True, slots=True)
class Scan:
    """A step that reads a table; `table` is its slug, its name in the database where it is not registered."""

    table: str
    label: str
    kind: str
    rows: int
    reads_whole_table: bool
    index: str


@dataclass(frozen=True, slots=True)
class RulePlan:
    """The SQL for reading, and what PostgreSQL thinks of it; `seconds` only where it was executed."""

    sql: str
    summary: Sequence[str]
    rows: int
    cost: float
    seconds: float | None
    scans: Sequence[Scan]


def planned(question: RuleQuestion, *, analyze: bool = False) -> RulePlan:
    """Raises RuleError; Unanswered where it is to be executed and takes too long."""
    plan = plan_of(question, analyze=analyze)
    known = {(table.schema, table.name): table for table in question.catalogue.tables.values()}
    labels = {place: table.label for place, table in known.items()}
    return RulePlan(
        sql=question.sql(),
        summary=plan_words(plan, labels),
        rows=plan.rows,
        cost=plan.cost,
        seconds=plan.seconds,
        scans=[_scan(node, question.catalogue) for node in plan.scans],
    )


def plan_of(question: RuleQuestion, *, analyze: bool = False) -> QueryPlan:
    """The plan of selecting the rule's keys: that of an audience, not that of a count."""
    return explain(render(question.selection()), analyze=analyze)


def _scan(node: PlanNode, known: Catalogue) -> Scan:
    table = next(
        (each for each in known.tables.values() if (each.schema, each.name) == (node.schema, node.table)),
        None,
    )
    slug, label = (table.slug, table.label) if table else (node.table, node.table)
    return Scan(slug, label, node.kind, node.rows, node.reads_whole_table, node.index)
