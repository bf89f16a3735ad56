"""Recording what an activity answered, in the transaction of its work: tables, counts, the conservation law, success."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now
from sqlglot import exp

from campaigns.decisions import Layout, layout_to_data
from campaigns.planner import planned
from campaigns.states import move
from campaigns.targeting.render import pretty, render
from orchestration.compilation import (
    Arrival,
    CompileContext,
    Dead,
    Made,
    Outflow,
    Populations,
    Prepared,
    References,
    Result,
    Scratch,
    Selection,
    WaitUntil,
)
from orchestration.conservation import check_law
from orchestration.delivery_ports import record_ports
from orchestration.exceptions import Fenced
from orchestration.headcounts import LARGE, people_besides
from orchestration.iterations import begin_round
from orchestration.models import ActivityRun, Population
from orchestration.populations import column_to_data
from orchestration.readings import record_reading
from orchestration.states import ACTIVITY_RUN
from orchestration.working_tables import (
    create_working_table,
    drop_working_table,
    mark_visible,
    table_name,
)


def record_result(activity_run: ActivityRun, epoch: int, context: CompileContext, result: Result) -> None:
    """Write the result down and move the activity run on; raises Fenced when another worker has taken over."""
    rows_in = sum(arrival.row_count for arrival in context.populations())
    match result:
        case Populations():
            fields = _materialise(activity_run, epoch, context, result)
            _finish(activity_run, epoch, "succeeded", rows_in=rows_in, finished_at=Now(), **fields)
        case References():
            _refer(activity_run, result.routes)
            check_law(activity_run, context)
            if result.back_to:
                begin_round(activity_run, result.back_to, rows_in)
            _finish(activity_run, epoch, "succeeded", rows_in=rows_in, finished_at=Now())
        case WaitUntil(due_at=due_at):
            memo = {**context.memo, "due_at": due_at.isoformat()}
            _finish(activity_run, epoch, "waiting", rows_in=rows_in, due_at=due_at, memo=memo)
        case Prepared(delivery_id=delivery_id, state="tested"):
            record_ports(activity_run, context, delivery_id)
            _finish(activity_run, epoch, "succeeded", rows_in=rows_in, finished_at=Now())
        case Prepared(state=state):
            _finish(activity_run, epoch, state, rows_in=rows_in)
        case Dead():
            _finish(activity_run, epoch, "dead", rows_in=rows_in, finished_at=Now())


def _finish(activity_run: ActivityRun, epoch: int, state: str, **fields: Any) -> None:
    mine = ActivityRun.objects.filter(pk=activity_run.pk, epoch=epoch)
    if not move(mine, ACTIVITY_RUN, state, lease_until=None, **fields):
        raise Fenced


def _materialise(
    activity_run: ActivityRun, epoch: int, context: CompileContext, result: Populations
) -> dict[str, Any]:
    with planned(result.settings):
        return _made(activity_run, epoch, context, result)


def _made(
    activity_run: ActivityRun, epoch: int, context: CompileContext, result: Populations
) -> dict[str, Any]:
    made = _scratch(activity_run, epoch, context, result.scratch)
    scratch = [arrival.table_name for arrival in made.values()]
    statements = [f"-- {name}\n{pretty(each.select)};" for name, each in result.scratch.items()]
    for number, (port, outflow) in enumerate(result.outflows.items()):
        if isinstance(outflow, Arrival):
            _refer(activity_run, {port: outflow})
            continue
        select = _selected(outflow.select, made)
        statements.append(f"-- {port}\n{pretty(select)};")
        select, layout = _decided(context, outflow, select, made)
        name = table_name(f"r{activity_run.run_id}", f"a{activity_run.pk}", f"e{epoch}", f"p{number}")
        created = create_working_table(name, select, lasts=context.lasts)
        if port in context.connected and created.row_count >= LARGE:
            transaction.on_commit(partial(mark_visible, name), robust=True)
        _record_population(activity_run, port, outflow, name, created.row_count, layout)
        made[port] = Arrival(
            context.activity_id, port, outflow.dimension, name, outflow.columns, created.row_count
        )
    reported = {name: _count(_selected(select, made)) for name, select in result.reported.items()}
    reported |= {name: _dropped(came, made) for name, came in result.dropped.items()}
    check_law(activity_run, context, reported=reported, subjects=result.subjects)
    if result.reading and not context.is_test:
        record_reading(activity_run, result.reading, made)
    for name in scratch:
        drop_working_table(name)
    return {"statements": "\n\n".join(statements), "memo": {"reported": reported} if reported else {}}


def _dropped(came: Arrival, made: Made) -> int:
    return people_besides({came.table_name: came.row_count}, [each.table_name for each in made.values()])


def _scratch(
    activity_run: ActivityRun, epoch: int, context: CompileContext, wanted: Mapping[str, Scratch]
) -> dict[str, Arrival]:
    made = {}
    for number, (name, scratch) in enumerate(wanted.items()):
        table = table_name(f"r{activity_run.run_id}", f"a{activity_run.pk}", f"e{epoch}", f"s{number}")
        created = create_working_table(table, scratch.select, key=scratch.key, lasts=context.lasts)
        made[name] = Arrival(activity_run.activity_id, name, table_name=table, row_count=created.row_count)
    return made


def _decided(
    context: CompileContext, outflow: Outflow, select: exp.Select, made: Made
) -> tuple[exp.Select, Layout | None]:
    """The port's SELECT with what decided about each person, and how to read that, where it is to be kept."""
    found = outflow.decided(select, made) if outflow.decided and context.lasts else None
    return (found.select, found.layout.made_at(context.now)) if found else (select, None)


def _selected(selection: Selection, made: Made) -> exp.Select:
    return selection(made) if callable(selection) else selection


def _record_population(
    activity_run: ActivityRun,
    port: str,
    outflow: Outflow,
    name: str,
    row_count: int,
    layout: Layout | None,
) -> None:
    Population.objects.create(
        activity_run=activity_run,
        port=port,
        activated=bool(row_count) or not outflow.skip_empty,
        dimension=outflow.dimension,
        table_name=name,
        owns_table=True,
        columns=[column_to_data(column) for column in outflow.columns.values()],
        decided=layout_to_data(layout) if layout else None,
        row_count=row_count,
    )


def _refer(activity_run: ActivityRun, routes: Mapping[str, Arrival | None]) -> None:
    Population.objects.bulk_create(
        Population(
            activity_run=activity_run,
            port=port,
            activated=arrival is not None,
            dimension=arrival.dimension if arrival else "",
            table_name=arrival.table_name if arrival else "",
            columns=[column_to_data(c) for c in arrival.columns.values()] if arrival else [],
            row_count=arrival.row_count if arrival and arrival.is_population else None,
        )
        for port, arrival in routes.items()
    )


def _count(select: exp.Select) -> int:
    statement = render(select)
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.parameters)
        return int(cursor.fetchone()[0])
