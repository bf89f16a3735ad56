"""What the ledger keeps of an exclusion beside its reason: what it was found in, as it was."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from campaigns.dimensions import register_dimension
from campaigns.models import Consent, Suppression, TargetingDimension
from campaigns.registration import register_table
from orchestration.models import Message
from tests.oracle_activities.lookup import Rows
from tests.orchestration.engine import make_channel
from tests.orchestration.playground import came, company, open_company, play
from tests.orchestration.setting_samples import CONTENT

pytestmark = pytest.mark.django_db
MAIL: dict[str, Any] = {"channel": "marketing-mail", "content": CONTENT, "category": "transactional"}
SINCE = datetime(2017, 5, 4, 3, 2, 1, tzinfo=UTC)


@pytest.fixture
def post(db: None) -> Rows:
    rows = company(11, people=60)
    open_company(rows)
    table = register_table("play", "person").table
    register_dimension("person", table, label="Person", fields={"email": "email"})
    make_channel()
    return rows


def evidence(reason: str) -> dict[str, Any]:
    """By recipient, of those excluded for a reason."""
    found = Message.objects.filter(exclusion_reason=reason)
    return dict(found.values_list("recipient_key", "evidence"))


def prepare(post: Rows, **more: Any) -> None:
    play(
        "email",
        {**MAIL, **more},
        came("a", [*(row["person_id"] for row in post["person"]), 1001]),
        is_test=True,
    )


def test_whoever_is_to_be_sent_and_whose_address_says_it_all_has_none(post: Rows) -> None:
    prepare(post)
    assert Message.objects.filter(state="ready").exists()
    assert not Message.objects.filter(state="ready", evidence__isnull=False).exists()
    assert list(evidence("not_in_dimension").values()) == [None]
    assert set(evidence("no_address").values()) == {None}


def test_a_duplicate_names_whom_the_address_was_sent_to(post: Rows) -> None:
    prepare(post)
    addresses = {str(row["person_id"]): (row["email"] or "").strip().lower() for row in post["person"]}
    sent = set(Message.objects.filter(state="ready").values_list("recipient_key", flat=True))
    duplicates = evidence("duplicate_address")
    assert duplicates
    for key, found in duplicates.items():
        assert found["owner"] in sent
        assert addresses[found["owner"]] == addresses[key]


def test_a_suppression_says_of_what_kind_it_was_and_since_when(post: Rows) -> None:
    Suppression.objects.create(
        channel="email", address="b@x.org", reason="complaint", note="secret", created_at=SINCE
    )
    prepare(post)
    suppressed = list(evidence("suppressed").values())
    assert suppressed
    assert {found["suppression"] for found in suppressed} == {"complaint"}
    assert {datetime.fromisoformat(found["since"]) for found in suppressed} == {SINCE}
    assert all(set(found) == {"suppression", "since"} for found in suppressed)


def test_a_missing_consent_says_what_was_stated_and_since_when(post: Rows) -> None:
    row = next(row for row in post["person"] if row["email"] and row["email"].startswith("p"))
    dimension = TargetingDimension.objects.get(slug="person")
    key = str(row["person_id"])
    Consent.objects.create(
        dimension=dimension, recipient_key=key, channel="email", state="opted_out", changed_at=SINCE
    )
    prepare(post, category="marketing")
    found = evidence("no_consent")
    stated = found.pop(key)
    assert (stated["consent"], datetime.fromisoformat(stated["since"])) == ("opted_out", SINCE)
    assert next(iter(found.values())) == {"consent": None, "since": None}
