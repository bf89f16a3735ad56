from __future__ import annotations

import pytest
from django.test import Client

from campaigns.admin.page import campaign_url
from campaigns.models import AuditEntry, Campaign
from orchestration.models import QueryMarker
from tests.config.admin.pages import look
from tests.orchestration.newcomers import add_newcomers, launch, make_readers, marker_value, newsletter

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    add_newcomers(make_readers(), 1, 2)
    return newsletter()


def send(client: Client, campaign: Campaign, **sent: str) -> str:
    url = campaign_url(campaign, "marker", activity="news")
    return str(client.post(url, {"revision": "0", "reason": "why not", **sent}, follow=True).content.decode())


def test_whoever_may_not_publish_sees_it_and_sets_nothing(author: Client, campaign: Campaign) -> None:
    assert "Set the marker" not in look(author, campaign, "marker", activity="news")
    assert author.post(campaign_url(campaign, "marker", activity="news")).status_code == 403


def test_an_activity_that_reads_nothing_is_not_found(publisher: Client, campaign: Campaign) -> None:
    assert publisher.get(campaign_url(campaign, "marker", activity="end")).status_code == 404


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"value": "soon"}, "is no date and time"),
        ({"value": "9999-99-99T00:00"}, "is no date and time"),
        ({"value": "0001-01-01T00:00"}, "can have read until then"),
        ({"value": "2200-01-02T00:00"}, "can have read until then"),
        ({"reason": ""}, "It is not said why"),
        ({"revision": "x"}, "has changed since"),
        ({"revision": "99999999999999"}, "has changed since"),
    ],
)
def test_what_will_not_do_is_said(
    publisher: Client, campaign: Campaign, sent: dict[str, str], said: str
) -> None:
    assert said in send(publisher, campaign, **sent)
    assert marker_value(campaign) is None


def test_it_is_reached_from_the_runs_and_set_in_the_campaigns_zone(
    publisher: Client, campaign: Campaign
) -> None:
    Campaign.objects.update(time_zone="Asia/Seoul")
    assert campaign_url(campaign, "marker", activity="news") in look(publisher, campaign, "runs")
    assert "The marker is set" in send(publisher, campaign, value="2018-01-31T09:00")
    assert str(marker_value(campaign)) == "2018-01-31 00:00:00+00:00"
    assert AuditEntry.objects.get(action="marker.set").door == "admin"


def test_sent_back_as_it_was_shown_it_stays_what_it_was(publisher: Client, campaign: Campaign) -> None:
    launch(campaign)
    before = QueryMarker.objects.get()
    page = look(publisher, campaign, "marker", activity="news")
    shown = page.split('id="value"')[1].split('value="')[1].split('"')[0]
    send(publisher, campaign, value=shown, revision=str(before.revision))
    assert marker_value(campaign) == before.value
