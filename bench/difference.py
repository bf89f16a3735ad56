# ruff: noqa: E402 - Django is set up before what needs its settings is imported
"""What an edit would do to people, asked before it is saved: of a rule, beside the same question by hand, and of a whole
campaign, beside the run it stands for: `python -m bench.difference`.

Says what it does, then prints one line of JSON: seconds of every round by question and side.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import connection

from bench.flow_campaign import flow_document
from bench.operations_campaign import SEGMENT
from bench.shop import make_shop
from bench.turns import ROUNDS, say, settle, timed_engine
from campaigns.catalogue import load_catalogue
from campaigns.drafts import save_draft
from campaigns.rule_differences import difference
from campaigns.rule_questions import RuleQuestion
from orchestration.forecasts import forecast

BY_HAND = """
SELECT count(*) FILTER (WHERE b.id IS NULL), count(*) FILTER (WHERE a.id IS NULL), count(*) FILTER (WHERE a.id = b.id)
  FROM (SELECT p.id FROM shop.person AS p
         WHERE p.country IN ('AT', 'DE', 'KR') AND p.born BETWEEN '1970-01-01' AND '1992-12-31'
           AND p.id IN (SELECT person_id FROM shop.orders WHERE ordered_at >= '2017-10-03 00:00:00+00'
                         GROUP BY person_id HAVING sum(amount) > 200)
           AND NOT EXISTS (SELECT FROM shop.orders AS o WHERE o.person_id = p.id AND o.category = 'c7')) AS a
  FULL JOIN
       (SELECT p.id FROM shop.person AS p
         WHERE p.country IN ('AT', 'DE', 'KR') AND p.born BETWEEN '1977-01-01' AND '1992-12-31'
           AND p.id IN (SELECT person_id FROM shop.orders WHERE ordered_at >= '2017-10-03 00:00:00+00'
                         GROUP BY person_id HAVING sum(amount) > 200)
           AND NOT EXISTS (SELECT FROM shop.orders AS o WHERE o.person_id = p.id AND o.category = 'c7')) AS b
    ON a.id = b.id
"""
SLUG = "difference"
"""Its own: the part `flow` may have been here before."""


def main() -> None:
    people = make_shop()
    rule = {"engine": timed(rule_edited), "baseline": timed(rule_by_hand)}
    if rule_edited() != rule_by_hand():
        raise SystemExit("The edit of the rule is counted differently by hand.")
    draft = save_draft(None, flow_document(slug=SLUG))
    runs = [sum(timed_engine(draft)[1].values()) for _round in range(ROUNDS + 1)][1:]
    campaign = {"engine": timed(campaign_edited), "baseline": runs}
    print(json.dumps({"people": people, "seconds": {"rule": rule, "campaign": campaign}}))


def timed(question: Callable[[], Any]) -> list[float]:
    """Seconds of each round; one before them warms caches."""
    found = []
    for number in range(ROUNDS + 1):
        settle()
        begun = time.perf_counter()
        question()
        found.append(time.perf_counter() - begun)
        say(f"{question.__name__} {number}: {found[-1]:.2f} s")
    return found[1:]


def rule_edited() -> tuple[int, ...]:
    """Who enters, leaves and stays when people seven years older may be among them."""
    of = [
        {**part, "value": ["1970-01-01", "1992-12-31"]} if part.get("attribute") == "born" else part
        for part in SEGMENT["of"]
    ]
    after = RuleQuestion({**SEGMENT, "of": of}, "person", load_catalogue())
    return tuple(change.count for change in difference(SEGMENT, after, personal=False).changes)


def rule_by_hand() -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND)
        return tuple(cursor.fetchone())


def campaign_edited() -> Any:
    """All ten activities over again, with buyers of 150 instead of 120, and every port against the last run."""
    return forecast(flow_document(spent=150, slug=SLUG))


if __name__ == "__main__":
    main()
