from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from campaigns.admin.page import campaign_url
from campaigns.models import Campaign
from tests.config.admin.pages import look, send
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import draft, email, make_channel
from tests.orchestration.mail.fake_smtp import FakeServer, Script

pytestmark = pytest.mark.django_db


@pytest.fixture
def server() -> Iterator[FakeServer]:
    made = FakeServer(Script())
    yield made
    made.close()


@pytest.fixture
def campaign(server: FakeServer) -> Campaign:
    add_person(make_dimension(), 1)
    make_channel(provider_config={"host": "127.0.0.1", "port": server.port, "security": "none"})
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    return draft("mailing", [everybody, email()], ["all mail"])


def ask(client: Client, campaign: Campaign, **data: str) -> str:
    return str(send(client, campaign, "proof", activity_id="mail", data=data).content.decode())


def test_whoever_only_looks_sends_none(viewer: Client, campaign: Campaign, server: FakeServer) -> None:
    url = campaign_url(campaign, "proof", activity_id="mail")
    assert viewer.post(url, {"to": "ann@office.example"}).status_code == 403
    assert "Send the proof" not in look(viewer, campaign, "activity", activity_id="mail")
    assert server.connections == 0


def test_a_refusal_is_told_on_the_page(author: Client, campaign: Campaign, server: FakeServer) -> None:
    assert "Type the address" in ask(author, campaign, to="")
    assert "cannot be written to" in ask(author, campaign, to="ann@office.example\r\nBcc: x@y.example")
    assert "nobody with the key" in ask(author, campaign, to="ann@office.example", recipient="9")
    assert server.connections == 0


def test_only_a_mail_has_the_form(author: Client, campaign: Campaign) -> None:
    assert "Send the proof" not in look(author, campaign, "activity", activity_id="all")
    assert "Send the proof" in look(author, campaign, "activity", activity_id="mail")


def test_the_reply_of_the_server_is_shown(author: Client, campaign: Campaign, server: FakeServer) -> None:
    server.script.replies["rcpt", 0] = b"550 5.1.1 no such user"
    assert "550 5.1.1 no such user" in ask(author, campaign, to="ann@office.example")


def test_a_proof_goes_out(author: Client, campaign: Campaign, server: FakeServer) -> None:
    page = ask(author, campaign, to="ann@office.example; bob@office.example", recipient="1")
    assert "The proof went to ann@office.example" in page
    assert "The proof went to bob@office.example" in page
    assert len(server.taken) == 2
