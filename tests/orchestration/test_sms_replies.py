from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from campaigns.models import Campaign, ChannelConfiguration, Consent, ConsentRecord, Suppression
from orchestration.channels import sms_file
from orchestration.hits import Hit
from orchestration.models import Message, MessageEvent
from orchestration.sms.providers import InboundText
from orchestration.sms_replies import take_reply
from tests.orchestration.texting import drain, make_phone_dimension, make_sms_channel, run_live, texting

pytestmark = pytest.mark.django_db

SECRET = "wh1sper"  # noqa: S105
STOP = {"from": "+82 10-1234-5678", "text": "Stop.", "id": "in-1"}
SETTINGS = {"url": "https://gateway.test/", "inbound_secret_env": "SMS_SECRET_IN"}


@pytest.fixture
def campaign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Campaign:
    """A text went to two people who share a number, and to one who does not."""
    monkeypatch.setattr(sms_file, "OUTBOX", tmp_path)
    monkeypatch.setenv("SMS_SECRET_IN", SECRET)
    make_phone_dimension("010-1234-5678", "010 1234 5678", "010-2345-6789")
    channel = make_sms_channel()
    drawn = texting(one_per_address=False)
    run_live(drawn)
    assert {message.state for message in drain(drawn)} == {"sent"}
    channel.provider, channel.provider_config = "sms_http", SETTINGS
    channel.save()
    return drawn


def post(told: Any, *, slug: str = "texts", signature: str | None = None, method: str = "post") -> int:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    signed = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest() if signature is None else signature
    client = Client(enforce_csrf_checks=True)
    answer = getattr(client, method)(
        f"/sms/{slug}/", body, content_type="application/json", headers={"X-Signature": signed}
    )
    return int(answer.status_code)


def left_alone() -> bool:
    return not (
        Suppression.objects.exists() or ConsentRecord.objects.exists() or MessageEvent.objects.exists()
    )


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"told": STOP, "signature": ""}, 404),
        ({"told": STOP, "signature": "0" * 64}, 404),
        ({"told": STOP, "slug": "other"}, 404),
        ({"told": b"x" * 65_537}, 404),
        ({"told": b"no json"}, 400),
        ({"told": {"text": "STOP"}}, 400),
        ({"told": STOP, "method": "put"}, 405),
        ({"told": {**STOP, "text": "stop sending me the blue ones"}}, 204),
        ({"told": {**STOP, "from": "Shop"}}, 204),
        ({"told": []}, 204),
    ],
)
def test_what_is_no_proven_stop_changes_nothing(
    campaign: Campaign, sent: dict[str, Any], status: int
) -> None:
    assert post(**sent) == status
    assert left_alone()


def test_looking_changes_nothing(campaign: Campaign) -> None:
    assert Client().get("/sms/texts/").status_code == 405
    assert left_alone()


def test_a_provider_without_replies_is_never_believed(campaign: Campaign) -> None:
    make_sms_channel("filed")
    assert post(STOP, slug="filed") == 404
    make_sms_channel("odd", provider="pigeon")
    assert post(STOP, slug="odd") == 404
    make_sms_channel("broken", provider="sms_http", provider_config={"nonsense": 1})
    assert post(STOP, slug="broken") == 404
    assert left_alone()


def test_stop_suppresses_the_number_and_opts_everybody_out_who_has_it(campaign: Campaign) -> None:
    assert post(STOP) == 204
    suppressed = Suppression.objects.get()
    assert (suppressed.channel, suppressed.address, suppressed.reason) == (
        "sms",
        "+821012345678",
        "opted_out",
    )
    assert suppressed.note == "“Stop.” texts in-1"
    out = Consent.objects.filter(channel="sms", state="opted_out")
    assert sorted(out.values_list("recipient_key", flat=True)) == ["0", "1"]
    records = ConsentRecord.objects.values_list("recipient_key", "source", "state")
    assert sorted(records) == [("0", "sms_reply", "opted_out"), ("1", "sms_reply", "opted_out")]
    assert set(ConsentRecord.objects.values_list("message_id", flat=True)) <= set(
        Message.objects.values_list("pk", flat=True)
    )
    assert MessageEvent.objects.filter(kind="unsubscribed").count() == 2


def test_repeating_it_adds_nothing(campaign: Campaign) -> None:
    assert [post(STOP), post([STOP, STOP]), post({**STOP, "id": "in-2"})] == [204, 204, 204]
    counted = (Suppression.objects.count(), ConsentRecord.objects.count(), MessageEvent.objects.count())
    assert counted == (1, 2, 2)
    assert Suppression.objects.get().note.endswith("in-1")


def test_nothing_goes_to_the_number_any_more(campaign: Campaign) -> None:
    post(STOP)
    ChannelConfiguration.objects.update(provider="sms_file", provider_config={})
    again = texting("again", one_per_address=False, category="transactional")
    run_live(again)
    states = [(message.state, message.exclusion_reason) for message in drain(again)]
    assert states == [("excluded", "suppressed"), ("excluded", "suppressed"), ("sent", "")]


def test_hostile_words_are_kept_as_far_as_they_can_be(campaign: Campaign) -> None:
    configuration = make_sms_channel("other")
    reply = InboundText("010-9999-8888", "\ud800stop\0", "\0'; DROP TABLE person")
    assert take_reply(configuration, reply, hit=Hit("POST", None, ""))
    assert Suppression.objects.get().address == "+821099998888"
    assert "\0" not in Suppression.objects.get().note
