from __future__ import annotations

import time

import psycopg
import pytest
from django.db import connection

from orchestration.models import EventKind, EventVerdict, Message
from orchestration.unknowns import settle_unknown
from orchestration.verdicts import judge_recent
from reporting.cells import Source, read_cells
from reporting.facts import Breakdown
from reporting.models import CountedDelivery, ReportCell, RollupState
from reporting.reports import Question, totals
from reporting.rollups import rebuild_rollup, refresh_rollup
from reporting.scopes import Scope
from tests.ledger import add_event, make_campaign, make_delivery, make_dimension, make_message, make_run
from tests.reporting.history import make_history


def is_recount() -> bool:
    """Whether every cell is what ledger and events say now."""
    deliveries = list(Message.objects.values_list("delivery", flat=True).distinct())
    return all(
        sorted(map(repr, read_cells(deliveries, breakdown, Source.ROLLUP)))
        == sorted(
            repr(cell)
            for cell in read_cells(deliveries, breakdown, Source.LIVE)
            if cell.delivery in set(ReportCell.objects.values_list("delivery", flat=True))
        )
        for breakdown in Breakdown
    )


def refreshed_when_safe() -> int:
    """Transactions of other test workers on the same server hold the horizon back for a while."""
    deadline = time.monotonic() + 200
    while not (counted := refresh_rollup()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return counted


@pytest.mark.django_db
def test_a_test_run_has_no_cells() -> None:
    make_message(make_delivery(make_dimension(), make_run(make_campaign(), kind="test")), 1, state="ready")
    assert refresh_rollup() == 0
    assert not ReportCell.objects.exists()


@pytest.mark.django_db
def test_the_rollup_is_a_recount_and_a_rebuild_changes_nothing() -> None:
    make_history()
    assert refresh_rollup() == 4
    assert is_recount()
    before = sorted(
        map(repr, ReportCell.objects.values_list("delivery", "breakdown", "value", "hour", "opens_all"))
    )
    assert rebuild_rollup() == 4
    after = ReportCell.objects.values_list("delivery", "breakdown", "value", "hour", "opens_all")
    assert sorted(map(repr, after)) == before


@pytest.fixture
def settled(transactional_db: None) -> Message:
    """A message of a delivery that was settled long ago, already in the roll-up."""
    delivery = make_delivery(make_dimension())
    message = make_message(delivery, 1)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orchestration_delivery SET state = 'settled', state_changed_at = now() - interval '9 days',"
            " created_at = now() - interval '10 days'"
        )
    refresh_rollup()
    return message


@pytest.mark.django_db(transaction=True)
def test_nothing_new_means_nothing_to_count(settled: Message) -> None:
    assert refresh_rollup() == 0


@pytest.mark.django_db(transaction=True)
def test_a_new_event_is_counted(settled: Message) -> None:
    add_event(settled, EventKind.OPENED)
    assert refreshed_when_safe() == 1
    assert is_recount()


@pytest.mark.django_db(transaction=True)
def test_a_changed_verdict_is_counted(settled: Message) -> None:
    add_event(settled, EventKind.CLICKED, link_number=1, user_agent="curl/8")
    assert refreshed_when_safe() == 1
    question = Question(Scope(settled.delivery.campaign), source=Source.ROLLUP)
    assert totals(question).numbers["clicks"] == 1
    judge_recent()
    assert EventVerdict.objects.get().bot
    assert refreshed_when_safe() == 1
    assert totals(question).numbers["clicks"] == 0


@pytest.mark.django_db(transaction=True)
def test_an_event_that_commits_after_a_later_one_is_not_missed(settled: Message) -> None:
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as slow:
        slow.execute(
            "INSERT INTO orchestration_messageevent (message_id, delivery_id, dimension_id, recipient_key, kind,"
            " occurred_at, provider, provider_event_id) VALUES (%s, %s, %s, '1', 'clicked', now(), 'slow', '1')",
            [settled.pk, settled.delivery_id, settled.dimension_id],
        )
        add_event(settled, EventKind.OPENED)
        refresh_rollup()
        slow.commit()
    assert not is_recount()
    assert refreshed_when_safe() == 1
    assert is_recount()


@pytest.mark.django_db(transaction=True)
def test_two_refreshes_at_once_do_the_work_once(settled: Message) -> None:
    add_event(settled, EventKind.OPENED)
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute("SELECT FROM reporting_rollupstate, reporting_counteddelivery FOR UPDATE")
        assert refresh_rollup() == 0
    assert refreshed_when_safe() == 1


@pytest.mark.django_db(transaction=True)
def test_what_takes_long_to_count_is_put_off_and_not_forgotten(settled: Message) -> None:
    CountedDelivery.objects.update(seconds=60)
    add_event(settled, EventKind.OPENED)
    assert refresh_rollup() == 0
    CountedDelivery.objects.update(seconds=0)
    assert refreshed_when_safe() == 1
    assert is_recount()


@pytest.mark.django_db(transaction=True)
def test_after_a_restore_everything_is_counted_anew(settled: Message) -> None:
    RollupState.objects.update(horizon=str(2**62))
    add_event(settled, EventKind.OPENED)
    while not is_recount():
        assert refreshed_when_safe() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("as_", "sends", "errors"), [("sent", 1, 0), ("failed", 0, 1)])
def test_what_a_person_settled_is_counted_anew(settled: Message, as_: str, sends: int, errors: int) -> None:
    """Nothing came back, and the delivery settled long ago: no event and no state of it tells the roll-up."""
    Message.objects.update(state="unknown")
    rebuild_rollup()
    settle_unknown(settled.delivery, as_)
    assert refresh_rollup() == 1
    assert is_recount()
    for source in Source:
        found = totals(Question(Scope(settled.delivery.campaign), source=source)).numbers
        assert [found[name] for name in ("unknown", "sends", "delivered", "errors")] == [
            0,
            sends,
            sends,
            errors,
        ]
        assert found["targeted"] == found["sends"] + found["errors"]
