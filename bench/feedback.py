"""The feedback join at scale: who had a campaign's message delivered and did not click it, as people.

Makes 1,000,000 people, their messages and 5,000,000 events with verdicts set-wise in the database of
DATABASE_URL, which must hold nothing else, then times the built-in filter's SQL and prints its plan.
`python -m bench.feedback [people]`.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from campaigns.catalogue import load_catalogue  # noqa: E402
from campaigns.models import TargetingDimension  # noqa: E402
from campaigns.targeting.render import Statement, render  # noqa: E402
from campaigns.targeting.rules import parse_rule  # noqa: E402
from campaigns.targeting.scope import Scope  # noqa: E402
from campaigns.targeting.statements import count_statement  # noqa: E402
from orchestration.feedback.filters import Behaviour, FeedbackFilter  # noqa: E402
from orchestration.verdicts import People, judge_events  # noqa: E402
from tests.ledger import make_campaign, make_delivery, make_dimension, make_run  # noqa: E402

MESSAGES = """
INSERT INTO orchestration_message
    (delivery_id, dimension_id, recipient_key, entity_key, bucket, address, state, exclusion_reason, epoch,
     attempts, reply, in_flight_at, finished_at)
SELECT %(delivery)s, %(dimension)s, g::text, '', g %% 256, 'p' || g || '@d' || g %% 50 || '.example.com',
       CASE WHEN g %% 20 = 0 THEN 'excluded' WHEN g %% 50 = 1 THEN 'failed_permanent' ELSE 'sent' END,
       CASE WHEN g %% 20 = 0 THEN 'no_consent' ELSE '' END, 1, 1, '',
       now() - interval '6 hours', now() - interval '6 hours' + g * interval '5 ms'
FROM generate_series(%(first)s::int, %(last)s::int) AS g
"""
# Five events a message on average; one in five comes within two seconds, from one of 200 addresses.
EVENTS = """
INSERT INTO orchestration_messageevent
    (message_id, delivery_id, dimension_id, recipient_key, kind, occurred_at, provider, provider_event_id,
     link_number, method, ip, user_agent)
SELECT m.id, m.delivery_id, m.dimension_id, m.recipient_key,
       CASE WHEN h %% 100 < 60 THEN 'opened' WHEN h %% 100 < 97 THEN 'clicked' WHEN h %% 100 < 99 THEN
       'bounced'
            ELSE 'unsubscribed' END,
       m.finished_at + CASE WHEN h %% 5 = 0 THEN interval '1 second' ELSE h %% 10000 * interval '1 second'
       END, 'bench', m.id || '-' || n, CASE WHEN h %% 100 BETWEEN 60 AND 96 THEN h %% 3 + 1 END, 'GET',
       ('10.' || h %% 7 || '.' || h %% 250 || '.' || h %% 200)::inet, CASE WHEN h %% 23 = 0 THEN 'curl/8'
       ELSE 'Mozilla/5.0 (X11; Linux) Firefox/1' || h %% 40 END
FROM orchestration_message m, generate_series(1, 10) AS n,
     LATERAL (SELECT abs(hashint8extended(m.id * 16 + n, 7)) AS h) AS random
WHERE m.delivery_id = %(delivery)s AND m.state = 'sent' AND n <= 2 + h %% 8
"""


def main(people: int = 1_000_000) -> None:
    if not TargetingDimension.objects.filter(slug="bench_person").exists():
        _make(people)
    dimension = TargetingDimension.objects.get(slug="bench_person")
    for campaign in ("bench-large", "bench-small"):
        for behaviour in (Behaviour.SILENT, Behaviour.CLICKED, Behaviour.NONE):
            for who in (People.HUMAN, People.ALL):
                wanted = FeedbackFilter(behaviour=behaviour, campaign=campaign, people=who)
                _time(f"{campaign} {behaviour} {who}", _statement(dimension, wanted))
    silent = FeedbackFilter(behaviour=Behaviour.SILENT, campaign="bench-large")
    statement = _statement(dimension, silent)
    print(statement.sql, statement.parameters, sep="\n")
    for line in _rows("EXPLAIN (ANALYZE, BUFFERS OFF) " + statement.sql, statement.parameters):
        print(line[0])


def _make(people: int) -> None:
    dimension = make_dimension("bench_person")
    _timed(
        "people",
        "INSERT INTO bench_person SELECT g, 'N', 'e', 'en', 'c' FROM generate_series(1, %s) g",
        [people],
    )
    for slug, share in (("bench-large", 0.8), ("bench-small", 0.2)):
        delivery = make_delivery(dimension, make_run(make_campaign(slug)))
        values = {"delivery": delivery.pk, "dimension": dimension.pk, "first": 1, "last": int(people * share)}
        _timed("messages", MESSAGES, values)
        _timed("events", EVENTS, values)
    for table in ("bench_person", "orchestration_message", "orchestration_messageevent"):
        _timed(f"analyze {table}", f"ANALYZE {table}", None)
    start = time.perf_counter()
    now = timezone.now()
    judged = judge_events(now - timedelta(days=1), now + timedelta(days=1))
    print(f"{judged} verdicts in {time.perf_counter() - start:.1f} s")
    _timed("analyze verdicts", "ANALYZE orchestration_eventverdict", None)


def _statement(dimension: TargetingDimension, wanted: FeedbackFilter) -> Statement:
    scope = Scope(catalogue=load_catalogue(), table=dimension.table.slug, now=timezone.now(), zone="UTC")
    return render(count_statement(parse_rule(wanted.rule(dimension)), scope))


def _time(name: str, statement: Statement) -> None:
    times = []
    for _ in range(3):
        start = time.perf_counter()
        (count,) = _rows(statement.sql, statement.parameters)[0]
        times.append(time.perf_counter() - start)
    print(f"{name}: {count} people, {min(times):.2f} s (best of 3; first {times[0]:.2f} s)")


def _timed(name: str, sql: str, values: Any) -> None:
    start = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        print(f"{name}: {cursor.rowcount} rows in {time.perf_counter() - start:.1f} s")


def _rows(sql: str, values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
