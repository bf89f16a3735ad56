from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client

from campaigns.models import (
    AuditEntry,
    Campaign,
    ChannelConfiguration,
    Consent,
    ConsentRecord,
    Field,
    Suppression,
)
from campaigns.problems import ProblemsError
from orchestration.channels import file, sms_file
from orchestration.message_ids import ledger_row_of
from orchestration.models import CampaignRun, Delivery, Message, MessageEvent, TrackedLink
from orchestration.proofs import MOST_AN_HOUR, Proofs, addresses_in, send_proof
from orchestration.runs import start_test_run
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import draft, email, make_channel, work_off
from tests.orchestration.mail import decoder
from tests.orchestration.mail.fake_smtp import FakeServer, Script
from tests.orchestration.texting import make_phone_dimension, make_sms_channel, texting

pytestmark = pytest.mark.django_db

HTML = """<p>Hello {{ profile.name }} of {{ profile.city }}</p>
<a href="https://shop.example.com/a?x=1&amp;who={{ profile.name }}">Look</a>
<a href="{{ unsubscribe_url }}">Leave</a> {{ postal_address }}"""
CONTENT = {"subject": "Grüße, {{ profile.name }}", "html": HTML}
TO = "ann@office.example"


@pytest.fixture
def server() -> Iterator[FakeServer]:
    made = FakeServer(Script())
    yield made
    made.close()


@pytest.fixture
def campaign(server: FakeServer) -> Campaign:
    dimension = make_dimension()
    for key in (2, 1, 3):
        add_person(dimension, key)
    make_channel(provider_config={"host": "127.0.0.1", "port": server.port, "security": "none"})
    return mailing(content=CONTENT)


def mailing(slug: str = "mailing", **config: Any) -> Campaign:
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    return draft(slug, [everybody, email(**config)], ["all mail"])


def person(name: str = "ann", *permissions: str) -> Any:
    user = get_user_model().objects.create_user(name, email=TO)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def refused(campaign: Campaign, activity: str = "mail", **asked: Any) -> str:
    """The code of the refusal; nothing was noted."""
    with pytest.raises(ProblemsError) as error:
        send_proof(campaign, activity, **{"to": [TO], **asked})
    assert not AuditEntry.objects.filter(action__startswith="campaign.proof").exists()
    return str(error.value.problems[0].code)


def html_of(data: bytes) -> str:
    headers, body = decoder.split(data)
    _text, html = decoder.parts(body, headers["content-type"])
    return html[1].decode()


HOSTILE = [
    "",
    "ann",
    "ann@office.example\r\nBcc: all@office.example",
    "ann@office.example\nRCPT TO:<all@office.example>",
    "ann@office.example, bob@office.example",
    "Ann <ann@office.example>",
    "ann@office.example>",
    "jürgen@office.example",
    "ann@office.example\0",
    "ann@" + "a" * 250 + ".example",
]


@pytest.mark.parametrize("address", HOSTILE)
def test_what_is_no_plain_address_is_refused_and_nothing_is_sent(
    campaign: Campaign, server: FakeServer, address: str
) -> None:
    code = refused(campaign, to=[TO, address])
    assert code in ("proof.malformed_address", "proof.internationalised_address")
    assert server.connections == 0


def test_more_than_five_addresses_are_refused(campaign: Campaign) -> None:
    assert refused(campaign, to=[f"p{n}@office.example" for n in range(6)]) == "proof.too_many_addresses"
    assert refused(campaign, to=[]) == "proof.no_address"


def test_a_suppressed_address_is_refused(campaign: Campaign) -> None:
    Suppression.objects.create(channel="email", address=TO, reason="complaint")
    assert refused(campaign, to=[TO.upper()]) == "proof.suppressed"


@pytest.mark.parametrize("state", ["closed", "stopped", "archived"])
def test_a_campaign_that_cannot_be_edited_sends_no_proof(campaign: Campaign, state: str) -> None:
    campaign.state = state
    assert refused(campaign) == "campaign.not_editable"


def test_an_activity_that_is_no_mail_of_the_draft_is_refused(campaign: Campaign) -> None:
    assert refused(campaign, "all") == "proof.unknown_activity"
    assert refused(campaign, "mial") == "proof.unknown_activity"


def test_a_content_with_errors_is_refused_at_its_place(campaign: Campaign) -> None:
    broken = mailing("broken", content={"subject": "{{ profile.nmae }}", "html": HTML})
    with pytest.raises(ProblemsError) as error:
        send_proof(broken, "mail", to=[TO])
    assert error.value.problems[0].path == "/activities/1/config/content/subject"


def test_somebody_who_is_not_in_the_table_is_refused(campaign: Campaign) -> None:
    assert refused(campaign, recipient="77") == "proof.unknown_recipient"
    assert refused(campaign, recipient="1\0") == "proof.unknown_recipient"
    assert refused(campaign, recipient="1; DROP TABLE person") == "proof.unknown_recipient"


