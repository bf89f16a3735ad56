"""Made-up people for real households: names, addresses and languages, the same on every machine.

The source holds no person and no address. E-mail addresses are in domains and telephone numbers in a range
that are reserved for examples, so that nothing sent to them can reach anybody. Some are missing, malformed
or shared on purpose: what excludes people from a send should occur in the demo too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

DOMAINS = ("example.com", "example.net", "example.org")
FIRST_NAMES_EN = (
    ("Alice", "alice"), ("Benjamin", "ben"), ("Charlotte", "charlotte"), ("Daniel", "daniel"),
    ("Emma", "emma"), ("Frank", "frank"), ("Grace", "grace"), ("Henry", "henry"), ("Isabel", "isabel"),
    ("James", "james"), ("Karen", "karen"), ("Liam", "liam"), ("Maria", "maria"), ("Noah", "noah"),
    ("Olivia", "olivia"), ("Peter", "peter"), ("Rosa", "rosa"), ("Samuel", "sam"), ("Zoë", "zoe"),
)  # fmt: skip
FIRST_NAMES_KO = (
    ("김서연", "seoyeon"), ("이민준", "minjun"), ("박지우", "jiwoo"), ("최하은", "haeun"),
    ("정도윤", "doyun"), ("강서준", "seojun"), ("조예린", "yerin"), ("윤시우", "siwoo"),
    ("장수아", "sua"), ("임건우", "gunwoo"),
)  # fmt: skip
AREA_CODES = {
    "America/New_York": ("201", "212", "215", "216", "301", "302", "401", "404", "407", "410", "412"),
    "America/Chicago": ("205", "312", "314", "316", "414", "501", "504", "512", "612", "615"),
    "America/Denver": ("303", "307", "406", "505", "801"),
    "America/Los_Angeles": ("206", "213", "415", "503", "619", "702"),
}
NUMBERS_PER_AREA = 100
KOREAN_PERCENT = 20

EMAILS_MISSING, EMAILS_MALFORMED, EMAILS_SHARED = 40, 25, 60
PHONES_MISSING, PHONES_MALFORMED = 120, 15


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a household is addressed as."""

    household_id: int
    first_name: str
    email: str | None
    phone: str | None
    language: str
    time_zone: str


def fraction(household_id: int, purpose: str) -> float:
    """A number in [0, 1) that depends on the household and the purpose alone."""
    digest = hashlib.sha256(f"{purpose}:{household_id}".encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48


def make_people(household_ids: Sequence[int]) -> list[Person]:
    """One person for each household, in the order of their keys."""
    people = [_sound_person(rank, household) for rank, household in enumerate(sorted(household_ids))]
    return _spoil_phones(_spoil_emails(people))


def _sound_person(rank: int, household: int) -> Person:
    korean = fraction(household, "language") * 100 < KOREAN_PERCENT
    names = FIRST_NAMES_KO if korean else FIRST_NAMES_EN
    name, plain = names[int(fraction(household, "name") * len(names))]
    domain = DOMAINS[int(fraction(household, "domain") * len(DOMAINS))]
    zone, area = _areas()[rank // NUMBERS_PER_AREA]
    return Person(
        household_id=household,
        first_name=name,
        email=f"{plain}.{household}@{domain}",
        phone=f"+1{area}55501{rank % NUMBERS_PER_AREA:02d}",
        language="ko" if korean else "en",
        time_zone=zone,
    )


def _areas() -> list[tuple[str, str]]:
    return [(zone, area) for zone, areas in AREA_CODES.items() for area in areas]


def _spoil_emails(people: list[Person]) -> list[Person]:
    missing, malformed, shared = _chosen(people, "email", (EMAILS_MISSING, EMAILS_MALFORMED, EMAILS_SHARED))
    sound = [p for p in people if p.household_id not in missing | malformed | shared]
    spoiled: dict[int, str | None] = dict.fromkeys(missing)
    spoiled |= {p.household_id: _malform(p) for p in people if p.household_id in malformed}
    spoiled |= {household: sound[household % len(sound)].email for household in shared}
    return [replace(p, email=spoiled.get(p.household_id, p.email)) for p in people]


def _spoil_phones(people: list[Person]) -> list[Person]:
    missing, malformed = _chosen(people, "phone", (PHONES_MISSING, PHONES_MALFORMED))
    spoiled = dict.fromkeys(missing) | dict.fromkeys(malformed, "555-01")
    return [replace(p, phone=spoiled.get(p.household_id, p.phone)) for p in people]


def _chosen(people: Sequence[Person], purpose: str, sizes: Sequence[int]) -> list[set[int]]:
    """Disjoint sets of households of exactly these sizes."""
    order = sorted((p.household_id for p in people), key=lambda household: fraction(household, purpose))
    starts = [sum(sizes[:place]) for place in range(len(sizes))]
    return [set(order[start : start + size]) for start, size in zip(starts, sizes, strict=True)]


def _malform(person: Person) -> str:
    local, _at, domain = (person.email or "").partition("@")
    forms = (f"{local}.{domain}", f"{local}@", f"{local} home@{domain}", f"{local}@@{domain}")
    return forms[person.household_id % len(forms)]
