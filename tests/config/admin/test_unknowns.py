from __future__ import annotations

import pytest
from django.test import Client

from campaigns.admin.page import campaign_url
from campaigns.models import AuditEntry
from orchestration.models import Delivery
from tests.config.admin.pages import look
from tests.ledger import make_campaign, make_delivery, make_dimension, make_message, make_messages, make_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery() -> Delivery:
    made = make_delivery(make_dimension(), make_run(make_campaign("mailing")))
    make_messages(made, range(12), state="unknown")
    make_message(made, 99)
    return made


def settle(client: Client, delivery: Delivery, query: str = "", **sent: str) -> str:
    url = campaign_url(delivery.campaign, "settle_unknown", delivery_id=delivery.pk)
    return str(client.post(url + query, sent, follow=True).content.decode())


def left(delivery: Delivery) -> int:
    return delivery.messages.filter(state="unknown").count()


def test_whoever_may_not_confirm_settles_nothing(author: Client, delivery: Delivery) -> None:
    url = campaign_url(delivery.campaign, "settle_unknown", delivery_id=delivery.pk)
    assert (author.get(url).status_code, author.post(url, {"as": "sent"}).status_code) == (403, 403)
    assert "Settle the unknown" not in look(author, delivery.campaign, "delivery", delivery_id=delivery.pk)
    assert left(delivery) == 12


@pytest.mark.parametrize(
    "query", ["?message=0", "?message=x", "?message=99999999999999999999", "?message=-1"]
)
def test_a_message_that_is_not_there_is_not_found(publisher: Client, delivery: Delivery, query: str) -> None:
    url = campaign_url(delivery.campaign, "settle_unknown", delivery_id=delivery.pk) + query
    assert publisher.post(url, {"as": "sent"}).status_code == 404
    assert left(delivery) == 12


def test_no_answer_is_refused(publisher: Client, delivery: Delivery) -> None:
    assert "neither" in settle(publisher, delivery, note="x")
    assert left(delivery) == 12


def test_the_number_is_shown_before_anything_is_done(publisher: Client, delivery: Delivery) -> None:
    page = look(publisher, delivery.campaign, "settle_unknown", delivery_id=delivery.pk)
    assert "12 messages may or may not have left" in page
    assert left(delivery) == 12


def test_all_of_a_delivery_are_settled(publisher: Client, delivery: Delivery) -> None:
    assert "Settle the unknown" in look(publisher, delivery.campaign, "delivery", delivery_id=delivery.pk)
    assert "12 messages are settled" in settle(publisher, delivery, **{"as": "failed", "note": "looked up"})
    assert left(delivery) == 0
    assert AuditEntry.objects.get(action="delivery.settle_unknown").door == "admin"


def test_one_is_settled_from_the_ledger(publisher: Client, delivery: Delivery) -> None:
    message = delivery.messages.filter(state="unknown").first()
    assert message is not None
    url = campaign_url(delivery.campaign, "settle_unknown", delivery_id=delivery.pk)
    assert f"{url}?message={message.pk}" in publisher.get("/admin/ledger/").content.decode()
    settle(publisher, delivery, f"?message={message.pk}", **{"as": "sent"})
    message.refresh_from_db()
    assert (message.state, left(delivery)) == ("sent", 11)
