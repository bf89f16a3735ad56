"""A report counted once more, by plain Python over exported CSV. Knows nothing of the project's SQL or definitions.

Written from the words of docs/reports.md alone.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, str]


def read(lines: Iterable[str]) -> list[Row]:
    text = "".join(lines).removeprefix("\ufeff")
    return list(csv.DictReader(text.splitlines(keepends=True)))


class Recount:
    def __init__(self, ledger: Iterable[str], events: Iterable[str], people: str) -> None:
        self.messages = read(ledger)
        self.people = people
        self.events: dict[str, list[Row]] = defaultdict(list)
        for event in read(events):
            if event["link"] != "0":
                self.events[event["message"]].append(event)

    def of(self, message: Row, kind: str) -> list[Row]:
        found = [event for event in self.events[message["message"]] if event["kind"] == kind]
        if kind in ("opened", "clicked") and self.people == "human":
            return [event for event in found if event["bot"] == "false"]
        return found

    def count(self, messages: list[Row]) -> dict[str, int]:
        total: Counter[str] = Counter()
        for message in messages:
            for name, amount in self.one(message).items():
                total[name] += amount
        return dict(total)

    def one(self, message: Row) -> dict[str, int]:
        state = message["state"]
        bounced = bool(self.of(message, "bounced"))
        opens, clicks = self.of(message, "opened"), self.of(message, "clicked")
        every_open = [e for e in self.events[message["message"]] if e["kind"] == "opened"]
        by_people = [e for e in every_open if e["bot"] == "false"]
        refused = state == "failed_permanent" and bounced
        return {
            "targeted": 1,
            "excluded": state == "excluded",
            "sends": state in ("sent", "unknown") or refused,
            "delivered": state == "sent" and not bounced,
            "bounces": bounced,
            "submission_bounces": refused,
            "unknown": state == "unknown",
            "errors": state == "expired" or (state == "failed_permanent" and not bounced),
            "cancelled": state == "cancelled",
            "pending": state in ("ready", "in_flight", "failed_temporary"),
            "retries": max(int(message["attempts"]) - 1, 0),
            "opens": len(opens),
            "unique_opens": bool(opens),
            "clicks": len(clicks),
            "unique_clicks": bool(clicks),
            "machine_opens": bool(every_open) and not by_people,
            "unsubscribes": bool(self.of(message, "unsubscribed")),
            "complaints": bool(self.of(message, "complained")),
        }

    def totals(self) -> dict[str, int]:
        return self.count(self.messages)

    def by(self, value: Any) -> dict[str, dict[str, int]]:
        groups: dict[str, list[Row]] = defaultdict(list)
        for message in self.messages:
            if found := value(message):
                groups[found].append(message)
        return {name: self.count(rows) for name, rows in groups.items()}

    def by_domain(self) -> dict[str, dict[str, int]]:
        return self.by(lambda message: message["address"].lower().partition("@")[2])

    def by_exclusion(self) -> dict[str, dict[str, int]]:
        return self.by(lambda message: message["exclusion_reason"])

    def by_link(self) -> dict[str, tuple[int, int]]:
        """Clicks and messages clicked in, for each link number."""
        hits: Counter[str] = Counter()
        who: dict[str, set[str]] = defaultdict(set)
        for message in self.messages:
            for event in self.of(message, "clicked"):
                if event["link"]:
                    hits[event["link"]] += 1
                    who[event["link"]].add(message["message"])
        return {link: (hits[link], len(who[link])) for link in hits}

    def over_time(self, zone: str, form: str) -> dict[str, dict[str, int]]:
        """Opens, unique opens, clicks and unsubscribes by the hour or day of the campaign's own clock."""
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for message in self.messages:
            for kind, name in (("opened", "opens"), ("clicked", "clicks"), ("unsubscribed", "unsubscribes")):
                times = sorted(datetime.fromisoformat(e["occurred_at"]) for e in self.of(message, kind))
                for place, time in enumerate(times):
                    moment = time.astimezone(ZoneInfo(zone)).strftime(form)
                    if name != "unsubscribes" or place == 0:
                        counts[moment][name] += 1
                    if place == 0 and name != "unsubscribes":
                        counts[moment][f"unique_{name}"] += 1
        return {moment: dict(found) for moment, found in counts.items()}


def share(over: int, under: int) -> Decimal | None:
    if under <= 0:
        return None
    return (Decimal(over) / Decimal(under)).quantize(Decimal("0.000001"), ROUND_HALF_EVEN)
