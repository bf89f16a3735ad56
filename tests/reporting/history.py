"""A random, seeded history of a campaign: every state, every event, people and machines, over three days."""

from __future__ import annotations

import random
from datetime import timedelta

from django.utils import timezone

from campaigns.models import Campaign
from orchestration.models import Delivery, EventKind, Message
from orchestration.verdicts import judge_events
from tests.ledger import add_event, make_campaign, make_delivery, make_dimension, make_message, make_run

STATES = {
    "sent": 60, "excluded": 12, "unknown": 4, "failed_permanent": 8, "expired": 3, "cancelled": 3,
    "ready": 3, "in_flight": 1, "failed_temporary": 2,
}  # fmt: skip
AGENTS = ("Mozilla/5.0 (X11; Linux) Firefox/140", "Mozilla/5.0 (iPhone) Mail", "curl/8", "Mozilla/5.0")
REASONS = ("no_consent", "no_address", "suppressed")


def make_history(seed: int = 1, *, people: int = 120, time_zone: str = "Asia/Kolkata") -> Campaign:
    """Two runs of two activities each, and a test run that no report may show."""
    dice = random.Random(seed)
    dimension = make_dimension()
    campaign = make_campaign("history", time_zone=time_zone)
    began = timezone.now() - timedelta(days=3)
    for _run in range(2):
        run = make_run(campaign)
        for activity in ("mail", "reminder"):
            delivery = make_delivery(dimension, run, activity_id=activity)
            Delivery.objects.filter(pk=delivery.pk).update(created_at=began, state_changed_at=began)
            for key in range(people // 4):
                _one(dice, delivery, key)
    make_message(make_delivery(dimension, make_run(campaign, kind="test")), 1, state="ready")
    judge_events(began - timedelta(days=1), timezone.now() + timedelta(days=1))
    return campaign


def _one(dice: random.Random, delivery: Delivery, key: int) -> None:
    (state,) = dice.choices(list(STATES), list(STATES.values()))
    began = timezone.now() - timedelta(days=3)
    finished = began + timedelta(minutes=dice.randrange(600))
    message = make_message(
        delivery,
        key,
        state=state,
        address="" if dice.random() < 0.05 else f"P{key}@{dice.choice(('A.example', 'b.example'))}",
        attempts=dice.randrange(4),
        finished_at=None if state in ("ready", "in_flight", "failed_temporary") else finished,
        **({"exclusion_reason": dice.choice(REASONS)} if state == "excluded" else {}),
    )
    if state in ("sent", "unknown", "failed_permanent"):
        _tell(dice, message)


def _tell(dice: random.Random, message: Message) -> None:
    if dice.random() < (0.5 if message.state == "failed_permanent" else 0.1):
        for code in dice.choices((550, 552, 421), k=dice.randrange(1, 3)):
            add_event(message, EventKind.BOUNCED, detail={"code": code, "reply": f"{code} 5.1.{code % 3} no"})
    if message.state == "failed_permanent":
        return
    for kind in dice.choices(list(EventKind), (2, 0, 1, 9, 7, 1, 1, 1), k=dice.randrange(7)):
        link = dice.randrange(4) if kind == EventKind.CLICKED else None
        at = message.finished_at + timedelta(
            seconds=dice.choice((1, 40, 4_000, 90_000)) * (1 + dice.random())
        )
        add_event(
            message,
            kind,
            at=at,
            link_number=link,
            user_agent=dice.choice(AGENTS),
            ip=f"192.0.2.{dice.randrange(9)}",
        )
