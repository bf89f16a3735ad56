"""A run that went round, in the way of one person and in the report."""

from __future__ import annotations

from typing import Any

import pytest

from orchestration.models import CampaignRun, Message, Population
from orchestration.runs import start_test_run
from orchestration.working_tables import drop_working_table
from reporting.conditions import trace_data
from reporting.reports import By, Question, table, totals
from reporting.scopes import Scope
from reporting.traces import Outcome, Trace, trace
from tests.orchestration.engine import draft, make_channel, work_off
from tests.orchestration.going_round import (
    ALL,
    END,
    consent,
    first_two,
    jump,
    launched,
    mailing,
    make_people,
    send,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(db: None) -> CampaignRun:
    """Of seven people two go no further in each of three rounds; the last has used up its rounds."""
    make_people(7)
    arrows = ["all parts", "parts.complement again", "again.main end"]
    return work_off(start_test_run(draft("way", [ALL, first_two(), jump("parts", 2), END], arrows)))


def way(found: Trace, number: int) -> dict[str, tuple[str, tuple[str, ...], tuple[tuple[str, str], ...]]]:
    return {
        step.activity: (str(step.outcome), step.left_by, step.arrived_by)
        for step in found.steps
        if step.round == number
    }


def test_who_went_no_further_in_the_first_round_is_in_no_other(run: CampaignRun) -> None:
    found = trace(run, "1")
    assert {step.round for step in found.steps} == {0}
    assert way(found, 0)["parts"] == ("left", ("done",), (("all", "main"),))
    assert way(found, 0)["again"][0] == "never_arrived"


def test_who_came_back_is_followed_through_each_round(run: CampaignRun) -> None:
    found = trace(run, "7")
    assert way(found, 0) == {
        "all": ("selected", ("main",), ()),
        "parts": ("left", ("complement",), (("all", "main"),)),
        "again": ("left", ("back",), (("parts", "complement"),)),
        "end": ("never_arrived", (), ()),
    }
    assert way(found, 1) == {
        "parts": ("left", ("complement",), (("again", "back"),)),
        "again": ("left", ("back",), (("parts", "complement"),)),
        "end": ("never_arrived", (), ()),
    }
    assert way(found, 2) == {
        "parts": ("left", ("complement",), (("again", "back"),)),
        "again": ("left", ("main",), (("parts", "complement"),)),
        "end": ("ended", (), (("again", "main"),)),
    }


def test_who_left_in_the_second_round_is_in_two(run: CampaignRun) -> None:
    assert {step.round for step in trace(run, "3").steps} == {0, 1}


def test_a_trace_of_many_rounds_asks_no_more_questions(
    run: CampaignRun, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(22):
        trace(run, "7")


def test_rules_as_they_hold_now_are_told_once(run: CampaignRun) -> None:
    steps = trace_data(run, trace(run, "7"), personal=True)["steps"]
    assert [step["round"] for step in steps] == [0] * 4 + [1] * 3 + [2] * 3
    later = [told["when"] for step in steps if step["round"] for told in step["conditions"]]
    assert set(later) <= {"then"}


def test_when_the_tables_are_gone_the_first_round_says_so(run: CampaignRun) -> None:
    for population in Population.objects.filter(owns_table=True).exclude(table_name=""):
        drop_working_table(population.table_name)
    Population.objects.exclude(table_name="").update(dropped_at="2026-01-01T00:00Z")
    found = trace(run, "7")
    assert {step.round for step in found.steps} == {0}
    assert found.steps[0].outcome is Outcome.FORGOTTEN


def test_each_round_has_a_message_of_its_own_and_the_report_adds_them_up(db: None) -> None:
    make_people(5)
    make_channel(provider="file", provider_config={"folder": "tests"})
    consent()
    run = launched(mailing())
    for _round in range(3):
        send(run)
    assert work_off(run).state == "completed"
    report = Question(Scope(run.campaign))
    assert totals(report).numbers["sends"] == 4 + 3 + 2
    (line,) = table(report, By.ACTIVITY)
    assert (line.value, line.numbers["sends"]) == ("mail", 9)
    messages = [step.message for step in trace(run, _last(run)).steps if step.activity == "mail"]
    assert [message["state"] for message in messages if message] == ["sent"] * 3
    assert len({message["id"] for message in messages if message}) == 3


def _last(run: CampaignRun) -> str:
    """Somebody who was written to in every round."""
    last = Message.objects.filter(delivery__activity_run__run=run, delivery__activity_run__iteration=2)
    return str(last.values_list("recipient_key", flat=True).first())
