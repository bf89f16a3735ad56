from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from campaigns.models import Consent, Suppression
from campaigns.publishing import publish_campaign
from orchestration.models import Delivery, Message, MessageEvent
from orchestration.occurrences import launch_due
from orchestration.sending import drain_bucket
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import draft, email, make_channel, work_off
from tests.orchestration.mail.fake_smtp import FakeServer, Script

pytestmark = pytest.mark.django_db


@pytest.fixture
def server() -> Iterator[FakeServer]:
    made = FakeServer(Script())
    yield made
    made.close()


def send_to(server: FakeServer, *addresses: str) -> list[Message]:
    """A mail to one person for each address, in their order."""
    dimension = make_dimension()
    make_channel(provider_config={"host": "127.0.0.1", "port": server.port, "security": "none"})
    for key, address in enumerate(addresses):
        add_person(dimension, key)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE person SET email = %s WHERE id = %s", [address, key])
        Consent.objects.create(dimension=dimension, recipient_key=str(key), channel="email", state="opted_in")
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    campaign = draft("mails", [everybody, email(send_without_confirmation=True)], ["all mail"])
    publish_campaign(campaign, by=None, if_match=campaign.draft_hash, confirm_warnings=True)
    launch_due(campaign.pk)
    work_off(campaign.runs.get())
    for bucket in Delivery.objects.get().buckets.all():
        drain_bucket(bucket.pk)
    return list(Message.objects.order_by("recipient_key"))


def bounced() -> int:
    return MessageEvent.objects.filter(kind="bounced").count()


def test_an_address_that_cannot_be_written_fails_with_the_reason_and_holds_up_nobody(
    server: FakeServer,
) -> None:
    refused, fine = send_to(server, "jürgen@example.com", "ada@example.com")
    assert (refused.state, fine.state) == ("failed_permanent", "sent")
    assert "before the" in refused.reply
    assert bounced() == 0


def test_a_domain_in_another_script_is_sent_in_its_ascii_form(server: FakeServer) -> None:
    (message,) = send_to(server, "ada@bücher.example.com")
    assert message.state == "sent"
    assert any(b"RCPT TO:<ada@xn--bcher-kva.example.com>" in line for line in server.seen)


def test_a_refusal_of_the_sender_says_nothing_of_the_recipient(server: FakeServer) -> None:
    server.script.replies["mail", 0] = b"550 5.1.1 sender not known here"
    (message,) = send_to(server, "ada@example.com")
    assert (message.state, message.reply_code) == ("failed_permanent", 550)
    assert bounced() == 0
    assert not Suppression.objects.exists()


def test_a_refusal_of_the_recipient_is_a_bounce_and_a_dead_mailbox_suppressed(server: FakeServer) -> None:
    server.script.replies["rcpt", 0] = b"550 5.1.1 no such user"
    (message,) = send_to(server, "ada@example.com")
    assert (message.state, message.reply_code) == ("failed_permanent", 550)
    assert bounced() == 1
    assert Suppression.objects.get().address == "ada@example.com"


def test_a_provider_that_is_away_leaves_the_message_ready(server: FakeServer) -> None:
    server.close()
    (message,) = send_to(server, "ada@example.com")
    assert (message.state, message.reply_code) == ("ready", None)
