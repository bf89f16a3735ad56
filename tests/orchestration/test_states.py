"""The page that explains the states and the tables in the code are the same, and every state can be reached and left."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from campaigns import states as authoring
from campaigns.states import Machine
from orchestration import states as engine

PAGE = Path(__file__).resolve().parents[2] / "docs" / "states.md"
MACHINES = [
    value for module in (authoring, engine) for value in vars(module).values() if isinstance(value, Machine)
]


def read_page() -> dict[str, dict[str, tuple[str, ...]]]:
    """Every section's table as {noun: {state: what may follow}}."""
    tables: dict[str, dict[str, tuple[str, ...]]] = {}
    noun = ""
    for line in PAGE.read_text().splitlines():
        if heading := re.match(r"## (.+)", line):
            noun = heading[1]
            tables[noun] = {}
        elif (row := re.match(r"\| (\w+) \| ?([\w, ]*?) ?\|", line)) and row[1] != "state":
            tables[noun][row[1]] = tuple(filter(None, row[2].split(", ")))
    return tables


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.noun)
def test_page_and_code_agree(machine: Machine) -> None:
    assert read_page()[machine.noun] == dict(machine.follow)


def test_page_explains_no_noun_that_the_code_does_not_have() -> None:
    assert set(read_page()) == {machine.noun for machine in MACHINES}


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.noun)
def test_nothing_follows_into_a_state_that_does_not_exist(machine: Machine) -> None:
    assert {state for after in machine.follow.values() for state in after} <= set(machine.states)


BORN = {"delivery": {"tested", "awaiting_confirmation", "sending"}, "message": {"ready", "excluded"}}
"""States a row may begin in, where it is not only the first."""


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.noun)
def test_every_state_can_be_reached(machine: Machine) -> None:
    reached = set(BORN.get(machine.noun, {machine.states[0]}))
    while more := {s for r in reached for s in machine.follow[r]} - reached:
        reached |= more
    assert reached == set(machine.states)


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.noun)
def test_every_state_leads_to_an_end(machine: Machine) -> None:
    ends = set(machine.final) or {"superseded"}
    while more := {s for s, after in machine.follow.items() if set(after) & ends} - ends:
        ends |= more
    assert ends == set(machine.states)
