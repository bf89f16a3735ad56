from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client

from campaigns.consents import Statement, consent_differences, record_consent
from campaigns.models import Channel, Consent, ConsentRecord
from orchestration.models import Message, MessageEvent
from orchestration.tokens import Purpose, make_token, url_of
from tests.ledger import add_person, make_delivery, make_dimension, make_message

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def message() -> Message:
    dimension = make_dimension()
    add_person(dimension, 7, language="ko")
    return make_message(make_delivery(dimension), 7)


def address(message: Message) -> str:
    return url_of(Purpose.UNSUBSCRIBE, make_token(Purpose.UNSUBSCRIBE, message=message.pk), base="")


def one_click(client: Client, message: Message) -> int:
    answer = client.post(address(message), "List-Unsubscribe=One-Click", content_type=FORM)
    return int(answer.status_code)


def written() -> tuple[int, int, int]:
    return Consent.objects.count(), ConsentRecord.objects.count(), MessageEvent.objects.count()


@pytest.mark.parametrize("method", ["get", "head", "options", "put", "delete", "patch"])
def test_nothing_but_a_post_changes_anything(client: Client, message: Message, method: str) -> None:
    getattr(client, method)(address(message))
    assert written() == (0, 0, 0)


@pytest.mark.parametrize("body", ["", "List-Unsubscribe=", "a=b", "\xff%%", "confirm="])
def test_a_post_that_does_not_say_so_only_asks(client: Client, message: Message, body: str) -> None:
    assert client.post(address(message), body, content_type=FORM).status_code == 200
    assert written() == (0, 0, 0)


def test_a_forged_token_unsubscribes_nobody(client: Client, message: Message) -> None:
    token = make_token(Purpose.UNSUBSCRIBE, message=message.pk)
    for i, mark in enumerate(token):
        other = token[:i] + ("A" if mark != "A" else "B") + token[i + 1 :]
        assert client.post(f"/u/{other}", "List-Unsubscribe=One-Click", content_type=FORM).status_code == 404
    assert written() == (0, 0, 0)


def test_a_click_token_does_not_unsubscribe(client: Client, message: Message) -> None:
    token = make_token(Purpose.CLICK, message=message.pk)
    assert client.post(f"/u/{token}", "List-Unsubscribe=One-Click", content_type=FORM).status_code == 404


def test_one_click_needs_no_cookie_no_csrf_token_and_no_redirect(message: Message) -> None:
    client = Client(enforce_csrf_checks=True)
    assert one_click(client, message) == 200
    assert not client.cookies
    assert Consent.objects.values_list("recipient_key", "channel", "state").get() == (
        "7",
        "email",
        "opted_out",
    )


def test_one_click_may_come_as_multipart(client: Client, message: Message) -> None:
    assert client.post(address(message), {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert ConsentRecord.objects.get().source == "one_click"


def test_repeating_it_adds_nothing(client: Client, message: Message) -> None:
    assert [one_click(client, message) for _ in range(3)] == [200, 200, 200]
    assert written() == (1, 1, 1)


def test_the_evidence_names_the_message(client: Client, message: Message) -> None:
    client.post(address(message), {"confirm": "1"})
    assert ConsentRecord.objects.values_list("source", "message_id", "state").get() == (
        "page",
        message.pk,
        "opted_out",
    )
    assert MessageEvent.objects.values_list("kind", "message_id").get() == ("unsubscribed", message.pk)


def test_who_came_back_can_leave_by_the_same_link_again(client: Client, message: Message) -> None:
    one_click(client, message)
    record_consent(
        Statement(
            dimension_id=message.dimension_id,
            recipient_key="7",
            channel=Channel.EMAIL,
            state="opted_in",
            source="form",
        )
    )
    one_click(client, message)
    assert Consent.objects.get().state == "opted_out"
    assert written() == (1, 3, 1)
    assert consent_differences() == []


def test_leaving_by_a_second_message_counts_for_it_too(client: Client, message: Message) -> None:
    other = make_message(make_delivery(message.delivery.dimension), 7)
    one_click(client, message)
    one_click(client, other)
    assert written() == (1, 2, 2)


def test_the_page_asks_in_the_language_of_the_recipient(client: Client, message: Message) -> None:
    answer = client.get(address(message), headers={"Accept-Language": "en"})
    assert answer["Content-Language"] == "ko"
    assert b'<html lang="ko">' in answer.content
    assert b'<form method="post">' in answer.content


@pytest.mark.parametrize("language", [None, "xx", "", "not a language"])
def test_an_unknown_language_falls_back_to_the_browser(
    client: Client, message: Message, language: str | None
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE person SET language = %s", [language])
    assert client.get(address(message), headers={"Accept-Language": "ko"})["Content-Language"] == "ko"
    assert client.get(address(message), headers={"Accept-Language": "fr"})["Content-Language"] == "en"


def test_the_page_outlives_the_table_of_people(client: Client, message: Message) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE person CASCADE")
    assert client.get(address(message)).status_code == 200
    assert one_click(client, message) == 200


def test_the_page_keeps_to_itself(client: Client, message: Message) -> None:
    answer = client.get(address(message))
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert (answer["Referrer-Policy"], answer["Cache-Control"]) == ("no-referrer", "no-store")
    assert message.address.encode() not in answer.content


@pytest.mark.django_db(transaction=True)
def test_eight_clicks_at_once_are_one_unsubscription() -> None:
    message = make_message(make_delivery(make_dimension()), 7)
    together, answers = Barrier(8), []

    def press() -> None:
        together.wait()
        answers.append(one_click(Client(), message))
        connection.close()

    threads = [Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 8
    assert written() == (1, 1, 1)
