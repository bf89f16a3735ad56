"""One row for each message of some deliveries, with all that came back for it: what every report is counted from.

`count_cells` counts the measures by every breakdown at once; the live report sums its answer, the roll-up
keeps it.
"""

from __future__ import annotations

from enum import StrEnum

from psycopg import sql

from reporting.metrics import MEASURES, Measure


class Breakdown(StrEnum):
    """How a report may be divided. Values are stored with the roll-up."""

    ALL = "all"
    DOMAIN = "domain"
    EXCLUSION_REASON = "exclusion_reason"
    BOUNCE_REASON = "bounce_reason"
    LINK = "link"
    HOUR = "hour"


# Link 0 is the one no person can see: following it is a signal, not a click on the content.
_EVENT = sql.SQL("""
event AS MATERIALIZED (
    SELECT e.message_id, e.delivery_id, e.kind, e.occurred_at, e.link_number, e.detail,
           coalesce(v.bot, false) AS bot
    FROM orchestration_messageevent e
    LEFT JOIN orchestration_eventverdict v
           ON v.delivery_id = e.delivery_id AND v.event_id = e.id AND v.occurred_at = e.occurred_at AND v.bot
    WHERE e.delivery_id = ANY(%(deliveries)s)
      AND e.kind IN ('opened', 'clicked', 'bounced', 'unsubscribed', 'complained')
      AND e.link_number IS DISTINCT FROM 0
)""")

_REACTION = sql.SQL("""
reaction AS (
    SELECT message_id,
           count(*) FILTER (WHERE kind = 'opened') AS opens_all,
           count(*) FILTER (WHERE kind = 'opened' AND NOT bot) AS opens_human,
           count(*) FILTER (WHERE kind = 'clicked') AS clicks_all,
           count(*) FILTER (WHERE kind = 'clicked' AND NOT bot) AS clicks_human,
           min(occurred_at) FILTER (WHERE kind = 'opened') AS opened_at_all,
           min(occurred_at) FILTER (WHERE kind = 'opened' AND NOT bot) AS opened_at_human,
           min(occurred_at) FILTER (WHERE kind = 'clicked') AS clicked_at_all,
           min(occurred_at) FILTER (WHERE kind = 'clicked' AND NOT bot) AS clicked_at_human,
           min(occurred_at) FILTER (WHERE kind = 'bounced') AS bounced_at,
           min(coalesce(substring(detail ->> 'reply' FROM '[245][.][0-9]{1,3}[.][0-9]{1,3}'),
                        detail ->> 'code', 'unknown')) FILTER (WHERE kind = 'bounced') AS bounce_reason,
           min(occurred_at) FILTER (WHERE kind = 'unsubscribed') AS unsubscribed_at,
           min(occurred_at) FILTER (WHERE kind = 'complained') AS complained_at
    FROM event
    GROUP BY message_id
)""")

_FACT = sql.SQL("""
fact AS MATERIALIZED (
    SELECT m.delivery_id, m.state, m.exclusion_reason, m.attempts, d.created_at AS prepared_at,
           lower(substring(m.address FROM '@([^@]*)$')) AS domain,
           coalesce(m.finished_at, m.in_flight_at, d.state_changed_at) AS finished,
           coalesce(r.opens_all, 0) AS opens_all, coalesce(r.opens_human, 0) AS opens_human,
           coalesce(r.clicks_all, 0) AS clicks_all, coalesce(r.clicks_human, 0) AS clicks_human,
           r.opened_at_all, r.opened_at_human, r.clicked_at_all, r.clicked_at_human,
           r.bounced_at, r.bounce_reason, r.unsubscribed_at, r.complained_at
    FROM orchestration_message m
    JOIN orchestration_delivery d ON d.id = m.delivery_id
    LEFT JOIN reaction r ON r.message_id = m.id
    WHERE m.delivery_id = ANY(%(deliveries)s)
)""")

# Clicks of one link: the same facts, seen through the clicks on it alone.
_CLICK = sql.SQL("""
click AS (
    SELECT delivery_id, link_number::text AS value,
           count(*) AS clicks_all, count(*) FILTER (WHERE NOT bot) AS clicks_human,
           count(DISTINCT message_id) AS unique_clicks_all,
           count(DISTINCT message_id) FILTER (WHERE NOT bot) AS unique_clicks_human
    FROM event
    WHERE kind = 'clicked' AND link_number IS NOT NULL
    GROUP BY delivery_id, link_number
)""")

# Quarters of an hour first: the clocks of all zones differ by whole ones, and few rows are left to convert.
_QUARTER = sql.SQL("date_bin('15 minutes', {}, 'epoch')")

