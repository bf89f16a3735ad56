"""Why somebody did or did not get something: one person's way through one run, activity by activity.

Of the rounds that jumps have begun, those are told to which the person came back.
First form: who came in, by which port they left, why they were excluded, the message and what came back for
it. A person is followed as long as the people are of the dimension the trace is asked in; beyond a change
of dimension they have another key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from campaigns.activity_types import BACK
from campaigns.document import Document
from campaigns.models import TargetingDimension
from orchestration.delivery_ports import PORT_STATES
from orchestration.iterations import FIRST, Round, rounds_of
from orchestration.models import (
    ActivityRun,
    CampaignRun,
    Delivery,
    EventVerdict,
    Message,
    MessageEvent,
    Population,
    TrackedLink,
)
from orchestration.runs import document_of
from reporting.ledger import mail_id, masked
from reporting.memberships import native_key, stands_in_dimension, tables_with

Place = tuple[int, str]
"""A round and an activity."""


class Outcome(StrEnum):
    """What an activity did with the person."""

    SELECTED = "selected"
    NOT_SELECTED = "not_selected"
    LEFT = "left"
    WENT_NO_FURTHER = "went_no_further"
    ENDED = "ended"
    NEVER_ARRIVED = "never_arrived"
    BEING_SENT = "being_sent"
    NOT_EXECUTED = "not_executed"
    OTHER_DIMENSION = "other_dimension"
    FORGOTTEN = "forgotten"


OUTCOMES: Mapping[Outcome, Any] = {
    Outcome.SELECTED: _("was selected"),
    Outcome.NOT_SELECTED: _("was not selected: the rule did not hold when the activity was executed"),
    Outcome.LEFT: _("arrived and went on"),
    Outcome.WENT_NO_FURTHER: _("arrived and went no further: no port that is kept took them"),
    Outcome.ENDED: _("arrived at the end of this way"),
    Outcome.NEVER_ARRIVED: _("never arrived here"),
    Outcome.BEING_SENT: _("arrived; the message is not settled yet"),
    Outcome.NOT_EXECUTED: _("has not been executed"),
    Outcome.OTHER_DIMENSION: _("works on another dimension, where the person has another key"),
    Outcome.FORGOTTEN: _("cannot be told any more: the working tables of this run have been dropped"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One activity in one round of the run. `arrived_by` names the activities and ports the person came from."""

    round: int
    activity: str
    label: str
    type: str
    state: str
    outcome: Outcome
    arrived_by: tuple[tuple[str, str], ...] = ()
    left_by: tuple[str, ...] = ()
    reason: str = ""
    message: dict[str, Any] | None = None
    events: tuple[dict[str, Any], ...] = ()

    @property
    def sentence(self) -> str:
        return str(OUTCOMES[self.outcome])


@dataclass(frozen=True, slots=True)
class Trace:
    """A person's way. `known_now` says whether the dimension's table has the person at this moment."""

    run: int
    dimension: str
    recipient: str
    known_now: bool
    entered: bool
    steps: tuple[Step, ...]


def trace(run: CampaignRun, recipient_key: str, *, dimension: TargetingDimension | None = None) -> Trace:
    """The way of one person through a run; raises NotAKey. The dimension is the run's first unless it is given."""
    dimension = dimension or first_dimension(run)
    if dimension is None:
        return Trace(run.pk, "", recipient_key, known_now=False, entered=False, steps=_unexecuted(run))
    key = native_key(dimension, recipient_key)
    inside, kept = tables_with(run, dimension, key)
    walk = _Walk(run, document_of(run), dimension, str(key), inside, kept)
    steps = tuple(walk.steps())
    entered = any(step.left_by or step.message for step in steps)
    return Trace(run.pk, dimension.slug, str(key), stands_in_dimension(dimension, key), entered, steps)


def first_dimension(run: CampaignRun) -> TargetingDimension | None:
    """The dimension of the first population of the run."""
    first = Population.objects.filter(activity_run__run=run).exclude(dimension="").order_by("pk").first()
    return TargetingDimension.objects.filter(slug=first.dimension).first() if first else None


