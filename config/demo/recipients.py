"""People and scanners as they meet a message: real HTTP requests to the links found in what the sink took."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlsplit

from config.mailbox import Entry, Mailbox, ReadMessage
from orchestration.verdicts import RULES

PERSON = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
SCANNER = "Mozilla/5.0 (compatible; MailScanner/5.4)"
GATEWAY = "127.9.9.9"
SCAN = "scanned"
READING_SECONDS = 2 * RULES.instant_within.total_seconds()
"""Nobody reads a message faster than software."""
OPEN = re.compile(r'src="(https?://[^"]+/o/[^"]+)"')
CLICK = re.compile(r'href="(https?://[^"]+/c/[^"]+)"')
LEAVE = re.compile(r'href="(https?://[^"]+/u/[^"]+)"')


@dataclass(frozen=True, slots=True)
class Habits:
    """Shares of all messages. A scanner fetches every link of a message at once, before its reader does."""

    scanned: float = 0.15
    opened: float = 0.45
    clicked: float = 0.12
    left: float = 0.02


def visit(
    mailbox: Mailbox, entries: Iterable[Entry], *, seed: int, habits: Habits | None = None
) -> Counter[str]:
    """Do with each message what scanners do at once and what people do when they have had the time to read it; how many
    messages met which fate.
    """
    luck = random.Random(seed)  # noqa: S311 - a simulation that can be repeated
    planned = list(_planned(luck, entries, habits or Habits()))
    done = _carried_out(mailbox, [visit for visit in planned if visit.act == SCAN])
    time.sleep(READING_SECONDS)
    return done + _carried_out(mailbox, [visit for visit in planned if visit.act != SCAN])


@dataclass(frozen=True, slots=True)
class Visit:
    act: str
    entry: Entry
    home: str


def _planned(luck: random.Random, entries: Iterable[Entry], habits: Habits) -> Iterator[Visit]:
    for entry in entries:
        home = _home(luck)
        for act in _acts(luck, habits):
            yield Visit(act, entry, home)


def _carried_out(mailbox: Mailbox, visits: Iterable[Visit]) -> Counter[str]:
    done: Counter[str] = Counter()
    for visit in visits:
        done[visit.act] += _perform(visit.act, mailbox.read(visit.entry), visit.home)
    return done


def _home(luck: random.Random) -> str:
    return f"127.{luck.randint(1, 250)}.{luck.randint(1, 250)}.{luck.randint(1, 250)}"


def _acts(luck: random.Random, habits: Habits) -> Iterator[str]:
    if luck.random() < habits.scanned:
        yield SCAN
    if luck.random() < habits.opened:
        yield "opened"
        if luck.random() < habits.clicked / habits.opened:
            yield "clicked"
        if luck.random() < habits.left / habits.opened:
            yield "left"


def _perform(act: str, message: ReadMessage, home: str) -> int:
    """`home` is the loopback address this reader comes from; all scanners come from one gateway."""
    opens, clicks, leaves = (pattern.findall(message.html) for pattern in (OPEN, CLICK, LEAVE))
    person, scanner = Visitor(PERSON, home), Visitor(SCANNER, GATEWAY)
    match act:
        case "scanned":
            return int(all(scanner.request("GET", url) for url in [*opens, *clicks, *leaves]))
        case "opened":
            return int(all(person.request("GET", url) for url in opens))
        case "clicked" if clicks:
            return person.request("GET", clicks[0])
        case "left" if leaves:
            return person.request("POST", leaves[0], "List-Unsubscribe=One-Click")
    return 0


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody's software, at an address of the loopback range of their own."""

    agent: str
    address: str

    def request(self, method: str, url: str, body: str = "") -> int:
        """1 when the answer is as it should be; redirects are not followed, for they lead out of this house."""
        parts = urlsplit(url)
        line = HTTPConnection(parts.hostname or "", parts.port or 80, 10, source_address=(self.address, 0))
        headers = {"User-Agent": self.agent, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            line.request(method, parts.path, body=body or None, headers=headers)
            return int(line.getresponse().status < 400)  # noqa: PLR2004
        finally:
            line.close()