# An hour begins where the campaign's own clock says so; in absolute time, so that a repeated hour is two.
_HOUR = sql.SQL("""
    moment - ((moment AT TIME ZONE time_zone) - date_trunc('hour', moment AT TIME ZONE time_zone))
""")


def count_cells() -> sql.Composed:
    """The statement: delivery_id, breakdown, value, hour, then a column for each measure. Takes `deliveries`."""
    ctes = sql.SQL(", ").join([_EVENT, _REACTION, _FACT, _CLICK, _binned()])
    parts = [
        _grouped(Breakdown.ALL, sql.SQL("''"), sql.SQL("true")),
        _grouped(Breakdown.DOMAIN, sql.SQL("domain"), sql.SQL("domain <> ''")),
        _grouped(Breakdown.EXCLUSION_REASON, sql.SQL("exclusion_reason"), sql.SQL("state = 'excluded'")),
        _grouped(Breakdown.BOUNCE_REASON, sql.SQL("bounce_reason"), sql.SQL("bounced_at IS NOT NULL")),
        _by_link(),
        _by_hour(),
    ]
    return sql.SQL("WITH {} {}").format(ctes, sql.SQL(" UNION ALL ").join(parts))


def _grouped(breakdown: Breakdown, value: sql.SQL, condition: sql.SQL) -> sql.Composed:
    counted = [
        sql.SQL("coalesce(sum({}) FILTER (WHERE {}), 0)::bigint").format(
            sql.SQL(measure.amount), sql.SQL(measure.condition)
        )
        for measure in MEASURES
    ]
    return sql.SQL(
        "SELECT delivery_id, {breakdown}::text, {value} AS value, NULL::timestamptz AS hour, {counts}"
        " FROM fact WHERE {condition} GROUP BY 1, 3"
    ).format(
        breakdown=sql.Literal(str(breakdown)),
        value=value,
        counts=sql.SQL(", ").join(counted),
        condition=condition,
    )


def _by_link() -> sql.Composed:
    counted = [
        sql.Identifier(measure.name) if "clicks" in measure.name else sql.SQL("0::bigint")
        for measure in MEASURES
    ]
    return sql.SQL("SELECT delivery_id, {}::text, value, NULL::timestamptz, {} FROM click").format(
        sql.Literal(str(Breakdown.LINK)), sql.SQL(", ").join(counted)
    )


def _binned() -> sql.Composed:
    """What happened in each quarter of an hour: things that count once for a message, and every event."""
    parts = sql.SQL(" UNION ALL ").join(_of_events(m) if m.per_event else _of_facts(m) for m in MEASURES)
    return sql.SQL("binned (delivery_id, name, moment, amount) AS ({})").format(parts)


def _of_facts(measure: Measure) -> sql.Composed:
    return sql.SQL(
        "SELECT delivery_id, {name}, {quarter}, sum({amount})::bigint FROM fact"
        " WHERE ({condition}) AND {moment} IS NOT NULL GROUP BY 1, 3"
    ).format(
        name=sql.Literal(measure.name),
        quarter=_QUARTER.format(sql.SQL(measure.moment)),
        amount=sql.SQL(measure.amount),
        condition=sql.SQL(measure.condition),
        moment=sql.SQL(measure.moment),
    )


def _of_events(measure: Measure) -> sql.Composed:
    return sql.SQL(
        "SELECT delivery_id, {name}, {quarter}, count(*) FROM event WHERE kind = {kind} AND {who} GROUP BY 1, 3"
    ).format(
        name=sql.Literal(measure.name),
        quarter=_QUARTER.format(sql.SQL("occurred_at")),
        kind=sql.Literal(measure.per_event),
        who=sql.SQL("NOT bot") if measure.name.endswith("_human") else sql.SQL("true"),
    )


def _by_hour() -> sql.Composed:
    counted = [
        sql.SQL("coalesce(sum(amount) FILTER (WHERE b.name = {}), 0)::bigint").format(sql.Literal(m.name))
        for m in MEASURES
    ]
    return sql.SQL(
        "SELECT b.delivery_id, {breakdown}::text, '', {hour} AS hour, {counts} FROM binned b"
        " JOIN orchestration_delivery d ON d.id = b.delivery_id"
        " JOIN campaigns_campaign c ON c.id = d.campaign_id GROUP BY 1, 4"
    ).format(breakdown=sql.Literal(str(Breakdown.HOUR)), hour=_HOUR, counts=sql.SQL(", ").join(counted))