def as_data(found: Trace, *, personal: bool) -> dict[str, Any]:
    """The trace as JSON has it; addresses in full and IP addresses only if `personal`."""
    return {
        "run": found.run,
        "dimension": found.dimension,
        "recipient": found.recipient,
        "known_now": found.known_now,
        "entered": found.entered,
        "steps": [_step_data(step, personal=personal) for step in found.steps],
    }


@dataclass
class _Walk:
    """One pass over the activities of each round, in the order of the drawing."""

    run: CampaignRun
    document: Document
    dimension: TargetingDimension
    key: str
    inside: set[str]
    kept: set[str]
    ports: dict[Place, tuple[str, ...]] = field(default_factory=dict)

    def steps(self) -> Iterator[Step]:
        runs = {(each.iteration, each.activity_id): each for each in _activity_runs(self.run)}
        jumps = dict(self.run.iterations.values_list("number", "jump"))
        begun = {each.pk: each for each in runs.values()}
        for current in rounds_of(self.run, self.document.graph):
            jump = begun.get(jumps.get(current.number, 0))
            if jump is None or self.went_back(jump):
                yield from self.in_round(current, jump, runs)

    def went_back(self, jump: ActivityRun) -> bool:
        return any(each.port == BACK and each.table_name in self.inside for each in jump.populations.all())

    def in_round(
        self, current: Round, jump: ActivityRun | None, runs: Mapping[Place, ActivityRun]
    ) -> Iterator[Step]:
        for activity in current.part:
            found = runs.get((current.number, activity))
            if found is None:
                part = self.document.activity(activity)
                yield Step(current.number, activity, part.label, part.type, "", Outcome.NOT_EXECUTED)
            elif jump and current.begins_at(activity):
                yield self.step(found, ((jump.activity_id, BACK),))
            else:
                yield self.step(found, self.arrived_by(found, current))

    def arrived_by(self, activity_run: ActivityRun, current: Round) -> tuple[tuple[str, str], ...]:
        return tuple(
            (arrow.source, arrow.port)
            for arrow in self.document.graph.into(activity_run.activity_id)
            if arrow.port in self.ports.get((current.holders[arrow.source], arrow.source), ())
        )

    def step(self, activity_run: ActivityRun, arrived: tuple[tuple[str, str], ...]) -> Step:
        message = self.message(activity_run)
        left = self.left_by(activity_run, message)
        self.ports[activity_run.iteration, activity_run.activity_id] = left
        return Step(
            activity_run.iteration,
            activity_run.activity_id,
            activity_run.label,
            activity_run.type,
            activity_run.state,
            self.outcome(activity_run, arrived, left, message),
            arrived,
            left,
            _reason(message),
            _message_data(message) if message else None,
            tuple(_events(message)) if message else (),
        )

    def message(self, activity_run: ActivityRun) -> Message | None:
        return self.messages.get(activity_run.pk)

    @cached_property
    def messages(self) -> Mapping[int, Message]:
        """What was prepared for the person, by the activity run that did."""
        found = Message.objects.filter(
            delivery__activity_run__run=self.run, dimension=self.dimension, recipient_key=self.key
        ).select_related("delivery")
        return {each.delivery.activity_run_id: each for each in found.order_by("-pk")}

    def left_by(self, activity_run: ActivityRun, message: Message | None) -> tuple[str, ...]:
        """Channels leave no table behind a port without an arrow: their ledger says it."""
        if message is not None:
            return _ports_of(message)
        populations = activity_run.populations.all()
        return tuple(p.port for p in populations if p.activated and p.table_name in self.inside)

    def outcome(
        self,
        activity_run: ActivityRun,
        arrived: tuple[tuple[str, str], ...],
        left: tuple[str, ...],
        message: Message | None,
    ) -> Outcome:
        if left:
            return Outcome.LEFT if arrived or message else Outcome.SELECTED
        if message is not None:
            return Outcome.BEING_SENT
        return _arrival(activity_run) if arrived else self.absence(activity_run)

    def absence(self, activity_run: ActivityRun) -> Outcome:
        """Why somebody is neither in nor out."""
        if activity_run.state != "succeeded":
            return Outcome.NEVER_ARRIVED if activity_run.state == "dead" else Outcome.NOT_EXECUTED
        populations = [p for p in activity_run.populations.all() if p.table_name]
        if populations and all(p.dimension != self.dimension.slug for p in populations):
            return Outcome.OTHER_DIMENSION
        if any(p.dropped_at for p in populations):
            return Outcome.FORGOTTEN
        begins = not self.document.graph.into(activity_run.activity_id)
        return Outcome.NOT_SELECTED if begins else Outcome.NEVER_ARRIVED