def test_a_channel_that_is_switched_off_sends_no_proof(campaign: Campaign, server: FakeServer) -> None:
    ChannelConfiguration.objects.update(enabled=False)
    assert refused(campaign) == "channel.unknown"
    assert server.connections == 0


def test_nobody_sends_more_than_twenty_an_hour(campaign: Campaign, server: FakeServer) -> None:
    ann, bob = person("ann"), person("bob")
    for number in range(MOST_AN_HOUR):
        AuditEntry.objects.create(action="campaign.proof", object=f"campaign {number}", actor=ann)
    with pytest.raises(ProblemsError) as error:
        send_proof(campaign, "mail", to=[TO], by=ann)
    assert error.value.problems[0].code == "proof.too_often"
    assert send_proof(campaign, "mail", to=[TO], by=bob).are_sent
    assert len(server.taken) == 1


def test_proofs_of_an_hour_ago_are_not_counted(campaign: Campaign) -> None:
    ann = person()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO campaigns_auditentry (at, actor_id, actor_name, door, action, object, detail)"
            " SELECT now() - interval '61 minutes', %s, 'ann', '', 'campaign.proof', 'x', '{}'"
            " FROM generate_series(1, 20)",
            [ann.pk],
        )
    assert send_proof(campaign, "mail", to=[TO], by=ann).are_sent


def test_what_the_server_replies_is_shown_and_written_down(campaign: Campaign, server: FakeServer) -> None:
    server.script.replies["rcpt", 1] = b"550 5.7.1 relaying denied"
    sent = send_proof(campaign, "mail", to=[TO, "bob@office.example"])
    assert [proof.state for proof in sent.proofs] == ["sent", "failed_permanent"]
    assert "550 5.7.1 relaying denied" in sent.proofs[1].reply
    entry = AuditEntry.objects.get(action="campaign.proof_outcome", detail__address="bob@office.example")
    assert (entry.detail["state"], entry.detail["reply"]) == ("failed_permanent", sent.proofs[1].reply)
    assert not Suppression.objects.exists()


def test_a_server_that_is_away_is_said(campaign: Campaign, server: FakeServer) -> None:
    server.close()
    (proof,) = send_proof(campaign, "mail", to=[TO]).proofs
    assert (proof.state, bool(proof.reply)) == ("not_attempted", True)
    assert AuditEntry.objects.filter(action="campaign.proof").count() == 1


def test_a_value_that_breaks_a_header_is_said_and_not_sent(campaign: Campaign, server: FakeServer) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE person SET name = %s", ["Ann\r\nBcc: all@office.example"])
    (proof,) = send_proof(campaign, "mail", to=[TO]).proofs
    assert proof.state == "not_attempted"
    assert server.taken == []


def test_whoever_may_not_see_personal_data_gets_it_masked(campaign: Campaign, server: FakeServer) -> None:
    Field.objects.filter(slug="name").update(personal=True)
    send_proof(campaign, "mail", to=[TO], by=person("author", "change_campaign"))
    send_proof(campaign, "mail", to=[TO], by=person("owner", "view_personal_data"))
    masked, shown = map(html_of, server.taken)
    assert "Hello ••• of Busan" in masked
    assert "Hello Person 1 of Busan" in shown


def test_a_proof_leaves_no_trace_but_in_the_audit_log(campaign: Campaign, server: FakeServer) -> None:
    ann = person()
    send_proof(campaign, "mail", to=[TO], by=ann, recipient="2")
    models = (Message, Delivery, TrackedLink, MessageEvent, CampaignRun, Consent, ConsentRecord)
    assert [model.objects.count() for model in models] == [0] * len(models)
    attempt, outcome = AuditEntry.objects.filter(action__startswith="campaign.proof").order_by("pk")
    assert (attempt.actor, attempt.object) == (ann, "campaign mailing")
    assert attempt.detail == {"activity": "mail", "address": TO, "recipient": "2"}
    assert (outcome.detail["state"], outcome.detail["attempt"]) == ("sent", attempt.pk)


def test_a_proof_is_marked_and_rendered_for_the_person_asked_for(
    campaign: Campaign, server: FakeServer
) -> None:
    sent = send_proof(campaign, "mail", to=[TO], recipient="3")
    headers, _body = decoder.split(server.taken[0])
    assert decoder.decode_words(headers["subject"]) == "[Proof] Grüße, Person 3"
    assert headers["x-tutti-proof"].strip() == b"yes"
    assert headers["to"].strip() == TO.encode()
    assert (sent.recipient, sent.are_sent) == ("3", True)
    assert ledger_row_of(headers["message-id"].strip().decode()) is None
    assert send_proof(campaign, "mail", to=[TO]).recipient == "1"


def test_links_of_a_proof_lead_straight_to_their_targets(
    campaign: Campaign, server: FakeServer, client: Client
) -> None:
    send_proof(campaign, "mail", to=[TO])
    html = html_of(server.taken[0])
    assert 'href="https://shop.example.com/a?x=1&amp;who=Person%201"' in html
    assert re.search(r"/[co]/[A-Za-z0-9_-]{32}", html) is None
    assert "<img" not in html


