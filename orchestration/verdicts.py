"""Says which opens and clicks software caused: five signals, weighed by one versioned set of rules.

Hits stay as they came; verdicts stand apart and can be computed again for any time. A hit without a verdict
counts as a person's until it is judged. What the signals mean to a reader of reports is told in
`docs/reports.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

AGENTS = (
    r"^$",
    r"^mozilla/5\.0$",
    r"(bot|crawler|spider|scanner|preview|monitor|prefetch)\y",
    r"^(curl|wget|python-requests|python-urllib|python-httpx|aiohttp|go-http-client|java|libwww-perl|ruby|php)\y",
    r"headlesschrome|phantomjs|puppeteer|playwright|selenium",
    r"barracuda|mimecast|proofpoint|symantec|trendmicro|forcepoint|fortiguard|sophos|cloudmark|zscaler|ironport",
    r"google-safety|bingpreview|safelinks|facebookexternalhit|slack-imgproxy|skypeuripreview",
)
"""PostgreSQL's regular expressions, compared without case; “Mozilla/5.0” alone is Apple's privacy proxy."""


class Signal(StrEnum):
    """What speaks for software. Values are stored with each verdict."""

    AGENT = "agent"
    HONEYPOT = "honeypot"
    BURST = "burst"
    INSTANT = "instant"
    SWEEP = "sweep"


class People(StrEnum):
    """Whose opens and clicks a number counts."""

    HUMAN = "human"
    ALL = "all"


SIGNAL_LABELS = {
    Signal.AGENT: _("called itself a machine, or asked for headers only"),
    Signal.HONEYPOT: _("followed a link no person can see"),
    Signal.BURST: _("followed several links within a second"),
    Signal.INSTANT: _("came right after the message was sent"),
    Signal.SWEEP: _("came from an address that fetched for many recipients at once"),
}


@dataclass(frozen=True, slots=True)
class Ruleset:
    """Weights and limits: a hit that reaches `threshold` is software. Raise `version` with any change."""

    version: int = 1
    threshold: int = 100
    agent: int = 100
    honeypot: int = 100
    burst: int = 100
    instant_click: int = 100
    instant_open: int = 60
    sweep: int = 50
    agents: tuple[str, ...] = AGENTS
    actor_window: timedelta = timedelta(seconds=10)
    """One agent at one address fetching for one message is one visitor: what it shows once, it is."""
    burst_window: timedelta = timedelta(seconds=1)
    burst_links: int = 3
    instant_within: timedelta = timedelta(seconds=2)
    longest_sending: timedelta = timedelta(minutes=1)
    """A message counts as sent this long after it went in flight, even if that was found out later."""
    sweep_window: timedelta = timedelta(seconds=10)
    sweep_messages: int = 5

    def parameters(self) -> dict[str, Any]:
        return {name: _plain(getattr(self, name)) for name in self.__slots__}


RULES = Ruleset()

_JUDGE = """
WITH hit AS MATERIALIZED (
    SELECT id, occurred_at, message_id, delivery_id, kind, link_number, ip, user_agent
    FROM orchestration_messageevent
    WHERE kind IN ('opened', 'clicked', 'probed')
      AND occurred_at >= %(since)s - %(margin)s AND occurred_at < %(until)s + %(margin)s
), machine AS MATERIALIZED (
    SELECT user_agent
    FROM (SELECT DISTINCT user_agent FROM hit) AS seen
    WHERE user_agent ~* ANY(%(agents)s)
), seen AS (
    SELECT h.*,
           bool_or(m.user_agent IS NOT NULL OR kind = 'probed') OVER visitor AS agent,
           bool_or(kind = 'clicked' AND link_number = 0) OVER visitor AS honeypot,
           array_agg(link_number) FILTER (WHERE kind = 'clicked') OVER following AS links,
           lag(occurred_at) OVER (PARTITION BY message_id, ip ORDER BY occurred_at) AS before
    FROM hit h
    LEFT JOIN machine m USING (user_agent)
    WINDOW visitor AS (
        PARTITION BY message_id, ip, user_agent ORDER BY occurred_at
        RANGE BETWEEN %(actor_window)s PRECEDING AND %(actor_window)s FOLLOWING
    ), following AS (
        PARTITION BY message_id, ip ORDER BY occurred_at
        RANGE BETWEEN CURRENT ROW AND %(burst_window)s FOLLOWING
    )
), counted AS (
    SELECT *,
           CASE WHEN cardinality(links) >= %(burst_links)s
                THEN (SELECT count(DISTINCT link) FROM unnest(links) AS link) ELSE 0
           END >= %(burst_links)s AS begins_burst,
           count(*) FILTER (WHERE before IS NULL OR before < occurred_at - %(sweep_window)s) OVER (
               PARTITION BY ip ORDER BY occurred_at
               RANGE BETWEEN %(sweep_window)s PRECEDING AND %(sweep_window)s FOLLOWING
           ) >= %(sweep_messages)s AND ip IS NOT NULL AS sweep
    FROM seen
), signalled AS (
    SELECT c.*,
           kind = 'clicked' AND bool_or(begins_burst) OVER (
               PARTITION BY message_id, ip ORDER BY occurred_at
               RANGE BETWEEN %(burst_window)s PRECEDING AND CURRENT ROW
           ) AS burst,
           coalesce(
               occurred_at < least(m.finished_at, m.in_flight_at + %(longest_sending)s) +
               %(instant_within)s, false
           ) AS instant
    FROM counted c
    JOIN orchestration_message m ON m.id = c.message_id
), weighed AS (
    SELECT *,
           (CASE WHEN agent THEN %(agent)s ELSE 0 END)
           + (CASE WHEN honeypot THEN %(honeypot)s ELSE 0 END)
           + (CASE WHEN burst THEN %(burst)s ELSE 0 END)
           + (CASE WHEN NOT instant THEN 0 WHEN kind = 'clicked' THEN %(instant_click)s
                   ELSE %(instant_open)s END)
           + (CASE WHEN sweep THEN %(sweep)s ELSE 0 END) AS score
    FROM signalled
    WHERE kind IN ('opened', 'clicked') AND occurred_at >= %(since)s AND occurred_at < %(until)s
)
INSERT INTO orchestration_eventverdict AS v
    (occurred_at, event_id, delivery_id, bot, score, signals, ruleset)
