from __future__ import annotations

from datetime import timedelta

import pytest

from campaigns.models import AuditEntry, Campaign
from orchestration.exceptions import Refused
from orchestration.markers import Setting, marker_named, markers_of, set_marker
from orchestration.models import QueryMarker
from tests.orchestration.newcomers import add_newcomers, launch, make_readers, newsletter, now, returned

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    add_newcomers(make_readers(), 1, 2)
    return newsletter(exclude_returned=True, when_empty="continue")


@pytest.mark.parametrize(
    ("activity", "revision", "reason", "code"),
    [
        ("news", 1, "because", "marker.changed"),
        ("news", -1, "because", "marker.changed"),
        ("news", 0, " ", "marker.why"),
        ("end", 0, "because", "marker.unknown"),
    ],
)
def test_what_will_not_do_is_refused(
    campaign: Campaign, activity: str, revision: int, reason: str, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        set_marker(campaign, activity, Setting(now(), revision, reason))
    assert refusal.value.code == code
    assert not AuditEntry.objects.filter(action="marker.set").exists()


def test_of_two_who_looked_at_the_same_marker_the_second_is_refused(campaign: Campaign) -> None:
    set_marker(campaign, "news", Setting(now(), 0, "first"))
    with pytest.raises(Refused):
        set_marker(campaign, "news", Setting(None, 0, "second"))
    assert marker_named(campaign, "news").value is not None  # type: ignore[union-attr]


def test_a_marker_set_before_the_first_run_is_where_it_begins(campaign: Campaign) -> None:
    set_marker(campaign, "news", Setting(now() + timedelta(seconds=-1000), 0, "only the newest"))
    assert returned(launch(campaign)) == {1, 2}
    found = marker_named(campaign, "news")
    assert found is not None
    set_marker(campaign, "news", Setting(now(), found.revision, "enough"))
    assert returned(launch(campaign)) == set()


def test_set_back_it_returns_people_again_once_they_are_forgotten(campaign: Campaign) -> None:
    launch(campaign)
    for forget, expected in ((False, set()), (True, {1, 2})):
        revision = QueryMarker.objects.get().revision
        set_marker(campaign, "news", Setting(None, revision, "again", forget))
        assert returned(launch(campaign)) == expected


def test_who_set_it_from_what_to_what_and_why_is_in_the_audit_log(campaign: Campaign) -> None:
    moment = now()
    set_marker(campaign, "news", Setting(moment, 0, " a new start "))
    entry = AuditEntry.objects.get(action="marker.set")
    after = moment.isoformat(timespec="seconds")
    assert entry.object == "campaign newsletter"
    assert entry.detail == {"activity": "news", "before": "", "after": after, "reason": "a new start"}


def test_a_marker_outlives_its_activity(campaign: Campaign) -> None:
    QueryMarker.objects.create(campaign=campaign, activity_id="former")
    assert [each.activity for each in markers_of(campaign)] == ["news", "former"]
