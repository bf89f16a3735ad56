from __future__ import annotations

import pytest
from django.core.management import CommandError

from campaigns.models import AuditEntry, Campaign
from config.management.campaign_verbs.outcome import Exit
from tests.config.management.test_answers import ask
from tests.orchestration.newcomers import make_readers, marker_value, newsletter

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    make_readers()
    return newsletter()


def test_what_is_not_there_is_not_found(campaign: Campaign) -> None:
    assert ask("marker", "nowhere")[0] == Exit.NOT_FOUND
    assert ask("marker", "newsletter", "end")[0] == Exit.NOT_FOUND


@pytest.mark.parametrize("moment", ["soon", "2018-01-31T09:00"])
def test_a_time_needs_its_offset(campaign: Campaign, moment: str) -> None:
    with pytest.raises(CommandError, match="with its offset"):
        ask("marker", "newsletter", "news", "--set", moment, "--reason", "x")


def test_without_a_reason_nothing_is_set(campaign: Campaign) -> None:
    assert ask("marker", "newsletter", "news", "--set", "beginning")[0] == Exit.REFUSED


def test_it_is_said_and_set(campaign: Campaign) -> None:
    code, said = ask("marker", "newsletter")
    assert (code, said["markers"]) == (Exit.DONE, [{"activity": "news", "value": None, "revision": 0}])
    moment = "2018-01-31T09:00:00+09:00"
    _code, said = ask("marker", "newsletter", "news", "--set", moment, "--reason", "a new start")
    assert said["markers"][0]["revision"] == 1
    assert str(marker_value(campaign)) == "2018-01-31 00:00:00+00:00"
    assert ask("marker", "newsletter", "news", "--set", "beginning", "--reason", "all")[0] == Exit.DONE
    assert marker_value(campaign) is None
    assert AuditEntry.objects.filter(action="marker.set", door="command").count() == 2
