from __future__ import annotations

import pytest
from django.db import connection

from orchestration.feedback.statistics import LARGE, SMALL, refresh_statistics
from orchestration.models import EventKind
from tests.ledger import add_event, make_delivery, make_dimension, make_message


def test_every_table_named_exists(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(to_regclass(name)) FROM unnest(%s::text[]) AS name", [[*SMALL, *LARGE]])
        assert cursor.fetchone() == (len(SMALL) + len(LARGE),)


@pytest.mark.django_db(transaction=True)
def test_what_changed_is_analysed_once() -> None:
    add_event(make_message(make_delivery(make_dimension()), 1), EventKind.OPENED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
    first = refresh_statistics()
    assert {"orchestration_delivery", "orchestration_messageevent"} <= set(first)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'orchestration_messageevent'")
        assert cursor.fetchone()[0] >= 1
        cursor.execute("SELECT pg_stat_force_next_flush()")
    assert "orchestration_delivery" not in refresh_statistics()
