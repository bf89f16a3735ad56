"""Whether this installation can do its work, as a page for people and for monitors: 200 when it can, 503 when
not.

Details name what is missing and the remedy; an exception's own text, which may name hosts and users, goes to
the log.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config import queues
from config.celery import app
from config.heartbeats import beat_seen_at, heartbeats

STALE = timedelta(seconds=60)
BROKER_SECONDS = 2
WORKER_OF = "worker of "
TITLES = {
    "database": gettext_lazy("Database"),
    "migrations": gettext_lazy("Migrations"),
    "broker": gettext_lazy("Broker"),
    "beat": gettext_lazy("Clock (beat)"),
}
JSON, HTML = "application/json", "text/html"
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    name: str
    healthy: bool
    detail: str


@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    findings = list(examine())
    healthy = all(finding.healthy for finding in findings)
    status = 200 if healthy else 503
    if request.get_preferred_type([JSON, HTML]) == HTML:
        context = {"findings": [(_title(each.name), each) for each in findings], "healthy": healthy}
        return render(request, "config/health.html", context, status=status)
    body = {"healthy": healthy, "checks": [asdict(finding) for finding in findings]}
    return JsonResponse(body, status=status)


def _title(name: str) -> str:
    """What a person reads for the name that a monitor gets."""
    queue = name.removeprefix(WORKER_OF)
    return str(TITLES[name]) if name in TITLES else _("Worker of “%(queue)s”") % {"queue": queue}


def examine() -> Iterator[Finding]:
    for name, question in QUESTIONS.items():
        yield _ask(name, question)


def _ask(name: str, question: Callable[[], tuple[bool, str]]) -> Finding:
    try:
        healthy, detail = question()
    except Exception:
        logger.exception("health: %s gave no answer", name)
        healthy, detail = False, _("No answer. The server's log says why.")
    return Finding(name, healthy, detail)


def _database() -> tuple[bool, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version')")
        return True, f"PostgreSQL {cursor.fetchone()[0]}"


def _migrations() -> tuple[bool, str]:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        return False, _("%(count)d not applied. Run `manage.py migrate`.") % {"count": len(missing)}
    return True, _("All applied.")


def _broker() -> tuple[bool, str]:
    with app.connection_for_read(connect_timeout=BROKER_SECONDS) as line:
        line.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_SECONDS)
    return True, _("It answers.")


def _beat() -> tuple[bool, str]:
    return _judged(beat_seen_at(), _("Start `celery -A config.celery beat`."))


def _worker(queue: str) -> Callable[[], tuple[bool, str]]:
    def question() -> tuple[bool, str]:
        remedy = _("Start `celery -A config.celery worker -Q %(queue)s`.") % {"queue": queue}
        return _judged(heartbeats().get(queue), remedy)

    return question


def _judged(seen: datetime | None, remedy: str) -> tuple[bool, str]:
    if seen is None:
        return False, _("Never seen.") + " " + remedy
    age = timezone.now() - seen
    detail = _("Seen %(seconds)d s ago.") % {"seconds": age.total_seconds()}
    return (True, detail) if age < STALE else (False, f"{detail} {remedy}")


QUESTIONS: dict[str, Callable[[], tuple[bool, str]]] = {
    "database": _database,
    "migrations": _migrations,
    "broker": _broker,
    "beat": _beat,
    **{f"{WORKER_OF}{queue}": _worker(queue) for queue in queues.ALL},
}
