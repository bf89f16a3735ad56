"""The calendar's days: bounded, right where clocks change, and by the zone that is asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pytest_django import DjangoAssertNumQueries

from campaigns.models import Campaign, CampaignVersion
from campaigns.publishing import publish_campaign
from campaigns.schedules import launches as launching
from orchestration.calendar.entries import PLANNED, Entry, entries_by_day
from orchestration.calendar.span import Span, month_of, next_month, week_of, within_reach
from orchestration.models import CampaignRun
from tests.ledger import make_dimension
from tests.orchestration.engine import draft

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTES = {"frequency": "every", "interval": 1, "unit": "minutes"}


def published(slug: str, schedule: dict[str, Any], zone: str = "UTC") -> Campaign:
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    header = {"slug": slug, "name": slug.title(), "time_zone": zone}
    if not CampaignVersion.objects.exists():
        make_dimension()
    made = draft(
        slug, [everybody, {"id": "over", "type": "end"}], ["all over"], schedule=schedule, campaign=header
    )
    publish_campaign(made, by=None, if_match=made.draft_hash, confirm_warnings=True)
    return made


def ran(campaign: Campaign, at: datetime, state: str = "completed", kind: str = "live") -> CampaignRun:
    return CampaignRun.objects.create(
        campaign=campaign,
        version=campaign.versions.get(),
        kind=kind,
        definition="{}",
        state=state,
        started_at=at,
    )


def march(zone: str = "UTC") -> Span:
    return Span(date(2026, 3, 1), date(2026, 3, 31), ZoneInfo(zone))


def shown(span: Span, now: datetime = NOW, **more: Any) -> dict[date, list[Entry]]:
    return entries_by_day(Campaign.objects.all(), span, now, **more)


def test_drafts_closed_campaigns_and_times_that_are_past_plan_nothing() -> None:
    draft("drafted", [], [], schedule=MINUTES)
    Campaign.objects.filter(pk=published("closed", MINUTES).pk).update(state="closed")
    published("soon", {"frequency": "daily", "at": "09:00"})
    found = shown(march(), now=datetime(2026, 3, 30, 9, tzinfo=UTC))
    assert {day: [entry.campaign.slug for entry in entries] for day, entries in found.items()} == {
        date(2026, 3, 31): ["soon"]
    }


def test_a_campaign_of_each_minute_is_one_entry_a_day() -> None:
    published("minutes", MINUTES)
    found = shown(march())
    assert all(len(entries) == 1 for entries in found.values())
    assert found[date(2026, 3, 1)][0].words == "719 launches"
    assert found[date(2026, 3, 2)][0].words == "1,440 launches"
    assert found[date(2026, 3, 2)][0].more == "Every day, every minute (UTC)"


def test_the_work_of_a_month_of_minutes_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    published("minutes", MINUTES)
    asked = []
    real = launching.first_instant
    monkeypatch.setattr(launching, "first_instant", lambda *args: asked.append(args) or real(*args))
    shown(march())
    assert len(asked) < 1000


@pytest.mark.parametrize(("zone", "launches"), [("Europe/Berlin", "1,380"), ("Asia/Seoul", "1,440")])
def test_a_day_of_the_calendar_s_zone_is_as_long_as_it_is(zone: str, launches: str) -> None:
    """On 29 March Berlin's day has 23 hours."""
    published("minutes", MINUTES, zone)
    assert shown(march(zone))[date(2026, 3, 29)][0].words == f"{launches} launches"


def test_a_time_stands_on_the_day_and_clock_of_the_chosen_zone() -> None:
    published("late", {"frequency": "daily", "at": "23:30"}, "America/New_York")
    found = shown(march("Asia/Seoul"))
    assert found[date(2026, 3, 5)][0].time == "1:30 p.m."
    assert found[date(2026, 3, 12)][0].time == "12:30 p.m."


def test_runs_stand_where_they_began_by_their_state() -> None:
    news = published("news", {"frequency": "once", "at": "2027-01-01T09:00"})
    ran(news, datetime(2026, 3, 3, 23, 30, tzinfo=UTC), "failed")
    ran(news, datetime(2026, 3, 4, 10, tzinfo=UTC), kind="test")
    found = shown(march("Asia/Seoul"))
    (entry,) = found[date(2026, 3, 4)]
    assert (entry.state, entry.words, entry.time) == ("failed", "failed", "8:30 a.m.")
    assert len(shown(march("Asia/Seoul"), tests=True)[date(2026, 3, 4)]) == 2


def test_many_runs_of_a_day_are_told_by_their_states(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    news = published("news", {"frequency": "once", "at": "2027-01-01T09:00"})
    for minute in range(30):
        ran(news, datetime(2026, 3, 4, 9, minute, tzinfo=UTC), "failed" if minute == 7 else "completed")
    with django_assert_max_num_queries(5):
        (entry,) = shown(march())[date(2026, 3, 4)]
    assert (entry.words, entry.more, entry.state) == ("30 runs", "1 failed, 29 completed", "failed")


def test_entries_stand_in_the_order_of_time() -> None:
    published("minutes", MINUTES)
    published("evening", {"frequency": "daily", "at": "18:00"})
    published("morning", {"frequency": "daily", "at": "07:00"})
    words = [entry.campaign.slug for entry in shown(march())[date(2026, 3, 9)]]
    assert words == ["minutes", "morning", "evening"]
    assert {entry.state for entry in shown(march())[date(2026, 3, 9)]} == {PLANNED}


def test_two_hundred_campaigns_cost_as_many_queries_as_one(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    published("c-0", {"frequency": "daily", "at": "09:00"})
    version = CampaignVersion.objects.get()
    for number in range(1, 200):
        campaign = Campaign.objects.create(slug=f"c-{number}", name=f"C {number}", state="scheduled")
        CampaignVersion.objects.create(campaign=campaign, number=1, definition=version.definition, hash="x")
    with django_assert_max_num_queries(5):
        found = shown(march())
    assert len(found[date(2026, 3, 9)]) == 200


def test_a_month_is_shown_in_whole_weeks_of_the_reader_s_kind() -> None:
    span = month_of(date(2026, 3, 15), ZoneInfo("UTC"), first_weekday=0)
    assert (span.first, span.last) == (date(2026, 2, 23), date(2026, 4, 5))
    sunday = week_of(date(2026, 3, 15), ZoneInfo("UTC"), first_weekday=6)
    assert (sunday.first, sunday.last) == (date(2026, 3, 15), date(2026, 3, 21))
    assert next_month(date(2026, 12, 31), 1) == date(2027, 1, 1)
    assert next_month(date(2026, 1, 31), -1) == date(2025, 12, 1)
    assert within_reach(date(9999, 1, 1)).year == 2198


def test_a_day_whose_midnight_is_skipped_begins_when_clocks_jump() -> None:
    span = Span(date(2026, 9, 6), date(2026, 9, 6), ZoneInfo("America/Santiago"))
    begins = span.begins(date(2026, 9, 6))
    assert begins == datetime(2026, 9, 6, 4, tzinfo=UTC)
    assert span.ends(date(2026, 9, 6)) - begins == timedelta(hours=23)
