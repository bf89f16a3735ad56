from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from campaigns.drafts import load_draft
from campaigns.lint import lint_document
from campaigns.models import Campaign, Suppression
from campaigns.world import load_world
from orchestration.confirmation import send_waterfall
from orchestration.forecasts import forecast
from orchestration.models import Delivery, Message
from orchestration.runs import start_test_run
from tests.orchestration.engine import counts, draft, email, make_channel, work_off
from tests.orchestration.texting import (
    make_phone_dimension,
    make_sms_channel,
    run_live,
    texting,
)

pytestmark = pytest.mark.django_db

WRITTEN = (
    "010-1234-5678",
    "+82 10 1234 5678",
    None,
    "  ",
    "call me",
    "010-12",
    "010-2345-6789",
    "+1 (212) 555-0123",
    "02-312-3456",
)
"""One twice in two forms, two missing, two that are none, and three that are."""


def problems(campaign: Campaign) -> list[tuple[str, str]]:
    document = load_draft(campaign)
    return [(found.code, found.path) for found in lint_document(document, load_world(document))]


def reasons() -> dict[str, str]:
    return {m.recipient_key: m.exclusion_reason for m in Message.objects.filter(state="excluded")}


def test_lint_names_what_is_wrong_and_where() -> None:
    dimension = make_phone_dimension("010-1234-5678")
    make_channel()
    wrong = texting(channel="marketing-mail", content={"text": "{{ profile.nmae }}"})
    assert problems(wrong) == [
        ("channel.unknown", "/activities/1/config/channel"),
        ("unknown_variable", "/activities/1/config/content/text"),
        ("sms.missing_opt_out", "/activities/1/config/content/text"),
    ]
    dimension.phone_field = None
    dimension.save()
    make_sms_channel()
    assert ("sms.no_address", "/activities/1") in [
        (code, path.removesuffix("/config")) for code, path in problems(texting("other"))
    ]


def test_a_mail_takes_no_channel_of_texts() -> None:
    make_phone_dimension("010-1234-5678")
    make_sms_channel()
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    mailing = draft("mailing", [everybody, email(channel="texts")], ["all mail"])
    assert problems(mailing) == [("channel.unknown", "/activities/1/config/channel")]
    assert problems(texting()) == []


def test_everybody_has_one_reason_and_numbers_are_in_one_form() -> None:
    make_phone_dimension(*WRITTEN)
    make_sms_channel()
    run = work_off(start_test_run(texting()))
    assert reasons() == {
        "1": "duplicate_address",
        "2": "no_address",
        "3": "no_address",
        "4": "malformed_address",
        "5": "malformed_address",
    }
    ready = Message.objects.filter(state="ready").order_by("recipient_key")
    assert list(ready.values_list("address", flat=True)) == [
        "+821012345678",
        "+821023456789",
        "+12125550123",
        "+8223123456",
    ]
    assert Message.objects.get(recipient_key="4").address == "call me"
    assert Message.objects.get(recipient_key="1").evidence == {"owner": "0"}
    assert send_waterfall(Delivery.objects.get()) == {
        "targeted": 9,
        "excluded": {"no_address": 2, "malformed_address": 2, "duplicate_address": 1},
        "will_send": 4,
    }
    assert (counts(run)["text.sent"], counts(run)["text.excluded"]) == (4, 5)


def test_without_a_country_only_international_numbers_are_ones() -> None:
    make_phone_dimension(*WRITTEN)
    make_sms_channel(default_region="")
    work_off(start_test_run(texting()))
    assert sorted(Message.objects.filter(state="ready").values_list("recipient_key", flat=True)) == ["1", "7"]


def test_a_suppressed_number_gets_nothing_however_it_is_written() -> None:
    make_phone_dimension("010-1234-5678", "010-2345-6789")
    make_sms_channel()
    Suppression.objects.create(channel="sms", address="+82 (0)10 1234 5678", reason="manual")
    Suppression.objects.create(channel="email", address="+821023456789", reason="manual")
    work_off(start_test_run(texting(category="transactional")))
    assert reasons() == {"0": "suppressed"}


def test_consent_is_that_of_the_channel() -> None:
    make_phone_dimension("010-1234-5678", "010-2345-6789", consented=False)
    make_sms_channel()
    work_off(start_test_run(texting()))
    assert set(reasons().values()) == {"no_consent"}


def test_transactional_texts_need_no_consent() -> None:
    make_phone_dimension("010-1234-5678", consented=False)
    make_sms_channel()
    work_off(start_test_run(texting(category="transactional")))
    assert reasons() == {}


def test_numbers_that_are_no_text_in_the_table_are_read_all_the_same() -> None:
    make_phone_dimension("01012345678", None)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE person ALTER phone TYPE bigint USING phone::bigint")
    make_sms_channel()
    work_off(start_test_run(texting()))
    assert list(Message.objects.filter(state="ready").values_list("address", flat=True)) == ["+821012345678"]
    assert reasons() == {"1": "no_address"}


def test_a_live_run_sends_nothing_before_somebody_confirms() -> None:
    make_phone_dimension("010-1234-5678")
    make_sms_channel()
    run_live(texting(send_without_confirmation=False))
    assert Delivery.objects.get().state == "awaiting_confirmation"


def test_a_forecast_says_what_a_run_does() -> None:
    make_phone_dimension(*WRITTEN)
    make_sms_channel()
    campaign = texting()
    found = forecast(load_draft(campaign))
    now: dict[str, Any] = {f"{c.activity}.{c.port}": c.now for c in found.changes}
    run = work_off(start_test_run(campaign))
    assert {name: now[name] for name in ("text.sent", "text.excluded")} == {
        name: counts(run)[name] for name in ("text.sent", "text.excluded")
    }
    assert not Message.objects.exclude(delivery__activity_run__run=run).exists()
