"""Why a channel excluded somebody, told as it was then."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from campaigns.consents import Statement, record_consent
from campaigns.models import Channel, Consent, ConsentState
from campaigns.personal_data import MASKED
from orchestration.models import CampaignRun, Message
from orchestration.runs import start_test_run
from reporting.conditions import trace_data
from reporting.exclusions import exclusion_then
from reporting.traces import trace
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import draft, email, make_channel, work_off

SINCE = "2017-05-04T03:02:01+00:00"
AT = datetime(2018, 1, 1, tzinfo=UTC)


def message(reason: str, evidence: Any, **more: Any) -> dict[str, Any]:
    usual = {"address": "ada@example.com", "prepared_at": AT, "finished_at": None}
    return {**usual, "exclusion_reason": reason, "evidence": evidence, **more}


def words(reason: str, evidence: Any, *, personal: bool = True) -> str:
    found = exclusion_then(message(reason, evidence), ZoneInfo("Asia/Seoul"), personal=personal)
    assert found
    return found.nodes[0].words


def test_whoever_was_not_excluded_has_nothing_to_tell() -> None:
    assert exclusion_then(None, ZoneInfo("UTC"), personal=True) is None
    assert exclusion_then(message("", None), ZoneInfo("UTC"), personal=True) is None


@pytest.mark.parametrize(
    ("reason", "evidence", "said"),
    [
        ("malformed_address", None, "address: ada@example.com"),
        ("duplicate_address", {"owner": "7"}, "address: ada@example.com · sent to the key: 7"),
        (
            "suppressed",
            {"suppression": "hard_bounce", "since": SINCE},
            "address: ada@example.com · suppression: hard bounce · since: 2017-05-04 12:02:01+09:00",
        ),
        (
            "no_consent",
            {"consent": "opted_out", "since": SINCE},
            "address: ada@example.com · consent: opted out · since: 2017-05-04 12:02:01+09:00",
        ),
        ("no_consent", {"consent": None, "since": None}, "address: ada@example.com · consent: never stated"),
    ],
)
def test_each_reason_tells_what_it_was_found_in(reason: str, evidence: Any, said: str) -> None:
    assert words(reason, evidence) == said


def test_the_address_is_masked_for_those_who_may_not_see_it() -> None:
    assert "ada@" not in words("malformed_address", None, personal=False)


def test_whose_duplicate_somebody_is_is_masked_where_keys_are_personal() -> None:
    data = message("duplicate_address", {"owner": "ada"})
    found = exclusion_then(data, ZoneInfo("UTC"), personal=False, keys=False)
    assert found
    assert found.nodes[0].words.endswith(f"sent to the key: {MASKED}")


def test_it_was_when_it_was_prepared_or_later_when_it_was_to_be_sent() -> None:
    later = AT.replace(year=2019)
    found = [
        exclusion_then(message("no_consent", None, finished_at=finished), ZoneInfo("UTC"), personal=True)
        for finished in (None, later)
    ]
    assert [each and each.at for each in found] == [AT, later]


@pytest.mark.django_db
def test_what_was_excluded_then_stays_when_consent_is_given_later() -> None:
    dimension = make_dimension()
    make_channel(provider="file", provider_config={"folder": "tests"})
    add_person(dimension, 1)
    activities = [{"id": "all", "type": "build_audience", "config": {"dimension": "person"}}, email()]
    run = work_off(start_test_run(draft("excluded", activities, ["all mail"])))
    assert Message.objects.get().exclusion_reason == "no_consent"
    before = told(run)
    consent = {"channel": Channel.EMAIL, "state": ConsentState.OPTED_IN, "source": "test"}
    record_consent(Statement(dimension_id=dimension.pk, recipient_key="1", **consent))
    assert Consent.objects.get().state == "opted_in"
    assert told(run) == before
    (rule,) = before
    assert (rule["when"], rule["label"], rule["nodes"][0]["sentence"]) == ("then", "Excluded", "no consent")
    assert rule["nodes"][0]["words"].endswith("consent: never stated")


def told(run: CampaignRun) -> list[dict[str, Any]]:
    data = trace_data(run, trace(run, "1"), personal=True)
    return [rule for step in data["steps"] for rule in step["conditions"]]