SELECT occurred_at, id, delivery_id, score >= %(threshold)s, score,
       array_remove(ARRAY[CASE WHEN agent THEN 'agent' END, CASE WHEN honeypot THEN 'honeypot' END,
                          CASE WHEN burst THEN 'burst' END, CASE WHEN instant THEN 'instant' END,
                          CASE WHEN sweep THEN 'sweep' END], NULL),
       %(version)s
FROM weighed
ON CONFLICT (occurred_at, event_id) DO UPDATE
SET bot = excluded.bot, score = excluded.score, signals = excluded.signals, ruleset = excluded.ruleset,
    computed_at = statement_timestamp(), transaction_id = pg_current_xact_id()
WHERE (v.bot, v.score, v.signals, v.ruleset)
      IS DISTINCT FROM (excluded.bot, excluded.score, excluded.signals, excluded.ruleset)
"""


def judge_events(since: datetime, until: datetime, rules: Ruleset = RULES) -> int:
    """Judge every open and click of [since, until), again if need be; how many verdicts changed.

    Hits around the edges are taken into account, so the same times cut differently give the same verdicts.
    """
    margin = rules.actor_window + rules.burst_window + rules.sweep_window
    span: dict[str, Any] = {"since": since, "until": until, "margin": 2 * margin}
    with connection.cursor() as cursor:
        cursor.execute(_JUDGE, {**rules.parameters(), **span})
        return int(cursor.rowcount)


def judge_recent(back: timedelta = timedelta(minutes=20)) -> int:
    """What the beat calls: the last minutes, whose later part may yet look different from what follows."""
    now = timezone.now()
    return judge_events(now - back, now + timedelta(minutes=1))


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
