"""The ways out of a channel activity, made from the ledger once nothing of its delivery is open any more."""

from __future__ import annotations

from django.db.models import Count
from sqlglot import exp

from orchestration.compilation import Arrival, CompileContext, key_of, select_from
from orchestration.conservation import check_law
from orchestration.models import ActivityRun, Message, Population
from orchestration.populations import column_to_data
from orchestration.working_tables import create_working_table, table_name

PORT_STATES: dict[str, tuple[str, ...]] = {
    "sent": ("sent", "ready"),
    "excluded": ("excluded",),
    "failed": ("failed_permanent", "expired"),
    "undecided": ("unknown",),
}
"""Which message states leave by which port. *Ready* is what a test run calls those who would be sent."""


def record_ports(activity_run: ActivityRun, context: CompileContext, delivery_id: int) -> None:
    """Record one population a port; only ports that an arrow leaves by get a working table of their own."""
    counts = dict(
        Message.objects.filter(delivery_id=delivery_id)
        .values_list("state")
        .annotate(people=Count("id"))
        .order_by()
    )
    arrival = context.population()
    for port, states in PORT_STATES.items():
        people = sum(counts.get(state, 0) for state in states)
        _record(activity_run, context, arrival, delivery_id, port, people)
    check_law(activity_run, context)


def _record(
    activity_run: ActivityRun,
    context: CompileContext,
    arrival: Arrival,
    delivery_id: int,
    port: str,
    people: int,
) -> None:
    connected = port in context.connected
    name = (
        table_name(f"r{activity_run.run_id}", f"a{activity_run.pk}", f"d{delivery_id}", port)
        if connected
        else ""
    )
    if connected:
        create_working_table(name, _members(arrival, delivery_id, PORT_STATES[port]))
    Population.objects.create(
        activity_run=activity_run,
        port=port,
        activated=bool(people) or port == "sent",
        dimension=arrival.dimension,
        table_name=name,
        owns_table=connected,
        columns=[column_to_data(column) for column in arrival.columns.values()],
        row_count=people,
    )


def _members(arrival: Arrival, delivery_id: int, states: tuple[str, ...]) -> exp.Select:
    """Those of the inbound population whose message is in one of `states`, with the columns they brought."""
    message = exp.to_table("orchestration_message").as_("m", table=True)
    key = exp.EQ(
        this=exp.column("recipient_key", table="m"), expression=exp.cast(key_of("p"), exp.DataType.Type.TEXT)
    )
    return (
        select_from(arrival)
        .join(message, on=key)
        .where(exp.EQ(this=exp.column("delivery_id", table="m"), expression=exp.Literal.number(delivery_id)))
        .where(exp.column("state", table="m").isin(*states))
    )
