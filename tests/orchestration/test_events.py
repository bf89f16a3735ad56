from __future__ import annotations

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from orchestration.events import (
    EventRefused,
    NewEvent,
    hit_id,
    make_event_months,
    record_event,
    stray_events,
)
from orchestration.models import EventKind, Message, MessageEvent
from tests.ledger import make_delivery, make_dimension, make_message


@pytest.fixture
def message(db: None) -> Message:
    return make_message(make_delivery(make_dimension()), 7)


def bounce(message_id: int, *, at: datetime | None = None, event_id: str = "b-1") -> NewEvent:
    return NewEvent(
        message_id=message_id,
        kind=EventKind.BOUNCED,
        provider="acme",
        provider_event_id=event_id,
        occurred_at=at,
        detail={"code": 550},
    )


@pytest.mark.django_db
def test_an_event_of_no_message_is_refused() -> None:
    with pytest.raises(EventRefused, match="no message 404404"):
        record_event(bounce(404404))


@pytest.mark.parametrize("days", [-3, 3])
def test_an_impossible_time_is_refused_and_nothing_is_kept(message: Message, days: int) -> None:
    with pytest.raises(EventRefused, match="clock and zone of acme"):
        record_event(bounce(message.pk, at=timezone.now() + timedelta(days=days)))
    assert not MessageEvent.objects.exists()


def test_a_time_without_a_zone_is_refused(message: Message) -> None:
    with pytest.raises(EventRefused, match="time zone"):
        record_event(bounce(message.pk, at=datetime(2026, 1, 1)))  # noqa: DTZ001


def test_a_repeated_report_adds_nothing(message: Message) -> None:
    at = timezone.now()
    assert record_event(bounce(message.pk, at=at))
    assert not record_event(bounce(message.pk, at=at))
    assert MessageEvent.objects.count() == 1


def test_an_event_carries_what_reports_need(message: Message) -> None:
    record_event(bounce(message.pk))
    event = MessageEvent.objects.get()
    assert (event.delivery_id, event.dimension_id) == (message.delivery_id, message.dimension_id)
    assert (event.recipient_key, event.detail) == ("7", {"code": 550})


def test_an_event_never_changes_the_message(message: Message) -> None:
    before = Message.objects.values().get()
    for kind in EventKind:
        record_event(NewEvent(message_id=message.pk, kind=kind, provider="acme", provider_event_id=kind))
    assert Message.objects.values().get() == before
    assert MessageEvent.objects.count() == len(EventKind)


def test_the_same_hit_keeps_its_id_and_the_next_one_gets_another() -> None:
    def of(received_ns: int) -> str:
        return hit_id(
            EventKind.CLICKED, message_id=1, link_number=2, origin="::1 agent", received_ns=received_ns
        )

    assert of(5) == of(5) != of(6)


@pytest.mark.django_db
def test_months_are_made_once() -> None:
    assert make_event_months(8) > 0
    assert make_event_months(8) == 0


def test_events_land_in_their_month_and_the_default_stays_empty(message: Message) -> None:
    record_event(bounce(message.pk))
    assert stray_events() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM orchestration_messageevent")
        assert cursor.fetchone() == (f"orchestration_messageevent_{timezone.now():%Y%m}",)


def test_a_month_nobody_made_is_seen(message: Message) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orchestration_messageevent (message_id, delivery_id, dimension_id, recipient_key,"
            " kind, occurred_at, provider, provider_event_id)"
            " VALUES (1, 1, 1, '1', 'opened', '2001-01-01 00:00Z', 'acme', 'x')"
        )
    assert stray_events() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_callers_reporting_the_same_record_one() -> None:
    message = make_message(make_delivery(make_dimension()), 7)
    at, together, new = timezone.now(), Barrier(8), []

    def report() -> None:
        together.wait()
        new.append(record_event(bounce(message.pk, at=at)))
        connection.close()

    threads = [Thread(target=report) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(new) == [False] * 7 + [True]
