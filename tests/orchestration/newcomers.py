"""A campaign that reads, run by run, the people who are new, for tests of markers."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db import connection
from django.utils import timezone

from campaigns.models import Campaign, Field, TargetingDimension
from campaigns.publishing import publish_campaign
from orchestration.models import CampaignRun, QueryMarker
from orchestration.runs import start_live_run
from tests.ledger import make_dimension
from tests.orchestration.engine import draft, work_off

NEWS = {"id": "news", "type": "incremental_query", "config": {"dimension": "person", "dated": "seen"}}
WAIT = {"id": "wait", "type": "wait", "config": {"until": {"kind": "duration", "amount": 1}}}


def make_readers() -> TargetingDimension:
    """The dimension *person* with a field *seen*."""
    dimension = make_dimension()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE person ADD COLUMN seen timestamptz")
    Field.objects.create(
        table=dimension.table, slug="seen", column_name="seen", type="datetime", label="seen", position=6
    )
    return dimension


def add_newcomers(dimension: TargetingDimension, *keys: int, seen: datetime | None = None) -> None:
    for key in keys:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM person WHERE id = %s", [key])
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO person (id, name, seen) VALUES (%s, 'x', %s)", [key, seen or now()])


def now() -> datetime:
    """The time of PostgreSQL's transaction may stand still; runs get theirs from here."""
    return timezone.now()


def newsletter(*more: dict[str, Any], **config: Any) -> Campaign:
    """An incremental query and what follows it, published."""
    first = {**NEWS, "config": {**NEWS["config"], **config}}
    parts = [first, *more, {"id": "end", "type": "end"}]
    arrows = [f"{one['id']} {two['id']}" for one, two in pairwise(parts)]
    campaign = draft("newsletter", parts, arrows)
    publish_campaign(campaign, by=None, if_match=campaign.draft_hash, confirm_warnings=True)
    return campaign


def launch(campaign: Campaign, *, ahead: timedelta = timedelta()) -> CampaignRun:
    """A live run, worked off as far as it goes."""
    return work_off(begin(campaign, ahead=ahead))


def begin(campaign: Campaign, *, ahead: timedelta = timedelta()) -> CampaignRun:
    version = campaign.versions.get(state="published")
    return start_live_run(version, anchor=now() + ahead)


def returned(run: CampaignRun) -> set[int]:
    """The keys that the incremental query of a run found."""
    population = run.activity_runs.get(activity_id="news").populations.get(port="main")
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(key) FROM work." + connection.ops.quote_name(population.table_name))
        return set(cursor.fetchone()[0] or ())


def marker_value(campaign: Campaign) -> datetime | None:
    found = QueryMarker.objects.filter(campaign=campaign, activity_id="news").first()
    return found.value if found else None
