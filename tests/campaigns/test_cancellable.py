"""Calling off, on connections of their own: what a person waits for runs in another process's session."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic, sleep

import pytest
from django.db import connection

from campaigns.cancellable import Question, call_off, running
from campaigns.limited_queries import Answer, CalledOff, TookTooLong, answer
from campaigns.problems import ProblemsError
from campaigns.targeting.render import Statement

pytestmark = pytest.mark.django_db(transaction=True)
MINE = Question(7, "question-1")
SLOW = Statement("SELECT pg_sleep(20)", ())


@pytest.fixture
def elsewhere() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def asked(question: Question | None, statement: Statement = SLOW, seconds: float = 20) -> Answer:
    try:
        with running(question):
            return answer(statement, seconds=seconds)
    finally:
        connection.close()


def is_running(question: Question) -> bool:
    number = question.running() % 2**64
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted "
            "AND classid::bigint = %s AND objid::bigint = %s",
            [number >> 32, number & 0xFFFFFFFF],
        )
        return bool(cursor.fetchone()[0])


def begun(question: Question) -> None:
    for _try in range(500):
        if is_running(question):
            return
        sleep(0.01)
    raise AssertionError("the question never began")


def test_nobody_calls_off_the_question_of_somebody_else(elsewhere: ThreadPoolExecutor) -> None:
    slow = elsewhere.submit(asked, MINE, Statement("SELECT pg_sleep(1)", ()))
    begun(MINE)
    assert not call_off(Question(8, MINE.id))
    assert not call_off(Question(MINE.user_id, "question-2"))
    assert slow.result(10).rows


def test_a_question_that_is_not_running_is_not_called_off() -> None:
    assert not call_off(MINE)


def test_a_question_called_off_ends_at_once_and_leaves_no_lock(elsewhere: ThreadPoolExecutor) -> None:
    slow = elsewhere.submit(asked, MINE)
    begun(MINE)
    at = monotonic()
    assert call_off(MINE)
    with pytest.raises(CalledOff):
        slow.result(10)
    assert monotonic() - at < 2
    assert not is_running(MINE)


def test_the_same_id_twice_at_once_is_refused(elsewhere: ThreadPoolExecutor) -> None:
    slow = elsewhere.submit(asked, MINE)
    begun(MINE)
    with pytest.raises(ProblemsError) as raised, running(MINE):
        raise AssertionError
    assert raised.value.problems[0].code == "question.in_use"
    call_off(MINE)
    assert isinstance(slow.exception(10), CalledOff)


def test_a_question_that_took_too_long_leaves_no_lock(elsewhere: ThreadPoolExecutor) -> None:
    slow = elsewhere.submit(asked, MINE, SLOW, 0.1)
    assert isinstance(slow.exception(10), TookTooLong)
    assert not is_running(MINE)


def test_calling_off_never_hits_what_the_connection_does_next(elsewhere: ThreadPoolExecutor) -> None:
    """Short questions, each followed on its connection by a statement that nobody asked to call off."""
    stop = threading.Event()

    def caller() -> int:
        hits = 0
        while not stop.is_set():
            hits += call_off(MINE)
        connection.close()
        return hits

    def asker() -> tuple[int, int]:
        off = answered = 0
        for _round in range(150):
            try:
                with running(MINE):
                    answer(Statement("SELECT pg_sleep(0.004)", ()))
                answered += 1
            except CalledOff:
                off += 1
            with connection.cursor() as cursor:  # an innocent statement; a late signal would end it
                cursor.execute("SELECT pg_sleep(0.002)")
        connection.close()
        return off, answered

    callers: list[Future[int]] = [elsewhere.submit(caller) for _number in range(2)]
    try:
        off, answered = elsewhere.submit(asker).result(60)
    finally:
        stop.set()
    assert off + answered == 150
    assert off > 10
    assert sum(each.result(10) for each in callers) > 10


def test_without_an_id_nothing_is_held() -> None:
    with running(None):
        assert answer(Statement("SELECT 1", ())).rows == [(1,)]


def test_numbers_differ_by_person_and_id() -> None:
    numbers = {Question(user, name).running() for user in range(20) for name in map(str, range(20))}
    assert len(numbers) == 400
    assert MINE.running() != MINE.ending()
