import re
from collections import Counter

from config.demo_data.people import (
    DOMAINS,
    EMAILS_MALFORMED,
    EMAILS_MISSING,
    EMAILS_SHARED,
    PHONES_MALFORMED,
    PHONES_MISSING,
    make_people,
)

HOUSEHOLDS = range(1, 2470)
PEOPLE = make_people(HOUSEHOLDS)
WELL_FORMED = re.compile(r"[a-z]+\.[0-9]+@[a-z.]+")


def test_no_address_can_reach_anybody() -> None:
    for person in PEOPLE:
        assert person.email is None or person.email.endswith((*DOMAINS, "@"))
        assert person.phone is None or re.fullmatch(r"\+1[2-9]\d{2}55501\d{2}|555-01", person.phone)


def test_exactly_so_many_addresses_are_missing_malformed_or_shared() -> None:
    emails = Counter(person.email for person in PEOPLE)
    malformed = [email for email in emails.elements() if email and not WELL_FORMED.fullmatch(email)]
    shared = sum(count - 1 for email, count in emails.items() if email)
    assert (emails[None], len(malformed), shared) == (EMAILS_MISSING, EMAILS_MALFORMED, EMAILS_SHARED)


def test_exactly_so_many_phones_are_missing_or_malformed_and_no_sound_one_repeats() -> None:
    phones = Counter(person.phone for person in PEOPLE)
    assert (phones.pop(None), phones.pop("555-01")) == (PHONES_MISSING, PHONES_MALFORMED)
    assert set(phones.values()) == {1}


def test_about_one_in_five_reads_korean_and_has_a_korean_name() -> None:
    korean = [person for person in PEOPLE if person.language == "ko"]
    assert 0.17 < len(korean) / len(PEOPLE) < 0.23
    assert all(re.fullmatch("[가-힣]{3}", person.first_name) for person in korean)


def test_a_household_is_the_same_person_every_time() -> None:
    assert make_people(HOUSEHOLDS) == PEOPLE
    assert make_people(list(reversed(HOUSEHOLDS))) == PEOPLE
