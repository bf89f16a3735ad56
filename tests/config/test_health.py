from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from config import queues
from config.celery import app
from config.models import Heartbeat
from config.tasks import record_heartbeat

pytestmark = pytest.mark.django_db


def details(client: Client) -> dict[str, dict[str, object]]:
    return {check["name"]: check for check in client.get("/health/").json()["checks"]}


def everybody_seen(*, ago: timedelta = timedelta()) -> None:
    schedule, _ = IntervalSchedule.objects.get_or_create(every=5, period=IntervalSchedule.SECONDS)
    seen = timezone.now() - ago
    PeriodicTask.objects.update_or_create(
        name="heartbeat", defaults={"task": "heartbeat", "interval": schedule, "last_run_at": seen}
    )
    Heartbeat.objects.bulk_create(Heartbeat(queue=name, seen_at=seen) for name in queues.ALL)


def test_a_fresh_installation_without_workers_is_unhealthy(client: Client) -> None:
    answer = client.get("/health/")
    assert answer.status_code == 503
    assert details(client)["worker of engine"]["detail"].startswith("Never seen. Start `celery")


def test_a_stale_heartbeat_is_unhealthy_and_says_its_age(client: Client) -> None:
    everybody_seen(ago=timedelta(seconds=61))
    assert client.get("/health/").status_code == 503
    assert "Seen 61 s ago." in details(client)["worker of email"]["detail"]
    assert not details(client)["beat"]["healthy"]


def test_a_broker_that_is_away_is_unhealthy_and_its_address_stays_secret(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    everybody_seen()
    monkeypatch.setattr(app.conf, "broker_read_url", "redis+socket:///nonexistent/secret-place.sock")
    answer = client.get("/health/")
    assert answer.status_code == 503
    assert not details(client)["broker"]["healthy"]
    assert "secret-place" not in answer.content.decode()
    assert "health: broker gave no answer" in caplog.text


def test_a_database_that_is_behind_is_unhealthy(client: Client) -> None:
    everybody_seen()
    MigrationRecorder.Migration.objects.filter(app="config", name="0004_audience_permissions").delete()
    assert details(client)["migrations"]["detail"] == "1 not applied. Run `manage.py migrate`."


def test_posting_is_refused(client: Client) -> None:
    assert client.post("/health/").status_code == 405


def test_all_alive_is_healthy(client: Client) -> None:
    everybody_seen()
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()["healthy"]) == (200, True)
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_browser_gets_a_page(client: Client) -> None:
    everybody_seen()
    answer = client.get("/health/", HTTP_ACCEPT="text/html,application/xhtml+xml,*/*;q=0.8")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "All is well" in answer.content.decode()


def test_a_second_heartbeat_moves_the_first() -> None:
    record_heartbeat(queues.ENGINE)
    first = Heartbeat.objects.get().seen_at
    record_heartbeat(queues.ENGINE)
    assert Heartbeat.objects.get().seen_at > first


def test_the_page_is_in_the_reader_s_language_and_names_for_monitors_stay(client: Client) -> None:
    everybody_seen()
    page = client.get("/health/", headers={"accept": "text/html", "accept-language": "ko"}).content.decode()
    assert "“engine” 워커" in page
    assert "데이터베이스" in page
    assert "worker of" not in page
    assert "worker of engine" in details(client)
