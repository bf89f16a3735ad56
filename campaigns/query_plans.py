"""PostgreSQL's plan of a statement as clean values: its steps, what they read, how many rows it expects.

Reading plans is this module's part, and saying the main points in words; what to do about a slow one is for
others to say.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.limited_queries import SECONDS, Unanswered, answer
from campaigns.targeting.render import Statement

_CONDITIONS = {
    "Filter": "filter",
    "Index Cond": "index",
    "Recheck Cond": "index",
    "Hash Cond": "join",
    "Merge Cond": "join",
    "Join Filter": "join",
    "TID Cond": "index",
}


@dataclass(frozen=True, slots=True)
class PlanCondition:
    """A condition a step applies: `use` is filter, index or join; `text` is PostgreSQL's own rendering."""

    use: str
    text: str


@dataclass(frozen=True)
class PlanNode:
    """One step. Rows and costs are estimates for one pass; `actual_*` are None unless it was executed, and
    then for all passes together, seconds including the steps below.
    """

    kind: str
    rows: int
    startup_cost: float
    total_cost: float
    width: int
    schema: str = ""
    table: str = ""
    alias: str = ""
    index: str = ""
    conditions: tuple[PlanCondition, ...] = ()
    removed_by_filter: int | None = None
    actual_rows: int | None = None
    actual_loops: int | None = None
    actual_seconds: float | None = None
    children: tuple[PlanNode, ...] = ()

    def walk(self) -> Iterator[PlanNode]:
        """This step and all below it, outermost first."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def reads_whole_table(self) -> bool:
        return self.kind == "Seq Scan"


@dataclass(frozen=True)
class QueryPlan:
    """A whole plan. `seconds` is how long it took, None unless it was executed."""

    root: PlanNode
    planning_seconds: float | None = None
    seconds: float | None = None

    @cached_property
    def nodes(self) -> tuple[PlanNode, ...]:
        return tuple(self.root.walk())

    @property
    def rows(self) -> int:
        """Rows that come out, estimated."""
        return self.root.rows

    @property
    def cost(self) -> float:
        """In the planner's own units: for comparing plans of one server, nothing else."""
        return self.root.total_cost

    @property
    def scans(self) -> tuple[PlanNode, ...]:
        """The steps that read tables."""
        return tuple(node for node in self.nodes if node.table)

    @property
    def whole_scans(self) -> tuple[PlanNode, ...]:
        """The steps that read every row of a table."""
        return tuple(node for node in self.scans if node.reads_whole_table)


class TooDeep(Unanswered):
    """Steps stand in steps deeper than can be read."""

    def __init__(self) -> None:
        message = _("The plan has too many steps inside each other to be shown.")
        super().__init__(message, _("Nest the rule less deep, or look at a part of it."))


def explain(statement: Statement, *, analyze: bool = False, seconds: float = SECONDS) -> QueryPlan:
    """The plan; with `analyze` the statement is executed within the limit of time, and can write nothing.

    Raises Unanswered.
    """
    # VERBOSE names the schema of each table; the text is constant and the statement made by `render`.
    words = "(FORMAT JSON, VERBOSE, ANALYZE, BUFFERS FALSE)" if analyze else "(FORMAT JSON, VERBOSE)"
    try:
        explaining = replace(statement, sql="EXPLAIN " + words + " " + statement.sql)
        found = answer(explaining, seconds=seconds)
        raw = found.rows[0][0]
        return read_plan(json.loads(raw) if isinstance(raw, str) else raw)
    except RecursionError:
        raise TooDeep from None


def read_plan(data: Any) -> QueryPlan:
    """The plan in what EXPLAIN (FORMAT JSON) gave."""
    whole = data[0]
    executed = whole.get("Execution Time")
    planning = whole.get("Planning Time")
    return QueryPlan(_node(whole["Plan"]), _seconds(planning), _seconds(executed))


def _seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000


def _node(data: Mapping[str, Any]) -> PlanNode:
    loops = data.get("Actual Loops")
    return PlanNode(
        kind=data["Node Type"],
        rows=data["Plan Rows"],
        startup_cost=data["Startup Cost"],
        total_cost=data["Total Cost"],
        width=data["Plan Width"],
        schema=data.get("Schema", ""),
        table=data.get("Relation Name", ""),
        alias=data.get("Alias", ""),
        index=data.get("Index Name", ""),
        conditions=tuple(PlanCondition(use, data[name]) for name, use in _CONDITIONS.items() if name in data),
        removed_by_filter=_times(data.get("Rows Removed by Filter"), loops),
        actual_rows=_times(data.get("Actual Rows"), loops),
        actual_loops=loops,
        actual_seconds=_seconds(data["Actual Total Time"] * loops) if loops else None,
        children=tuple(_node(child) for child in data.get("Plans", ())),
    )


def _times(rows: float | None, loops: int | None) -> int | None:
    """PostgreSQL tells the mean of all passes."""
    return None if rows is None or loops is None else round(rows * loops)


def plan_words(plan: QueryPlan, labels: Mapping[tuple[str, str], str]) -> list[str]:
    """The main points in sentences; `labels` name tables by (schema, name)."""
    said = [_rows_words(plan)]
    if plan.seconds is not None:
        said.append(_("It took %(seconds)s seconds.") % {"seconds": f"{plan.seconds:.2f}"})
    whole = {_label(node, labels): node for node in plan.whole_scans}
    for label, node in whole.items():
        said.append(_whole_words(label, node))
    by_index = {_label(node, labels) for node in plan.scans if not node.reads_whole_table} - whole.keys()
    if by_index:
        said.append(_("Found through an index: %(tables)s.") % {"tables": ", ".join(sorted(by_index))})
    return said


def _rows_words(plan: QueryPlan) -> str:
    if plan.root.actual_rows is not None:
        words = ngettext(
            "%(rows)d row was found, %(guess)d expected.",
            "%(rows)d rows were found, %(guess)d expected.",
            plan.root.actual_rows,
        )
        return words % {"rows": plan.root.actual_rows, "guess": plan.rows}
    words = ngettext("About %(rows)d row is expected.", "About %(rows)d rows are expected.", plan.rows)
    return words % {"rows": plan.rows}


def _whole_words(label: str, node: PlanNode) -> str:
    kept = node.rows if node.actual_rows is None else node.actual_rows
    words = ngettext(
        "%(table)s is read wholly, to keep %(rows)d row.",
        "%(table)s is read wholly, to keep %(rows)d rows.",
        kept,
    )
    return words % {"table": label, "rows": kept}


def _label(node: PlanNode, labels: Mapping[tuple[str, str], str]) -> str:
    return labels.get((node.schema, node.table), node.table)
