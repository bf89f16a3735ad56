from __future__ import annotations

import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from campaigns.planner import planned

pytestmark = pytest.mark.django_db

NAMES = ("enable_hashagg", "max_parallel_workers_per_gather")


def settings() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(name) FROM unnest(%s::text[]) AS name", [list(NAMES)])
        return [row[0] for row in cursor.fetchall()]


def test_an_error_leaves_no_setting_behind() -> None:
    before = settings()
    with pytest.raises(ZeroDivisionError), transaction.atomic(), planned({"enable_hashagg": "off"}):
        raise ZeroDivisionError
    assert settings() == before


def test_settings_hold_for_what_is_executed_meanwhile_and_no_longer() -> None:
    before = settings()
    with planned(dict(zip(NAMES, ("off", "1"), strict=True))):
        assert settings() == ["off", "1"] != before
    assert settings() == before


def test_nothing_is_asked_where_nothing_is_set(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(0), planned({}):
        pass
