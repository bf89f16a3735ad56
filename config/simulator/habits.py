"""Who fetches what of a letter, and when: people as they read, software as it checks.

Both use the same browsers' names and, in companies, the same addresses, so that neither gives them away.
All of it follows from the seed. Seconds count from the moment the letter was sent.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from config.simulator.letters import Letter

BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
)
SCANNERS = ("Barracuda Sentinel (EE)", "Mozilla/5.0 (compatible; MailScanner/5.4)", "python-requests/2.32")
PERSON, SOFTWARE = "person", "software"
# Shares of recipients, and of the software that does what is said.
IN_COMPANIES = 0.4
CHECKED_OUTSIDE = 0.1
PREFETCHED = 0.25
READ = 0.6
ASKS_HEADERS = 0.3
FINDS_HIDDEN = 0.8
IN_DISGUISE = 0.2
COMPANIES = 6
COMPANY_ADDRESSES = 3


@dataclass(frozen=True, slots=True)
class Visit:
    """One request to come: when, what, as whom, and who it truly is."""

    after: float
    method: str
    url: str
    address: str
    agent: str
    truth: str
    habit: str


@dataclass(frozen=True, slots=True)
class Household:
    """Where a recipient reads their mail: at home, or in a company whose gateway shares its addresses."""

    addresses: Sequence[str]
    company: int | None


Habit = Callable[[random.Random, Letter, Household], Iterator[Visit]]


def visits_of(letters: Sequence[Letter], *, seed: int) -> list[Visit]:
    """Everything that will be fetched, in order of time."""
    luck = random.Random(seed)  # noqa: S311 - a simulation, not a secret
    found: list[Visit] = []
    for number, letter in enumerate(letters):
        household = _household(luck, number)
        for habit in _habits(luck, household):
            found.extend(habit(luck, letter, household))
    return sorted((visit for visit in found if visit.url), key=lambda visit: visit.after)


def _household(luck: random.Random, number: int) -> Household:
    """All in 127.0.0.0/8, which a loopback server sees as different addresses."""
    if luck.random() < IN_COMPANIES:
        company = luck.randrange(COMPANIES)
        return Household([f"127.20.{company}.{n + 1}" for n in range(COMPANY_ADDRESSES)], company)
    return Household([f"127.30.{number // 250}.{number % 250 + 1}"], None)


def _habits(luck: random.Random, household: Household) -> Iterator[Habit]:
    """A company's gateway checks what arrives; a few mail programs prefetch; then somebody may read."""
    if household.company is not None and household.company % 2 == 0:
        yield gateway
    elif luck.random() < CHECKED_OUTSIDE:
        yield luck.choice((late_gateway, link_checker, crawler))
    if household.company is None and luck.random() < PREFETCHED:
        yield prefetcher
    if luck.random() < READ:
        yield luck.choices((reader, quick_reader, opener_of_tabs, double_clicker), (12, 2, 3, 2))[0]


def gateway(luck: random.Random, letter: Letter, household: Household) -> Iterator[Visit]:
    """Fetches everything at once right after delivery, as a browser or under its own name."""
    agent = luck.choice((luck.choice(SCANNERS), luck.choice(BROWSERS)))
    yield from _sweep_through(luck, letter, household, agent, begin=luck.uniform(0.2, 1.4))


def late_gateway(luck: random.Random, letter: Letter, household: Household) -> Iterator[Visit]:
    """The same, some seconds late and always as a browser."""
    yield from _sweep_through(luck, letter, household, luck.choice(BROWSERS), begin=luck.uniform(5, 15))


def _sweep_through(
    luck: random.Random, letter: Letter, household: Household, agent: str, *, begin: float
) -> Iterator[Visit]:
    address = luck.choice(household.addresses)
    method = "HEAD" if luck.random() < ASKS_HEADERS else "GET"
    targets = [letter.pixel, *letter.links, letter.hidden if luck.random() < FINDS_HIDDEN else ""]
    for place, url in enumerate(targets):
        fetched = method if place and luck.random() < ASKS_HEADERS else "GET"
        yield Visit(begin + place * 0.12, fetched, url, address, agent, SOFTWARE, "gateway")


def link_checker(luck: random.Random, letter: Letter, household: Household) -> Iterator[Visit]:
    """A reputation service looks at one link, at once, from a cloud, as a browser."""
    address = f"127.40.{luck.randrange(200)}.{luck.randrange(1, 250)}"
    url = luck.choice(letter.links) if letter.links else ""
    yield Visit(luck.uniform(0.3, 1.5), "GET", url, address, luck.choice(BROWSERS), SOFTWARE, "link checker")


def crawler(luck: random.Random, letter: Letter, household: Household) -> Iterator[Visit]:
    """Comes at any time, under its own name."""
    url = luck.choice(letter.links) if letter.links else ""
    yield Visit(
        luck.uniform(1, 20),
        "GET",
        url,
        luck.choice(household.addresses),
        luck.choice(SCANNERS),
        SOFTWARE,
        "crawler",
    )


def prefetcher(luck: random.Random, letter: Letter, household: Household) -> Iterator[Visit]:
    """A privacy proxy fetches the pixel for its user, seen or not; one time in five as an ordinary browser."""
    agent = luck.choice(BROWSERS) if luck.random() < IN_DISGUISE else "Mozilla/5.0"
    address = f"127.50.0.{luck.randrange(1, 4)}"
    yield Visit(luck.uniform(0.5, 6), "GET", letter.pixel, address, agent, SOFTWARE, "prefetcher")


def reader(luck: random.Random, letter: Letter, household: Household) -> Iterator[Visit]:
    """Opens, reads, and sometimes follows one or two links."""
    yield from _reading(luck, letter, household, luck.uniform(3, 20), luck.choice((0, 0, 1, 1, 2)), "reader")


def quick_reader(luck: random.Random, letter: Letter, household: Household) -> Iterator[Visit]:
    """Was looking at the inbox when it arrived."""
    yield from _reading(luck, letter, household, luck.uniform(0.6, 1.9), luck.choice((0, 1)), "quick reader")


def _reading(
    luck: random.Random, letter: Letter, household: Household, begin: float, clicks: int, habit: str
) -> Iterator[Visit]:
    address, agent = luck.choice(household.addresses), luck.choice(BROWSERS)
    yield Visit(begin, "GET", letter.pixel, address, agent, PERSON, habit)
    moment = begin
    for url in luck.sample(letter.links, min(clicks, len(letter.links))):
        moment += luck.uniform(1.6, 6)
        yield Visit(moment, "GET", url, address, agent, PERSON, habit)


def opener_of_tabs(luck: random.Random, letter: Letter, household: Household) -> Iterator[Visit]:
    """Opens three links in tabs, about as fast as a hand can."""
    address, agent = luck.choice(household.addresses), luck.choice(BROWSERS)
    moment = luck.uniform(3, 15)
    yield Visit(moment, "GET", letter.pixel, address, agent, PERSON, "opener of tabs")
    for url in letter.links[:3]:
        moment += luck.uniform(0.7, 1.5)
        yield Visit(moment, "GET", url, address, agent, PERSON, "opener of tabs")


def double_clicker(luck: random.Random, letter: Letter, household: Household) -> Iterator[Visit]:
    """Clicks every link twice."""
    address, agent = luck.choice(household.addresses), luck.choice(BROWSERS)
    moment = luck.uniform(3, 15)
    yield Visit(moment, "GET", letter.pixel, address, agent, PERSON, "double clicker")
    for url in letter.links[:1]:
        for gap in (2.0, 2.15):
            yield Visit(moment + gap, "GET", url, address, agent, PERSON, "double clicker")
