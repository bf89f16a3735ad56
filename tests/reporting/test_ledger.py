from __future__ import annotations

from typing import Any

import pytest

from orchestration.models import Delivery, Message
from reporting.ledger import LedgerSearch, all_rows, mail_id, masked, read_page
from tests.ledger import make_campaign, make_delivery, make_dimension, make_message, make_messages, make_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery() -> Delivery:
    dimension = make_dimension()
    spring = make_delivery(dimension, make_run(make_campaign("spring")))
    Delivery.objects.update(sender={"message_domain": "mail.example"})
    spring.refresh_from_db()
    make_messages(spring, range(5))
    make_message(spring, 5, state="excluded")
    make_message(make_delivery(dimension, make_run(make_campaign("autumn"))), 0)
    return spring


def found(**parts: Any) -> list[tuple[str, str]]:
    rows = read_page(LedgerSearch(**parts)).rows
    return [(row.delivery.campaign.slug, row.recipient_key) for row in rows]


@pytest.mark.parametrize(
    "parts",
    [
        {"campaign": "winter"},
        {"address": "p1@example"},
        {"recipient": "01"},
        {"message_id": "<nobody@example.com>"},
        {"message_id": "<1.99999999999999999999999@mail.example>"},
        {"state": "sent' OR 1=1"},
        {"run": 2**62},
    ],
)
def test_what_is_not_there_is_not_found(delivery: Delivery, parts: dict[str, Any]) -> None:
    assert found(**parts) == []


def test_a_test_run_is_found_only_on_request(delivery: Delivery) -> None:
    make_message(
        make_delivery(delivery.dimension, make_run(delivery.campaign, kind="test")), 9, state="ready"
    )
    assert ("spring", "9") not in found()
    assert found(test=True) == [("spring", "9")]


def test_a_recipient_is_found_in_every_campaign(delivery: Delivery) -> None:
    assert found(recipient="0") == [("autumn", "0"), ("spring", "0")]


@pytest.mark.parametrize("address", ["p3@example.com", "P3@Example.COM"])
def test_an_address_is_found_in_any_case(delivery: Delivery, address: str) -> None:
    assert found(address=address) == [("spring", "3")]


def test_a_message_is_found_by_the_id_in_its_header(delivery: Delivery) -> None:
    message = Message.objects.get(delivery=delivery, recipient_key="2")
    assert mail_id(message) == f"<{delivery.pk}.{message.pk}@mail.example>"
    assert found(message_id=mail_id(message)) == [("spring", "2")]


def test_parts_narrow_together(delivery: Delivery) -> None:
    assert found(campaign="spring", state="excluded", exclusion_reason="no_consent") == [("spring", "5")]
    assert found(campaign="autumn", state="excluded") == []


def test_pages_follow_each_other_without_gap_or_repetition(delivery: Delivery) -> None:
    before, seen = None, []
    for _page in range(4):
        page = read_page(LedgerSearch(), before=before, size=2)
        seen += [row.pk for row in page.rows]
        before = page.next_before
    assert before is None
    assert seen == list(Message.objects.order_by("-pk").values_list("pk", flat=True))
    assert [row.pk for row in all_rows(LedgerSearch())] == seen


@pytest.mark.parametrize(
    ("address", "shown"),
    [("ann@example.com", "a…@example.com"), ("", ""), ("broken", "b…"), ("@x.de", "…@x.de")],
)
def test_a_masked_address_can_be_recognised_and_not_written_to(address: str, shown: str) -> None:
    assert masked(address) == shown


def test_a_page_takes_a_bounded_number_of_queries(delivery: Delivery, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        assert len(found(campaign="spring")) == 6