def test_nobody_is_unsubscribed_by_a_proof(campaign: Campaign, server: FakeServer, client: Client) -> None:
    send_proof(campaign, "mail", to=[TO])
    headers, _body = decoder.split(server.taken[0])
    path = re.search(rb"<https?://[^/]+(/u/[^>]+)>", headers["list-unsubscribe"])[1].decode()  # type: ignore[index]
    assert "Nobody was unsubscribed" in client.get(path).content.decode()
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert client.post(path, {"confirm": "1"}).status_code == 200
    assert not Consent.objects.exists()
    assert not MessageEvent.objects.exists()


def test_quoted_printable_carries_long_targets_whole(campaign: Campaign, server: FakeServer) -> None:
    server.script.eight_bit = False
    long = "https://shop.example.com/?" + "&amp;".join(f"parameter{n}=value{n}" for n in range(20))
    wide = mailing("wide", content={"subject": "x", "html": HTML + f'<a href="{long}">y</a>'})
    send_proof(wide, "mail", to=[TO])
    html = html_of(server.taken[0])
    assert f'href="{long}"' in html


ENRICHED = [
    {"id": "all", "type": "build_audience", "config": {"dimension": "person"}},
    {
        "id": "add",
        "type": "enrichment",
        "config": {"add": [{"kind": "attribute", "attribute": "city", "name": "town", "label": "Town"}]},
    },
    email(
        content={
            "subject": "x",
            "html": "{{ target.town }} {{ unsubscribe_url }} {{ postal_address }}",
        }
    ),
]


def test_columns_of_the_flow_are_examples_until_a_run_has_made_them(
    campaign: Campaign, server: FakeServer
) -> None:
    enriched = draft("enriched", ENRICHED, ["all add", "add mail"])
    assert send_proof(enriched, "mail", to=[TO]).examples == ("target.town",)
    work_off(start_test_run(enriched))
    assert send_proof(enriched, "mail", to=[TO]).examples == ()
    example, real = map(html_of, server.taken)
    assert example.startswith("Example")
    assert real.startswith("Busan")


def test_addresses_are_typed_with_commas_or_semicolons() -> None:
    assert addresses_in(" a@b.example, c@d.example;e@f.example ,") == [
        "a@b.example",
        "c@d.example",
        "e@f.example",
    ]
    assert addresses_in("a@b.example\nc@d.example") == ["a@b.example\nc@d.example"]


def test_an_address_typed_twice_gets_one(campaign: Campaign, server: FakeServer) -> None:
    sent: Proofs = send_proof(campaign, "mail", to=[TO, TO])
    assert (len(sent.proofs), len(server.taken)) == (1, 1)


def test_files_of_proofs_are_apart_from_those_of_messages(campaign: Campaign, tmp_path: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(file, "OUTBOX", tmp_path)
        make_channel("files", provider="file", provider_config={"folder": "tests"})
        send_proof(mailing("filed", channel="files", content=CONTENT), "mail", to=[TO])
    (line,) = (tmp_path / "tests" / "sent.jsonl").read_text().splitlines()
    assert json.loads(line)["id"] < 0


@pytest.fixture
def texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that the texts of a channel go to."""
    monkeypatch.setattr(sms_file, "OUTBOX", tmp_path)
    make_phone_dimension("010-1234-5678", "010-2345-6789")
    make_sms_channel()
    return tmp_path / "sms" / "texts.jsonl"


@pytest.mark.parametrize("number", ["", "ann@office.example", "call me", "010-12", "010-1234-5678\0"])
def test_what_is_no_number_is_refused(texts: Path, number: str) -> None:
    assert refused(texting(), "text", to=["010-9999-8888", number]) == "proof.malformed_address"
    assert not texts.exists()


def test_a_suppressed_number_is_refused_however_it_is_written(texts: Path) -> None:
    Suppression.objects.create(channel="sms", address="+821099998888", reason="opted_out")
    assert refused(texting(), "text", to=["010-9999-8888"]) == "proof.suppressed"


def test_a_text_that_fails_for_the_person_is_refused(texts: Path) -> None:
    broken = texting(content={"text": "{{ 1 | divided_by: 0 }}"})
    with pytest.raises(ProblemsError):
        send_proof(broken, "text", to=["010-9999-8888"])
    assert not AuditEntry.objects.filter(action="campaign.proof").exists()


def test_a_proof_of_a_text_is_marked_and_leaves_no_row(texts: Path) -> None:
    sent = send_proof(texting(), "text", to=["010-9999-8888", "+82 10 9999 8888"], recipient="1")
    (line,) = map(json.loads, texts.read_text().splitlines())
    assert (line["recipient"], line["text"]) == ("+821099998888", "[Proof] Hi Person 1. Reply STOP")
    assert line["id"] < 0
    assert line["reference"].startswith("proof.")
    assert (sent.are_sent, sent.recipient, len(sent.proofs)) == (True, "1", 1)
    assert not Message.objects.exists()
