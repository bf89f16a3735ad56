from __future__ import annotations

from typing import Any

import pytest

from campaigns.consents import Statement, record_consent
from campaigns.models import Channel
from orchestration.models import CampaignRun, EventKind, Message, Population
from orchestration.runs import start_test_run
from orchestration.verdicts import judge_recent
from orchestration.working_tables import drop_working_table
from reporting.memberships import NotAKey
from reporting.traces import OUTCOMES, Outcome, Step, Trace, as_data, trace
from tests.ledger import add_event, add_person, make_dimension
from tests.orchestration.engine import draft, email, make_channel, problems, work_off

pytestmark = pytest.mark.django_db
IN_BUSAN = {"kind": "condition", "attribute": "city", "operator": "equal", "value": "Busan"}
ENGLISH = {"kind": "condition", "attribute": "language", "operator": "equal", "value": "en"}


@pytest.fixture
def run() -> CampaignRun:
    """Busan's people, split by language; the English ones get a mail, if they consented."""
    dimension = make_dimension()
    make_channel(provider="file", provider_config={"folder": "tests"})
    for key, language, city in (
        (1, "en", "Busan"),
        (2, "en", "Busan"),
        (3, "ko", "Busan"),
        (4, "en", "Seoul"),
    ):
        add_person(dimension, key, language=language, city=city)
    for key in (1, 3):
        record_consent(
            Statement(
                dimension_id=dimension.pk,
                recipient_key=str(key),
                channel=Channel.EMAIL,
                state="opted_in",
                source="test",
            )
        )
    activities = [
        {"id": "all", "type": "build_audience", "config": {"dimension": "person", "rule": IN_BUSAN}},
        {
            "id": "parts",
            "type": "split",
            "config": {
                "subsets": [{"id": "english", "label": "English", "rule": ENGLISH}],
                "complement": True,
            },
        },
        email(),
        {"id": "end", "type": "end"},
    ]
    campaign = draft("traced", activities, ["all parts", "parts.english mail", "mail.sent end"])
    run = work_off(start_test_run(campaign))
    assert problems(run) == {}
    return run


def way(found: Trace) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {step.activity: (str(step.outcome), step.left_by) for step in found.steps}


def step_of(found: Trace, activity: str) -> Step:
    return next(step for step in found.steps if step.activity == activity)


@pytest.mark.parametrize("key", ["", "x", "1.5", "01", "9" * 40, "1; DROP TABLE person"])
def test_what_is_no_key_is_refused_with_what_one_looks_like(run: CampaignRun, key: str) -> None:
    with pytest.raises(NotAKey, match="of type integer"):
        trace(run, key)


def test_a_person_nobody_knows_was_never_selected(run: CampaignRun) -> None:
    found = trace(run, "99")
    assert (found.known_now, found.entered) == (False, False)
    assert way(found)["all"] == ("not_selected", ())


def test_who_does_not_fit_the_rule_is_told_so_at_the_first_activity(run: CampaignRun) -> None:
    found = trace(run, "4")
    assert (found.known_now, found.entered) == (True, False)
    assert way(found) == {
        "all": ("not_selected", ()),
        "parts": ("never_arrived", ()),
        "mail": ("never_arrived", ()),
        "end": ("never_arrived", ()),
    }


def test_who_takes_another_branch_is_seen_leaving_by_it(run: CampaignRun) -> None:
    found = trace(run, "3")
    assert way(found)["parts"] == ("left", ("complement",))
    assert way(found)["mail"] == ("never_arrived", ())


def test_who_is_excluded_is_told_why(run: CampaignRun) -> None:
    mail = step_of(trace(run, "2"), "mail")
    assert (mail.outcome, mail.left_by, mail.reason) == (Outcome.LEFT, ("excluded",), "no consent")


def test_who_gets_a_message_is_followed_to_the_end(run: CampaignRun) -> None:
    found = trace(run, "1")
    assert found.entered
    assert way(found) == {
        "all": ("selected", ("main",)),
        "parts": ("left", ("english",)),
        "mail": ("left", ("sent",)),
        "end": ("ended", ()),
    }
    assert step_of(found, "mail").arrived_by == (("parts", "english"),)


def test_what_came_back_stands_with_its_verdict(run: CampaignRun) -> None:
    message = Message.objects.get(recipient_key="1")
    add_event(message, EventKind.CLICKED, link_number=1, user_agent="curl/8", ip="203.0.113.7")
    judge_recent()
    (event,) = step_of(trace(run, "1"), "mail").events
    assert (event["kind"], event["link"], event["bot"], event["signals"]) == (
        "clicked",
        "Look",
        True,
        ["agent"],
    )


def test_when_the_tables_are_gone_it_says_so_and_the_ledger_still_answers(run: CampaignRun) -> None:
    for population in Population.objects.filter(owns_table=True).exclude(table_name=""):
        drop_working_table(population.table_name)
    Population.objects.exclude(table_name="").update(dropped_at="2026-01-01T00:00Z")
    found = trace(run, "1")
    assert way(found)["all"] == ("forgotten", ())
    assert step_of(found, "mail").message is not None


def test_a_message_still_to_be_sent_has_left_by_no_port(run: CampaignRun) -> None:
    delivery = Message.objects.first().delivery
    type(delivery).objects.update(kind="live", state="sending")
    mail = step_of(trace(run, "1"), "mail")
    assert (mail.outcome, mail.left_by) == (Outcome.BEING_SENT, ())


def test_who_may_not_see_personal_data_gets_none(run: CampaignRun) -> None:
    message = Message.objects.get(recipient_key="1")
    add_event(message, EventKind.OPENED, ip="203.0.113.7")
    found = trace(run, "1")
    assert "p1@example.com" in repr(as_data(found, personal=True))
    hidden = repr(as_data(found, personal=False))
    assert not any(secret in hidden for secret in ("p1@example.com", "203.0.113.7"))


def test_a_run_that_has_not_begun_says_so(run: CampaignRun) -> None:
    fresh = start_test_run(
        draft("fresh", [{"id": "all", "type": "build_audience", "config": {"dimension": "person"}}], [])
    )
    assert [step.outcome for step in trace(fresh, "1").steps] == [Outcome.NOT_EXECUTED]


def test_a_trace_takes_a_bounded_number_of_queries(
    run: CampaignRun, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(22):
        trace(run, "1")


def test_every_outcome_has_words() -> None:
    assert set(OUTCOMES) == set(Outcome)
