from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from celery import current_app
from django.conf import settings
from django.test import Client

from config import queues
from config.environment import ROOT

READ = "import json; from config import settings as s; print(json.dumps([getattr(s, n) for n in {names!r}]))"


def settings_with(names: list[str], **variables: str) -> list[object]:
    """Settings are read once a process, so another environment needs another process."""
    answer = subprocess.run(
        [sys.executable, "-c", READ.format(names=names)],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return list(json.loads(answer.stdout))


def test_cookies_travel_only_over_https_where_the_public_address_is_https() -> None:
    names = ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "CSRF_TRUSTED_ORIGINS"]
    found = settings_with(names, PUBLIC_BASE_URL="https://example.com/tutti")
    assert found == [True, True, False, ["https://example.com"]]
    assert settings_with(names[:2], PUBLIC_BASE_URL="http://127.0.0.1:8000") == [False, False]


def test_the_proxys_header_is_believed_only_when_asked() -> None:
    names = ["SECURE_PROXY_SSL_HEADER", "SECURE_SSL_REDIRECT"]
    https = {"PUBLIC_BASE_URL": "https://example.com"}
    assert settings_with(names, **https) == [None, False]
    assert settings_with(names, **https, TRUST_PROXY="true") == [["HTTP_X_FORWARDED_PROTO", "https"], True]


def test_debug_is_off_unless_asked() -> None:
    assert settings_with(["DEBUG"]) == [False]


@pytest.mark.parametrize(
    ("task", "queue"),
    [
        ("orchestration.execute_activity", queues.ENGINE),
        ("orchestration.drain_bucket", queues.EMAIL),
        ("orchestration.send_delivery", queues.EMAIL),
        ("config.record_heartbeat", queues.DEFAULT),
    ],
)
def test_a_task_is_routed_by_its_name(task: str, queue: str) -> None:
    assert current_app.amqp.router.route({}, task)["queue"].name == queue


def test_an_unknown_queue_is_refused() -> None:
    with pytest.raises(Exception, match="emial"):
        current_app.send_task("orchestration.drain_bucket", queue="emial")


def test_only_json_is_accepted_from_the_broker() -> None:
    assert current_app.conf.accept_content == ["json"]
    assert current_app.conf.task_serializer == "json"


def test_losing_a_worker_loses_no_hint() -> None:
    conf = current_app.conf
    assert (conf.task_acks_late, conf.task_reject_on_worker_lost, conf.worker_prefetch_multiplier) == (
        True,
        True,
        1,
    )
    assert conf.broker_transport_options["visibility_timeout"] == 900


def test_the_root_leads_to_the_admin() -> None:
    assert Client().get("/").headers["Location"] == "/admin/"


@pytest.mark.django_db
def test_the_schema_is_openapi_3_1_and_needs_a_login(admin_client: Client) -> None:
    assert Client().get("/api/schema/").status_code == 401
    answer = admin_client.get("/api/schema/", HTTP_ACCEPT="application/vnd.oai.openapi+json")
    assert json.loads(answer.content)["openapi"].startswith("3.1")


def test_every_time_is_kept_in_utc() -> None:
    assert settings.USE_TZ
    assert settings.TIME_ZONE == settings.CELERY_TIMEZONE == "UTC"