def _activity_runs(run: CampaignRun) -> Iterable[ActivityRun]:
    return run.activity_runs.prefetch_related("populations").order_by("pk")


def _arrival(activity_run: ActivityRun) -> Outcome:
    """What became of somebody who came in and left by no port."""
    if activity_run.state != "succeeded":
        return Outcome.NOT_EXECUTED
    return Outcome.WENT_NO_FURTHER if activity_run.populations.all() else Outcome.ENDED


def _ports_of(message: Message) -> tuple[str, ...]:
    """*Ready* is settled in a test run only: there it says who would be sent."""
    if message.state == "ready" and message.delivery.kind == Delivery.Kind.LIVE:
        return ()
    return tuple(port for port, states in PORT_STATES.items() if message.state in states)


def _unexecuted(run: CampaignRun) -> tuple[Step, ...]:
    document = document_of(run)
    parts = (document.activity(activity_id) for activity_id in document.graph.ordered())
    return tuple(Step(FIRST, part.id, part.label, part.type, "", Outcome.NOT_EXECUTED) for part in parts)


def _reason(message: Message | None) -> str:
    if message is None:
        return ""
    return str(message.get_exclusion_reason_display()) if message.exclusion_reason else message.reply


def _message_data(message: Message) -> dict[str, Any]:
    return {
        "id": message.pk,
        "message_id": mail_id(message),
        "address": message.address,
        "state": message.state,
        "exclusion_reason": message.exclusion_reason,
        "attempts": message.attempts,
        "in_flight_at": message.in_flight_at,
        "finished_at": message.finished_at,
        "reply_code": message.reply_code,
        "reply": message.reply,
        "prepared_at": message.delivery.created_at,
        "evidence": message.evidence,
    }


def _events(message: Message) -> Iterable[dict[str, Any]]:
    links: dict[int, str] = dict(
        TrackedLink.objects.filter(delivery=message.delivery_id).values_list("number", "label")
    )
    verdicts = {
        v.event_id: v for v in EventVerdict.objects.filter(delivery_id=message.delivery_id, **_when(message))
    }
    for event in MessageEvent.objects.filter(message_id=message.pk).order_by("occurred_at", "id"):
        verdict = verdicts.get(event.id)
        yield {
            "kind": event.kind,
            "occurred_at": event.occurred_at,
            "link": links.get(event.link_number or 0, ""),
            "ip": event.ip,
            "user_agent": event.user_agent,
            "bot": verdict.bot if verdict else None,
            "signals": verdict.signals if verdict else [],
        }


def _when(message: Message) -> dict[str, Any]:
    """The verdicts on this message's events only: found by when they occurred."""
    times: list[datetime] = list(
        MessageEvent.objects.filter(message_id=message.pk).values_list("occurred_at", flat=True)
    )
    return {"occurred_at__in": times}


def _step_data(step: Step, *, personal: bool) -> dict[str, Any]:
    return {
        "round": step.round,
        "activity": step.activity,
        "label": step.label,
        "type": step.type,
        "state": step.state,
        "outcome": str(step.outcome),
        "sentence": step.sentence,
        "arrived_by": [{"activity": activity, "port": port} for activity, port in step.arrived_by],
        "left_by": list(step.left_by),
        "reason": step.reason if personal or not (step.message and step.message["reply"]) else "",
        "message": _shown(step.message, personal=personal),
        "events": [{**event, "ip": event["ip"] if personal else None} for event in step.events],
    }


def _shown(message: dict[str, Any] | None, *, personal: bool) -> dict[str, Any] | None:
    if message is None or personal:
        return message
    return {**message, "address": masked(message["address"]), "reply": ""}
