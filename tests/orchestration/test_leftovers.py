from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from sqlglot import exp

from campaigns.lifecycle import delete_draft
from campaigns.models import AuditEntry, Campaign
from campaigns.problems import ProblemsError
from orchestration.exceptions import Refused
from orchestration.execution import execute_activity
from orchestration.leftovers import drop_tables, leftovers_of, remove_test_runs
from orchestration.models import ActivityRun, CampaignRun, Delivery, Message
from orchestration.runs import advance_run, start_test_run, stop_run
from orchestration.work_locks import hold_lock
from orchestration.working_tables import create_working_table
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import draft, email, make_channel, work_off

pytestmark = pytest.mark.django_db
EVERYBODY = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}


def working_tables() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'work'")
        return int(cursor.fetchone()[0])


@pytest.fixture
def tested() -> Campaign:
    """A draft that was tested once, on three people."""
    dimension = make_dimension()
    for key in range(3):
        add_person(dimension, key)
    make_channel()
    made = draft("tested", [EVERYBODY, email()], ["all mail"])
    work_off(start_test_run(made))
    return made


def test_a_live_run_is_not_removed(tested: Campaign) -> None:
    CampaignRun.objects.update(kind="live", version=_version(tested))
    assert remove_test_runs(tested.runs.all()).test_runs == 0
    assert tested.runs.count() == 1


def _version(campaign: Campaign) -> Any:
    return campaign.versions.create(number=1, definition="{}", hash="h")


def test_the_test_runs_of_another_campaign_stay(tested: Campaign) -> None:
    work_off(start_test_run(draft("other", [EVERYBODY, email()], ["all mail"])))
    before = working_tables()
    remove_test_runs(tested.runs.all())
    assert CampaignRun.objects.get().campaign.slug == "other"
    assert 0 < Message.objects.count() == 3 < before + 3


def test_what_tests_left_is_told_in_numbers(tested: Campaign) -> None:
    work_off(start_test_run(tested))
    found = leftovers_of(tested.runs.all())
    assert (found.test_runs, found.messages, found.tables) == (2, 6, working_tables())
    assert list(found.sentences()) == [
        f"2 test runs go with it: 6 messages in their ledgers, working tables: {found.tables}."
    ]


def test_nothing_is_told_where_nothing_was_tested() -> None:
    assert list(leftovers_of(CampaignRun.objects.none()).sentences()) == []


def test_test_runs_go_with_ledgers_and_tables(
    tested: Campaign, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        found = remove_test_runs(tested.runs.all())
    left = (CampaignRun, ActivityRun, Delivery, Message)
    assert [model.objects.count() for model in left] == [0, 0, 0, 0]
    assert (found.messages, working_tables()) == (3, 0)


def test_tables_are_dropped_in_bounded_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.leftovers.TABLES_AT_ONCE", 2)
    names = ["one", "two", "three"]
    for name in names:
        create_working_table(name, exp.select("1 AS key"))
    drop_tables(names)
    assert working_tables() == 0


def test_an_open_test_run_goes_too(tested: Campaign) -> None:
    start_test_run(tested)
    assert remove_test_runs(tested.runs.all()).test_runs == 2


def test_what_was_queued_of_a_removed_run_does_nothing(tested: Campaign) -> None:
    run = start_test_run(tested)
    pending = run.activity_runs.get()
    remove_test_runs(tested.runs.all())
    assert execute_activity(pending.pk) is False
    advance_run(run.pk)
    assert not ActivityRun.objects.exists()


def test_a_draft_is_deleted_with_its_tests_and_the_audit_log_tells(tested: Campaign) -> None:
    stop_run(start_test_run(tested))
    delete_draft(tested)
    assert not Campaign.objects.exists()
    detail = AuditEntry.objects.get(action="campaign.delete").detail
    assert (detail["test_runs"], detail["messages"]) == (2, 3)


def test_a_draft_that_ran_live_keeps_its_tests(tested: Campaign) -> None:
    _version(tested)
    with pytest.raises(ProblemsError, match="kept"), transaction.atomic():
        delete_draft(tested)
    assert (tested.runs.count(), Message.objects.count()) == (1, 3)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_removed_while_a_worker_has_it_in_hand(tested: Campaign) -> None:
    activity_run = ActivityRun.objects.first()
    assert activity_run is not None
    works, may_end = threading.Event(), threading.Event()

    def work() -> None:
        with transaction.atomic():
            hold_lock(activity_run.pk)
            works.set()
            may_end.wait(20)
        connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        assert works.wait(20)
        with pytest.raises(ProblemsError, match="A worker has a test run in hand"):
            delete_draft(tested)
        with pytest.raises(Refused):
            remove_test_runs(tested.runs.all())
    finally:
        may_end.set()
        worker.join()
    assert (Campaign.objects.count(), Message.objects.count()) == (1, 3)
    delete_draft(tested)
    assert working_tables() == 0
