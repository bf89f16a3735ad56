from __future__ import annotations

import pytest

from config.management.campaign_verbs.outcome import Exit
from orchestration.models import Delivery
from tests.config.management.test_answers import ask
from tests.ledger import make_delivery, make_dimension, make_messages

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery() -> Delivery:
    made = make_delivery(make_dimension())
    make_messages(made, [1, 2, 3], state="unknown")
    return made


def test_what_is_not_there_or_not_unknown_is_said(delivery: Delivery) -> None:
    assert ask("settle", 404, "--as", "sent")[0] == Exit.NOT_FOUND
    code, said = ask("settle", delivery.pk, "--as", "sent", "--message", 404)
    assert (code, said["refused"]) == (
        Exit.REFUSED,
        "Message 404 of this delivery is not unknown. Look it up in the ledger.",
    )


def test_one_and_then_the_others_are_settled(delivery: Delivery) -> None:
    first = delivery.messages.earliest("pk").pk
    code, said = ask("settle", delivery.pk, "--as", "failed", "--message", first, "--note", "seen")
    assert (code, said["unknown"], said["settled"]) == (Exit.DONE, 3, 1)
    assert ask("settle", delivery.pk, "--as", "sent")[1]["settled"] == 2
    assert sorted(delivery.messages.values_list("state", flat=True)) == ["failed_permanent", "sent", "sent"]
