from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from campaigns.audience_upkeep import expire_members, keep_audiences
from campaigns.audiences import Description, add_audience, delete_audience
from campaigns.catalogue import load_catalogue
from campaigns.member_lists import put_members
from campaigns.models import Audience, AudienceChange
from tests.ledger import add_person, make_dimension

pytestmark = pytest.mark.django_db


@pytest.fixture
def audience() -> Audience:
    dimension = make_dimension()
    for key in range(4):
        add_person(dimension, key)
    made = add_audience(Description("guests", "Guests", "person", retention_days=7), Audience.Origin.IMPORTED)
    put_members(made, [0, 1])
    made.refresh_from_db()
    return made


def tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'audience'")
        return {row[0] for row in cursor.fetchall()}


def age(audience: Audience, days: float) -> None:
    """As if everything had happened that much earlier."""
    ago = timedelta(days=days)
    AudienceChange.objects.filter(audience=audience).update(at=timezone.now() - ago)
    Audience.objects.filter(pk=audience.pk).update(
        filled_at=timezone.now() - ago, expires_at=timezone.now() - ago + timedelta(days=7)
    )


def test_members_stay_until_they_are_due(audience: Audience) -> None:
    age(audience, 6.9)
    assert (keep_audiences(), load_catalogue().audiences["guests"].missing) == (0, "")
    assert tables() == {audience.table_name}


def test_members_that_are_due_are_not_read_even_before_the_house_is_kept(audience: Audience) -> None:
    assert load_catalogue().audiences["guests"].missing == ""
    age(audience, 7.1)
    assert load_catalogue().audiences["guests"].missing == "expired"
    assert tables() == {audience.table_name}


def test_the_catalogue_in_memory_does_not_outlast_an_expiry(
    audience: Audience, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_catalogue().audiences["guests"].missing == ""
    later = timezone.now() + timedelta(days=8)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert load_catalogue().audiences["guests"].missing == "expired"


def test_expired_members_go_with_every_table_that_held_them(audience: Audience, caplog: Any) -> None:
    put_members(audience, [2], replace=True)
    age(audience, 8)
    with caplog.at_level(logging.INFO, "campaigns.audience_upkeep"):
        assert keep_audiences() == 2
    assert "members of audience guests have expired" in caplog.text
    assert tables() == set()
    audience.refresh_from_db()
    assert (audience.state, audience.row_count) == ("expired", 0)
    change = audience.changes.first()
    assert change is not None
    assert (change.mode, change.rows_before, change.rows_after) == ("expire", 1, 0)
    assert (expire_members(), keep_audiences()) == (0, 0)


def test_members_that_were_replaced_can_be_put_back_for_a_while(audience: Audience) -> None:
    put_members(audience, [2], replace=True)
    first = audience.table_name
    Audience.objects.update(retention_days=None, expires_at=None)
    assert keep_audiences() == 0
    AudienceChange.objects.update(at=timezone.now() - timedelta(days=settings.AUDIENCE_EDITION_DAYS + 1))
    assert keep_audiences() == 1
    audience.refresh_from_db()
    assert tables() == {audience.table_name}
    assert AudienceChange.objects.get(table_name=first).dropped_at is not None


def test_the_members_of_a_deleted_audience_go(audience: Audience) -> None:
    delete_audience(audience)
    assert (keep_audiences(), tables()) == (1, set())


def test_members_written_again_are_no_longer_expired(audience: Audience) -> None:
    age(audience, 8)
    keep_audiences()
    put_members(audience, [3])
    audience.refresh_from_db()
    assert (audience.state, audience.row_count) == ("ready", 1)
    assert load_catalogue().audiences["guests"].missing == ""
