"""Drafts that go round, and what their runs counted, round by round."""

from __future__ import annotations

from typing import Any

from django.db import connection

from campaigns.consents import Statement, record_consent
from campaigns.models import Campaign, Channel, TargetingDimension
from campaigns.publishing import publish_campaign
from orchestration.confirmation import confirm_delivery
from orchestration.models import CampaignRun, Delivery, Population
from orchestration.occurrences import launch_due
from orchestration.sending import drain_bucket
from orchestration.settlement import settle_delivery
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import draft, email, work_off

Counts = dict[str, list[int | None]]

ALL: dict[str, Any] = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
END: dict[str, Any] = {"id": "end", "type": "end"}
WAIT: dict[str, Any] = {
    "id": "wait",
    "type": "wait",
    "config": {"until": {"kind": "duration", "amount": 3}},
}


def make_people(number: int) -> None:
    dimension = make_dimension()
    for key in range(1, number + 1):
        add_person(dimension, key)


def jump(to: str, most: int = 3, activity_id: str = "again") -> dict[str, Any]:
    return {"id": activity_id, "type": "jump", "config": {"to": to, "most": most}}


def hold(activity_id: str = "hold", number: int = 1) -> dict[str, Any]:
    """Withholds one of those who come, so that each round has one fewer."""
    return {"id": activity_id, "type": "control_group", "config": {"number": number}}


def fork(activity_id: str = "fork") -> dict[str, Any]:
    return {"id": activity_id, "type": "fork", "config": {"branches": [{"id": "x"}, {"id": "y"}]}}


def first_two(activity_id: str = "parts") -> dict[str, Any]:
    """The two of the lowest keys leave by `done`, the others by `complement`."""
    done = {"id": "done", "limit": {"number": 2}, "sort": {"attribute": "id"}}
    return {"id": activity_id, "type": "split", "config": {"subsets": [done], "complement": True}}


def more_than(number: int) -> dict[str, Any]:
    """Goes on by `many` or by the default branch."""
    many = {"id": "many", "operator": "greater", "values": [number]}
    return {"id": "test", "type": "test", "config": {"conditions": [many], "default": True}}


def simple(most: int = 3, **more: Any) -> Campaign:
    arrows = ["all hold", "hold.main again", "again.main end"]
    return draft("simple", [ALL, hold(), jump("hold", most), END], arrows, **more)


def waiting(most: int = 3, **more: Any) -> Campaign:
    """Each round waits three days before it withholds somebody."""
    arrows = ["all wait", "wait hold", "hold.main again", "again.main end"]
    return draft("waiting", [ALL, WAIT, hold(), jump("wait", most), END], arrows, **more)


def launched(campaign: Campaign) -> CampaignRun:
    """A live run, begun and not yet worked on."""
    campaign.refresh_from_db()
    publish_campaign(campaign, by=None, if_match=campaign.draft_hash, confirm_warnings=True)
    launch_due(campaign.pk)
    return campaign.runs.filter(kind="live").latest("pk")


def round_counts_of(run: CampaignRun) -> Counts:
    """People by `activity.port`, one figure for each round in which it came to that."""
    rows = Population.objects.filter(activity_run__run=run).select_related("activity_run")
    found: Counts = {}
    for row in rows.order_by("activity_run__iteration", "pk"):
        found.setdefault(f"{row.activity_run.activity_id}.{row.port}", []).append(row.row_count)
    return found


def states_of(run: CampaignRun, iteration: int) -> dict[str, str]:
    return dict(run.activity_runs.filter(iteration=iteration).values_list("activity_id", "state"))


def parents(run: CampaignRun) -> dict[int, int]:
    return dict(run.iterations.values_list("number", "jump__iteration"))


def consent() -> None:
    """Everybody opts in."""
    dimension = TargetingDimension.objects.get()
    for key in _keys():
        record_consent(
            Statement(
                dimension_id=dimension.pk,
                recipient_key=str(key),
                channel=Channel.EMAIL,
                state="opted_in",
                source="test",
            )
        )


def mailing(**config: Any) -> Campaign:
    """A mail to whoever is left of each round; those who got it go round again."""
    arrows = ["all hold", "hold.main mail", "mail.sent again", "again.main end"]
    return draft("mailing", [ALL, hold(), email(**config), jump("hold", 2), END], arrows)


def send(run: CampaignRun) -> Delivery:
    """Work until the next delivery is prepared, confirm it and send it."""
    work_off(run)
    delivery = Delivery.objects.get(activity_run__run=run, state="awaiting_confirmation")
    confirm_delivery(delivery)
    for bucket in delivery.buckets.all():
        drain_bucket(bucket.pk)
    settle_delivery(delivery.pk)
    delivery.refresh_from_db()
    return delivery


def _keys() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM person")
        return [row[0] for row in cursor.fetchall()]
