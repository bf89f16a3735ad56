from __future__ import annotations

from config.simulator.habits import PERSON, SOFTWARE, visits_of
from config.simulator.letters import Letter

LETTERS = [
    Letter(
        f"p{n}@example.com",
        f"http://h/o/{n}",
        tuple(f"http://h/c/{n}/{link}" for link in range(3)),
        f"http://h/c/{n}/x",
    )
    for n in range(400)
]


def test_the_same_seed_tells_the_same_story_and_another_a_different_one() -> None:
    assert visits_of(LETTERS, seed=1) == visits_of(LETTERS, seed=1) != visits_of(LETTERS, seed=2)


def test_a_letter_without_anything_to_fetch_is_visited_by_nobody() -> None:
    assert visits_of([Letter("a@example.com", "", ())] * 50, seed=1) == []


def test_people_and_software_share_agents_and_addresses() -> None:
    visits = visits_of(LETTERS, seed=1)
    people, software = ([v for v in visits if v.truth == who] for who in (PERSON, SOFTWARE))
    assert len({v.agent for v in people} & {v.agent for v in software}) >= 4
    assert len({v.address for v in people} & {v.address for v in software}) >= 6
    assert 0.2 < len(people) / len(visits) < 0.8


def test_no_person_follows_what_they_cannot_see() -> None:
    assert not any(v.url.endswith("/x") for v in visits_of(LETTERS, seed=1) if v.truth == PERSON)
