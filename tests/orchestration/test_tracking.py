from __future__ import annotations

import string

import pytest
from django.db import connection
from django.test import Client

from orchestration.models import Delivery, EventKind, Message, MessageEvent, TrackedLink
from orchestration.tokens import Purpose, make_token, url_of
from tests.ledger import make_delivery, make_dimension, make_message

pytestmark = pytest.mark.django_db
ALPHABET = string.ascii_letters + string.digits + "-_"


@pytest.fixture
def message() -> Message:
    return make_message(make_delivery(make_dimension()), 7)


def link_to(message: Message, number: int = 1) -> str:
    return url_of(Purpose.CLICK, make_token(Purpose.CLICK, message=message.pk, link=number), base="")


def pixel_of(message: Message) -> str:
    return url_of(Purpose.OPEN, make_token(Purpose.OPEN, message=message.pk), base="")


def kinds() -> list[str]:
    return list(MessageEvent.objects.order_by("id").values_list("kind", flat=True))


def test_no_token_with_one_character_changed_leads_anywhere(client: Client, message: Message) -> None:
    token = make_token(Purpose.CLICK, message=message.pk, link=1)
    changed = {token[:i] + c + token[i + 1 :] for i in range(len(token)) for c in ALPHABET} - {token}
    answers = [client.get(f"/c/{other}") for other in changed]
    assert len(answers) == len(token) * 63
    assert {answer.status_code for answer in answers} == {404}
    assert not any("Location" in answer for answer in answers)
    assert kinds() == []


@pytest.mark.parametrize("cut", [0, 1, 10])
def test_a_shortened_or_lengthened_token_leads_nowhere(client: Client, message: Message, cut: int) -> None:
    token = make_token(Purpose.CLICK, message=message.pk, link=1)
    assert client.get(f"/c/{token[cut + 1 :]}").status_code == 404
    assert client.get(f"/c/{token}{'A' * (cut + 1)}").status_code == 404


@pytest.mark.parametrize("purpose", [Purpose.OPEN, Purpose.UNSUBSCRIBE])
def test_a_token_made_for_something_else_is_no_click(
    client: Client, message: Message, purpose: Purpose
) -> None:
    assert client.get(f"/c/{make_token(purpose, message=message.pk, link=1)}").status_code == 404


def test_a_link_that_does_not_exist_records_nothing(client: Client, message: Message) -> None:
    assert client.get(link_to(message, 99)).status_code == 404
    assert kinds() == []


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//evil.example", "mailto:a@b.c"])
def test_nobody_is_sent_to_what_is_no_web_address(client: Client, message: Message, url: str) -> None:
    TrackedLink.objects.filter(number=1).update(url=url)
    answer = client.get(link_to(message))
    assert answer.status_code == 404
    assert "Location" not in answer


def test_a_line_break_in_a_target_makes_no_header(client: Client, message: Message) -> None:
    TrackedLink.objects.filter(number=1).update(url="https://a.example/\r\nSet-Cookie: a=b")
    assert client.get(link_to(message))["Location"] == "https://a.example/%0D%0ASet-Cookie:%20a=b"


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options"])
def test_only_get_and_head_reach_a_link(client: Client, message: Message, method: str) -> None:
    answer = getattr(client, method)(link_to(message))
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert kinds() == []


def test_a_head_is_never_a_click_or_an_open(client: Client, message: Message) -> None:
    assert client.head(link_to(message)).status_code == 302
    assert client.head(pixel_of(message)).status_code == 200
    assert kinds() == [EventKind.PROBED, EventKind.PROBED]


def test_a_click_goes_exactly_where_the_link_leads(client: Client, message: Message) -> None:
    answer = client.get(link_to(message, 2))
    assert (answer.status_code, answer["Location"]) == (302, "https://shop.example.com/2?b=2&a=1#top")
    assert (answer["Referrer-Policy"], answer["Cache-Control"]) == ("no-referrer", "no-store")


def test_a_target_in_hangul_is_sent_encoded(client: Client, message: Message) -> None:
    TrackedLink.objects.filter(number=1).update(url="https://shop.example.com/봄?q=100%25")
    assert client.get(link_to(message))["Location"] == "https://shop.example.com/%EB%B4%84?q=100%25"


def make_values_table(delivery: Delivery, message: Message, name: str | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE work.values_of_a_test (message_id bigint PRIMARY KEY, v0 text)")
        cursor.execute("INSERT INTO work.values_of_a_test VALUES (%s, %s)", [message.pk, name])
    delivery.values, delivery.values_table = ["profile.name"], "values_of_a_test"
    delivery.save()


@pytest.mark.parametrize(
    ("name", "query"), [("Ann & Bo", "Ann%20&%20Bo"), (None, ""), ("@evil.example", "@evil.example")]
)
def test_a_personal_target_has_the_values_of_its_message(
    client: Client, message: Message, name: str | None, query: str
) -> None:
    make_values_table(message.delivery, message, name)
    TrackedLink.objects.filter(number=1).update(url="https://shop.example.com/?n={{ profile.name }}")
    assert client.get(link_to(message))["Location"] == f"https://shop.example.com/?n={query}"


def test_a_personal_target_outlives_its_values(client: Client, message: Message) -> None:
    TrackedLink.objects.filter(number=1).update(url="https://shop.example.com/?n={{ profile.name }}")
    assert client.get(link_to(message))["Location"] == "https://shop.example.com/?n="


def test_every_click_is_an_event_of_its_own(client: Client, message: Message) -> None:
    for _ in range(3):
        client.get(link_to(message, 2), headers={"User-Agent": "Browser\0 1"}, REMOTE_ADDR="203.0.113.9")
    events = MessageEvent.objects.all()
    assert {(e.kind, e.link_number, e.ip, e.user_agent, e.method) for e in events} == {
        ("clicked", 2, "203.0.113.9", "Browser 1", "GET")
    }
    assert len(events) == 3


def test_the_link_no_person_sees_is_recorded_and_leads_nowhere(client: Client, message: Message) -> None:
    answer = client.get(link_to(message, 0))
    assert (answer.status_code, kinds()) == (204, [EventKind.CLICKED])


def test_an_open_is_recorded_and_not_cached(client: Client, message: Message) -> None:
    answer = client.get(pixel_of(message))
    assert (answer["Content-Type"], answer["Cache-Control"], kinds()) == ("image/gif", "no-store", ["opened"])
    assert answer.content.startswith(b"GIF89a")


def test_a_pixel_of_a_message_that_is_gone_is_not_found(client: Client, message: Message) -> None:
    address = pixel_of(message)
    message.delete()
    assert client.get(address).status_code == 404


def test_a_click_takes_one_query(client: Client, message: Message, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(1):
        client.get(link_to(message))


def test_a_forwarded_address_is_believed_only_behind_a_trusted_proxy(
    client: Client,
    message: Message,
    settings,  # type: ignore[no-untyped-def]
) -> None:
    forged = {"X-Forwarded-For": "198.51.100.1, 203.0.113.5"}
    client.get(link_to(message), headers=forged, REMOTE_ADDR="192.0.2.1")
    settings.TRUSTED_PROXIES = 1
    client.get(link_to(message), headers=forged, REMOTE_ADDR="192.0.2.1")
    assert list(MessageEvent.objects.order_by("id").values_list("ip", flat=True)) == [
        "192.0.2.1",
        "203.0.113.5",
    ]
