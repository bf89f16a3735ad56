from __future__ import annotations

from typing import Any

import pytest

from campaigns.dimensions import register_dimension
from campaigns.registration import register_table
from orchestration.models import Message
from tests.oracle_activities.lookup import Rows
from tests.orchestration.engine import make_channel
from tests.orchestration.playground import came, codes, play
from tests.orchestration.setting_samples import CONTENT

MAIL: dict[str, Any] = {"channel": "marketing-mail", "content": CONTENT, "category": "transactional"}


@pytest.fixture
def post(small_shop: Rows) -> Rows:
    table = register_table("play", "person").table
    register_dimension("person", table, label="Person", fields={"email": "email"})
    make_channel()
    return small_shop


def test_lint_names_what_is_wrong_and_where() -> None:
    assert ("channel.unknown", "/channel") in codes("email", {**MAIL, "channel": "marketing"}, came("a", [1]))
    contracts = came("c", [], dimension="contract")
    assert ("email.no_address", "") in codes("email", MAIL, contracts)


def test_a_test_run_parts_those_who_would_be_sent_from_those_excluded(post: Rows) -> None:
    people = [row["person_id"] for row in post["person"]]
    played = play("email", MAIL, came("a", [*people, 1001]), is_test=True)
    addresses = {row["person_id"]: (row["email"] or "").strip().lower() for row in post["person"]}
    written_to = [addresses[key] for key in sorted(played.keys("sent"))]
    assert sorted(written_to) == sorted({address for address in addresses.values() if address})
    assert played.keys("excluded") == {*people, 1001} - played.keys("sent")
    assert (played.counts()["failed"], played.counts()["undecided"]) == (0, 0)


def test_without_consent_there_is_no_marketing(post: Rows) -> None:
    played = play("email", {**MAIL, "category": "marketing"}, came("a", [1, 2, 3]), is_test=True)
    assert played.keys("sent") == set()
    assert set(Message.objects.values_list("exclusion_reason", flat=True)) <= {"no_consent", "no_address"}


def test_a_live_run_sends_nothing_before_somebody_confirms(post: Rows) -> None:
    played = play("email", MAIL, came("a", [1, 2, 3]))
    assert (played.state, played.ports) == ("awaiting_confirmation", {})
