from __future__ import annotations

from threading import Thread

import pytest
from django.db import connection

from orchestration.models import Delivery, EventKind
from reporting.cells import Source
from reporting.reports import Question, totals
from reporting.scopes import Scope
from reporting.tasks import roll_up
from tests.ledger import add_event, make_delivery, make_dimension, make_message


def clicks() -> tuple[int, int]:
    """By people, and sends, as the roll-up has them."""
    found = totals(Question(Scope(Delivery.objects.get().campaign), source=Source.ROLLUP)).numbers
    return found["clicks"], found["sends"]


@pytest.mark.django_db(transaction=True)
def test_run_twice_in_a_row_and_twice_at_once_it_says_the_same() -> None:
    message = make_message(make_delivery(make_dimension()), 1)
    add_event(message, EventKind.CLICKED, link_number=1, user_agent="curl/8")
    add_event(message, EventKind.CLICKED, link_number=1, user_agent="Mozilla/5.0 (X11) Firefox/140")

    def at_once() -> None:
        roll_up()
        connection.close()

    roll_up()
    first = clicks()
    roll_up()
    threads = [Thread(target=at_once) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert first == clicks() == (1, 1)
