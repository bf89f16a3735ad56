from __future__ import annotations

import pytest
from django.test import Client
from django_celery_beat.models import IntervalSchedule, PeriodicTask

pytestmark = pytest.mark.django_db
LIST = "/admin/django_celery_beat/periodictask/"


@pytest.fixture
def entry() -> PeriodicTask:
    schedule = IntervalSchedule.objects.create(every=5, period=IntervalSchedule.SECONDS)
    return PeriodicTask.objects.create(
        name="heartbeat of engine", task="config.record_heartbeat", interval=schedule
    )


def test_nobody_adds_or_removes_an_entry_of_beat(admin_client: Client, entry: PeriodicTask) -> None:
    assert admin_client.get(f"{LIST}add/").status_code == 403
    assert admin_client.post(f"{LIST}{entry.pk}/delete/", {"post": "yes"}).status_code == 403


def test_nobody_changes_an_entry_of_beat(admin_client: Client, entry: PeriodicTask) -> None:
    assert admin_client.post(f"{LIST}{entry.pk}/change/", {"enabled": ""}).status_code == 403
    entry.refresh_from_db()
    assert entry.enabled


def test_an_administrator_sees_the_entries_of_beat(admin_client: Client, entry: PeriodicTask) -> None:
    assert entry.name in admin_client.get(LIST).content.decode()
    assert admin_client.get(f"{LIST}{entry.pk}/change/").status_code == 200
