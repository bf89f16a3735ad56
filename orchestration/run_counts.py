"""A run in numbers: how far each activity is, how many people each transition carried, what became of messages.

Plain values for every door; what people read of them is `run_pictures`'.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from campaigns.document import ActivityPart, Document
from orchestration.models import ActivityRun, CampaignRun, Delivery, Message, Population

LEFT = ("sent", "unknown")
OPEN = ("ready", "in_flight", "failed_temporary")


@dataclass(frozen=True, slots=True)
class ActivityCounts:
    """An activity of the document; `done` is None before it begins, `ports` what left it so far."""

    part: ActivityPart
    done: ActivityRun | None
    ports: Sequence[Population]


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


def activity_counts(run: CampaignRun, document: Document) -> list[ActivityCounts]:
    """Every activity in the order of the flow, each as it was last worked on."""
    done = {each.activity_id: each for each in run.activity_runs.order_by("iteration")}
    populations: dict[int, list[Population]] = {}
    for population in Population.objects.filter(activity_run__run=run).order_by("pk"):
        populations.setdefault(population.activity_run_id, []).append(population)
    order = dict.fromkeys([*document.graph.ordered(), *document.graph.ids])
    return [
        ActivityCounts(document.activity(activity), each, populations.get(each.pk, ()) if each else ())
        for activity in order
        for each in [done.get(activity)]
    ]


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
    """People by (activity, port), as far as they are counted."""
    rows = Population.objects.filter(activity_run__run=run, row_count__isnull=False)
    found = rows.order_by("activity_run__iteration").values_list(
        "activity_run__activity_id", "port", "row_count"
    )
    return {(activity, port): count or 0 for activity, port, count in found}


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


def progress_of(states: Mapping[str, int]) -> Progress:
    """From messages by state; whoever is excluded is not counted."""
    total = sum(number for state, number in states.items() if state != "excluded")
    return Progress(
        total=total,
        sent=sum(states.get(state, 0) for state in LEFT),
        remaining=sum(states.get(state, 0) for state in OPEN),
    )
