from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from campaigns.models import Suppression
from orchestration.channels import sms_file
from orchestration.models import Delivery, Message, MessageEvent
from orchestration.unknowns import settle_unknown
from tests.orchestration.engine import counts, work_off
from tests.orchestration.sms.gateway import Gateway, serving
from tests.orchestration.texting import (
    drain,
    make_phone_dimension,
    make_sms_channel,
    run_live,
    texting,
)

pytestmark = pytest.mark.django_db

ANN, BOB, CLO = "010-1234-5678", "010-2345-6789", "010-3456-7890"


@pytest.fixture(autouse=True)
def outbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sms_file, "OUTBOX", tmp_path)
    return tmp_path


def written(outbox: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (outbox / "sms" / "texts.jsonl").read_text().splitlines()]


def through(gateway: Gateway, *numbers: str, **settings: Any) -> list[Message]:
    make_phone_dimension(*numbers)
    make_sms_channel(provider="sms_http", provider_config={"url": gateway.url, "timeout": 1, **settings})
    campaign = texting()
    run_live(campaign)
    return drain(campaign)


def states(messages: list[Message]) -> list[str]:
    return [message.state for message in messages]


def test_a_text_that_one_person_cannot_get_holds_up_nobody(outbox: Path) -> None:
    make_phone_dimension(ANN, BOB)
    make_sms_channel()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE person SET name = repeat('한', 700) WHERE id = 0")
    campaign = texting()
    run_live(campaign)
    refused, fine = drain(campaign)
    assert (refused.state, fine.state) == ("failed_permanent", "sent")
    assert "segments" in refused.reply
    assert not MessageEvent.objects.exists()
    assert [line["recipient"] for line in written(outbox)] == ["+821023456789"]


def test_a_provider_of_another_channel_sends_nothing() -> None:
    make_phone_dimension(ANN)
    make_sms_channel(provider="smtp", provider_config={"host": "127.0.0.1", "port": 9})
    campaign = texting()
    run_live(campaign)
    assert states(drain(campaign)) == ["ready"]


def test_what_is_sent_is_written_down_with_its_segments(outbox: Path) -> None:
    make_phone_dimension(ANN, BOB)
    make_sms_channel()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE person SET name = repeat('한', 70) WHERE id = 1")
    campaign = texting()
    run = run_live(campaign)
    first, second = drain(campaign)
    assert (first.state, first.segments, second.segments) == ("sent", 1, 2)
    line, _other = written(outbox)
    assert (line["text"], line["sender"]) == ("Hi Person 0. Reply STOP", "Shop")
    delivery = Delivery.objects.get()
    assert line["reference"] == f"{delivery.pk}.{first.pk}@sms.example.com"
    assert (work_off(run).state, counts(run)["text.sent"]) == ("completed", 2)


def test_what_a_gateway_answers_decides_about_each_message() -> None:
    with serving({0: 422, 1: 429}) as gateway:
        failed, later, waiting = through(gateway, ANN, BOB, CLO)
    assert states([failed, later, waiting]) in (
        ["failed_permanent", "failed_temporary", "sent"],
        ["failed_permanent", "failed_temporary", "ready"],
    )
    assert failed.reply_code == 422
    assert MessageEvent.objects.get().kind == "bounced"
    assert not Suppression.objects.exists()
    assert later.due_at is not None


def test_what_may_have_arrived_is_unknown_and_never_sent_again() -> None:
    with serving({0: "silent"}) as gateway:
        messages = through(gateway, ANN)
        campaign = messages[0].delivery.campaign
        assert states(messages) == ["unknown"]
        assert states(drain(campaign)) == ["unknown"]
        assert len(gateway.asked) == 1
    delivery = Delivery.objects.get()
    settle_unknown(delivery, "sent")
    assert states(list(delivery.messages.all())) == ["sent"]


def test_with_a_reference_it_is_sent_again_under_the_same_one() -> None:
    with serving({0: "silent"}) as gateway:
        (message,) = through(gateway, ANN, idempotency_header="Idempotency-Key")
        assert message.state == "failed_temporary"
        Message.objects.update(due_at=message.due_at - (message.due_at - message.in_flight_at))  # type: ignore[operator]
        message.delivery.buckets.update(due_at=message.in_flight_at)
        (again,) = drain(message.delivery.campaign)
        assert (again.state, again.attempts) == ("sent", 2)
        keys = {asked.headers["Idempotency-Key"] for asked in gateway.asked}
    assert (len(gateway.asked), keys) == (2, {f"{message.delivery_id}.{message.pk}@sms.example.com"})


def test_wrong_settings_leave_everybody_ready() -> None:
    with serving({0: 401}) as gateway:
        messages = through(gateway, ANN, BOB)
    assert set(states(messages)) == {"ready"}
    assert any("401" in message.reply for message in messages)


def test_who_opts_out_between_preparation_and_sending_gets_nothing(outbox: Path) -> None:
    make_phone_dimension(ANN, BOB)
    make_sms_channel()
    campaign = texting()
    run_live(campaign)
    Suppression.objects.create(channel="sms", address="+82 10-1234-5678", reason="manual")
    suppressed, fine = drain(campaign)
    assert (suppressed.state, suppressed.exclusion_reason, fine.state) == ("excluded", "suppressed", "sent")
