"""A run in numbers: how far each activity is, how many people each transition carried, what became of messages.

Plain values for every door; what people read of them is `run_pictures`'. Of a run that went round, the counts of the
drawing are sums: what came in has left, in every round and so in all of them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Sum

from campaigns.document import ActivityPart, Document
from orchestration.iterations import rounds_of
from orchestration.models import ActivityRun, CampaignRun, Delivery, Iteration, Message, Population

LEFT = ("sent", "unknown")
OPEN = ("ready", "in_flight", "failed_temporary")


TELLING = {
    state: rank
    for rank, state in enumerate(
        [
            "failed",
            "running",
            "sending",
            "awaiting_confirmation",
            "waiting",
            "pending",
            "succeeded",
            "cancelled",
            "dead",
        ]
    )
}
"""Which of the states that an activity has in several rounds is shown where there is room for one: the first of these."""


@dataclass(frozen=True, slots=True)
class PortCounts:
    """What left by a port in all rounds together."""

    port: str
    row_count: int | None
    activated: bool


@dataclass(frozen=True, slots=True)
class ActivityCounts:
    """An activity of the document, in one round or in all of them together.

    `done` is None before it begins, `rows_in` as long as nobody has been counted; `ports` are what left it so far.
    """

    part: ActivityPart
    done: ActivityRun | None
    ports: Sequence[Population | PortCounts]
    rows_in: int | None


@dataclass(frozen=True, slots=True)
class RoundCounts:
    """What is executed in one round, in the order of the flow; `begun` is None for the first."""

    number: int
    begun: Iteration | None
    activities: Sequence[ActivityCounts]


@dataclass(frozen=True, slots=True)
class TransitionCounts:
    """An arrow and how many people it carried: None as long as that is not known.

    `activated` is false where nobody goes this way, None as long as that is not decided.
    """

    source: str
    port: str
    target: str
    rows: int | None
    activated: bool | None


@dataclass(frozen=True, slots=True)
class Progress:
    """Of the messages that are to be sent: how many have left, are still to go, and never will."""

    total: int
    sent: int
    remaining: int

    @property
    def failed(self) -> int:
        return self.total - self.sent - self.remaining


@dataclass(frozen=True, slots=True)
class DeliveryCounts:
    """The messages of one delivery by state, and those that are excluded by the reason."""

    states: Mapping[str, int]
    excluded: Mapping[str, int]


def round_counts(run: CampaignRun, document: Document) -> list[RoundCounts]:
    """Every round of the run, each with its part of the document."""
    rows = run.activity_runs.defer("statements", "memo")
    done = {(each.iteration, each.activity_id): each for each in rows}
    populations: dict[int, list[Population]] = {}
    for population in Population.objects.filter(activity_run__run=run).order_by("pk"):
        populations.setdefault(population.activity_run_id, []).append(population)
    begun = {each.number: each for each in run.iterations.select_related("jump")}
    return [
        RoundCounts(
            each.number,
            begun.get(each.number),
            [
                _in_a_round(document.activity(activity), done.get((each.number, activity)), populations)
                for activity in (each.part if each.begun else _everything(document))
            ],
        )
        for each in rounds_of(run, document.graph)
    ]


def _everything(document: Document) -> Iterable[str]:
    return dict.fromkeys([*document.graph.ordered(), *document.graph.ids])


def _in_a_round(
    part: ActivityPart, done: ActivityRun | None, populations: Mapping[int, Sequence[Population]]
) -> ActivityCounts:
    ports = populations.get(done.pk, ()) if done else ()
    return ActivityCounts(part, done, ports, done.rows_in if done else None)


def together(rounds: Iterable[RoundCounts]) -> list[ActivityCounts]:
    """Every activity once, with the sums of its rounds."""
    found: dict[str, list[ActivityCounts]] = {}
    for counted in rounds:
        for each in counted.activities:
            found.setdefault(each.part.id, []).append(each)
    return [_together(several) for several in found.values()]


def _together(several: Sequence[ActivityCounts]) -> ActivityCounts:
    if len(several) == 1:
        return several[0]
    ports: dict[str, list[Population | PortCounts]] = {}
    for each in several:
        for port in each.ports:
            ports.setdefault(port.port, []).append(port)
    return ActivityCounts(
        part=several[0].part,
        done=most_telling(each.done for each in several if each.done),
        ports=[_port(name, same) for name, same in ports.items()],
        rows_in=_sum(each.rows_in for each in several),
    )


def _port(name: str, same: Sequence[Population | PortCounts]) -> PortCounts:
    return PortCounts(name, _sum(each.row_count for each in same), any(each.activated for each in same))


def _sum(numbers: Iterable[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def most_telling(rounds: Iterable[ActivityRun]) -> ActivityRun | None:
    """Of one activity in several rounds the latest that failed, else is under way, else came to its end."""
    return min(rounds, key=lambda each: (TELLING[each.state], -each.iteration), default=None)


def transition_counts(document: Document, activities: Iterable[ActivityCounts]) -> list[TransitionCounts]:
    """The arrows of the document with what the ports they leave by let out."""
    left = {(each.part.id, port.port): port for each in activities for port in each.ports}
    return [
        TransitionCounts(
            source=arrow.source,
            port=arrow.port,
            target=arrow.target,
            rows=population.row_count if population else None,
            activated=population.activated if population else None,
        )
        for arrow in document.graph.arrows
        for population in [left.get((arrow.source, arrow.port))]
    ]


def port_counts(run: CampaignRun) -> dict[tuple[str, str], int]:
    """People by (activity, port) in all rounds together, as far as they are counted."""
    rows = Population.objects.filter(activity_run__run=run, row_count__isnull=False)
    found = rows.order_by().values_list("activity_run__activity_id", "port").annotate(people=Sum("row_count"))
    return {(activity, port): people or 0 for activity, port, people in found}


def message_counts(deliveries: Iterable[Delivery]) -> dict[int, dict[str, int]]:
    """Messages by state, the most frequent first, for each delivery by its key."""
    rows = (
        Message.objects.filter(delivery__in=[delivery.pk for delivery in deliveries])
        .values_list("delivery", "state")
        .annotate(number=Count("pk"))
        .order_by("-number", "state")
    )
    counts: dict[int, dict[str, int]] = {}
    for delivery, state, number in rows:
        counts.setdefault(delivery, {})[state] = number
    return counts


def delivery_counts(deliveries: Iterable[Delivery]) -> dict[int, DeliveryCounts]:
    """What became of the messages of each delivery, by its key: the ledger is read once for all."""
    rows = (
        Message.objects.filter(delivery__in=[delivery.pk for delivery in deliveries])
        .order_by()
        .values_list("delivery", "state", "exclusion_reason")
        .annotate(number=Count("pk"))
    )
    found: dict[int, tuple[dict[str, int], dict[str, int]]] = {}
    for delivery, state, reason, number in rows:
        states, excluded = found.setdefault(delivery, ({}, {}))
        states[state] = states.get(state, 0) + number
        if reason:
            excluded[reason] = number
    return {delivery: DeliveryCounts(*counts) for delivery, counts in found.items()}


def progress_of(states: Mapping[str, int]) -> Progress:
    """From messages by state; whoever is excluded is not counted."""
    total = sum(number for state, number in states.items() if state != "excluded")
    return Progress(
        total=total,
        sent=sum(states.get(state, 0) for state in LEFT),
        remaining=sum(states.get(state, 0) for state in OPEN),
    )
