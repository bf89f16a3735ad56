"""Markers over several real runs: nobody is lost and nobody comes twice, whatever becomes of a run."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from psycopg import sql

from campaigns.models import Campaign, TargetingDimension
from orchestration import signals
from orchestration.execution import execute_activity
from orchestration.models import ActivityRun, QueryMarker, QueryReading
from orchestration.runs import pause_run, resume_run, retry_run, start_test_run, stop_run, wake_run
from orchestration.working_tables import orphans
from tests.orchestration.conftest import Committed
from tests.orchestration.engine import work_off
from tests.orchestration.newcomers import (
    WAIT,
    add_newcomers,
    begin,
    launch,
    make_readers,
    marker_value,
    newsletter,
    now,
    returned,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def dimension() -> TargetingDimension:
    made = make_readers()
    add_newcomers(made, 1, 2)
    return made


def states(campaign: Campaign) -> list[str]:
    return list(
        QueryReading.objects.filter(marker__campaign=campaign).order_by("pk").values_list("state", flat=True)
    )


def test_each_run_reads_on_from_the_last_that_completed(dimension: TargetingDimension) -> None:
    campaign = newsletter()
    first = launch(campaign)
    assert (first.state, returned(first), marker_value(campaign)) == ("completed", {1, 2}, first.anchor)
    add_newcomers(dimension, 3)
    add_newcomers(dimension, 4, seen=now() + timedelta(hours=1))
    second = launch(campaign)
    assert (returned(second), marker_value(campaign)) == ({3}, second.anchor)
    assert states(campaign) == ["kept", "kept"]
    assert second.log.filter(event="marker_moved").count() == 1


def test_a_test_run_moves_nothing(dimension: TargetingDimension) -> None:
    campaign = newsletter()
    launch(campaign)
    moved = marker_value(campaign)
    add_newcomers(dimension, 3)
    test = work_off(start_test_run(campaign))
    assert (test.state, marker_value(campaign), states(campaign)) == ("completed", moved, ["kept"])
    assert returned(launch(campaign)) == {3}


def test_the_marker_stands_until_the_run_is_over(dimension: TargetingDimension, committed: Committed) -> None:
    campaign = newsletter(WAIT)
    run = launch(campaign)
    assert (run.state, marker_value(campaign), states(campaign)) == ("running", None, ["open"])
    wake_run(run)
    work_off(run)
    ActivityRun.objects.filter(state="waiting").update(state="pending")
    assert work_off(run).state == "completed"
    assert (marker_value(campaign), states(campaign)) == (run.anchor, ["kept"])


def test_a_run_that_was_stopped_loses_nobody(dimension: TargetingDimension, committed: Committed) -> None:
    campaign = newsletter(WAIT, exclude_returned=True)
    run = launch(campaign)
    committed(lambda: stop_run(run))
    assert (marker_value(campaign), states(campaign)) == (None, ["dropped"])
    assert returned(launch(campaign)) == {1, 2}


def test_a_stop_that_nobody_heard_of_loses_nobody_either(dimension: TargetingDimension) -> None:
    """What follows a commit may be lost with its process."""
    campaign = newsletter(WAIT, look_back=10, exclude_returned=True)
    stop_run(launch(campaign))
    assert states(campaign) == ["open"]
    assert returned(launch(campaign)) == {1, 2}
    assert states(campaign) == ["dropped", "open"]


def test_a_run_that_failed_goes_on_with_what_it_has_read(dimension: TargetingDimension) -> None:
    by_name = {"id": "dedup", "type": "deduplication", "config": {"keys": ["name"], "keep": 2}}
    campaign = newsletter(by_name)
    rename("name", "gone")
    failed = launch(campaign)
    assert (failed.state, returned(failed), marker_value(campaign)) == ("failed", {1, 2}, None)
    rename("gone", "name")
    add_newcomers(dimension, 3)
    retry_run(failed)
    assert work_off(failed).state == "completed"
    assert (marker_value(campaign), returned(launch(campaign))) == (failed.anchor, {3})


def rename(old: str, new: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("ALTER TABLE person RENAME COLUMN {} TO {}").format(
                sql.Identifier(old), sql.Identifier(new)
            )
        )


def test_an_execution_that_dies_in_the_middle_has_read_nothing(dimension: TargetingDimension) -> None:
    campaign = newsletter(exclude_returned=True)
    run = begin(campaign)
    with transaction.atomic():
        execute_activity(run.activity_runs.get().pk)
        assert states(campaign) == ["open"]
        transaction.set_rollback(True)
    assert states(campaign) == []
    assert returned(work_off(run)) == {1, 2}


def test_no_run_reads_while_another_has_read_and_is_not_over(
    dimension: TargetingDimension, committed: Committed
) -> None:
    campaign = newsletter(WAIT)
    first = launch(campaign)
    pause_run(first)
    second = launch(campaign)
    waiting = second.activity_runs.get(activity_id="news")
    assert (waiting.state, waiting.due_at > now()) == ("waiting", True)
    committed(lambda: stop_run(first))
    ActivityRun.objects.filter(pk=waiting.pk).update(state="pending")
    assert returned(work_off(second)) == {1, 2}


def test_whoever_ends_the_run_in_a_transaction_that_fails_has_moved_nothing(
    dimension: TargetingDimension,
) -> None:
    campaign = newsletter()

    def refuse(**_kwargs: Any) -> None:
        raise RuntimeError("after the readings")

    signals.run_ended.connect(refuse, dispatch_uid="refuse")
    try:
        with pytest.raises(RuntimeError), transaction.atomic():
            launch(campaign)
    finally:
        signals.run_ended.disconnect(dispatch_uid="refuse")
    assert marker_value(campaign) is None


def test_what_a_person_says_while_a_run_reads_stands(dimension: TargetingDimension) -> None:
    campaign = newsletter(WAIT)
    run = launch(campaign)
    said = now() - timedelta(days=3)
    QueryMarker.objects.update(value=said, revision=7)
    wake_run(run)
    ActivityRun.objects.filter(state="waiting").update(state="pending")
    assert work_off(run).state == "completed"
    assert (marker_value(campaign), states(campaign)) == (said, ["kept"])
    assert run.log.filter(event="marker_left").exists()


def test_a_run_of_an_earlier_time_never_moves_the_marker_back(dimension: TargetingDimension) -> None:
    campaign = newsletter(when_empty="continue")
    later = launch(campaign)
    earlier = launch(campaign, ahead=-timedelta(hours=1))
    assert (returned(earlier), marker_value(campaign)) == (set(), later.anchor)


def test_a_row_stored_late_comes_with_a_look_back_and_once(dimension: TargetingDimension) -> None:
    campaign = newsletter(look_back=60, when_empty="continue")
    assert returned(launch(campaign)) == {1, 2}
    add_newcomers(dimension, 3, seen=now() - timedelta(minutes=30))
    add_newcomers(dimension, 4, seen=now() - timedelta(minutes=90))
    assert returned(launch(campaign)) == {3}
    assert returned(launch(campaign)) == set()


def test_without_a_look_back_a_row_stored_late_is_never_read(dimension: TargetingDimension) -> None:
    """The known loss of markers made of time, which the setting's help and the documentation name."""
    campaign = newsletter(when_empty="continue")
    launch(campaign)
    add_newcomers(dimension, 3, seen=now() - timedelta(minutes=30))
    assert returned(launch(campaign)) == set()


def test_whom_it_returned_is_kept_in_their_native_type_and_forgotten_in_time(
    dimension: TargetingDimension,
) -> None:
    campaign = newsletter(exclude_returned=True, history_days=2, when_empty="continue")
    launch(campaign)
    marker = QueryMarker.objects.get()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT data_type FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position",
            [marker.returned_table],
        )
        kinds = [row[0] for row in cursor.fetchall()]
    assert kinds == ["integer", "timestamp without time zone", "bigint", "timestamp with time zone"]
    assert orphans(10) == []
    add_newcomers(dimension, 1, 3)
    assert returned(launch(campaign)) == {3}
    add_newcomers(dimension, 1, 2)
    add_newcomers(dimension, 1, 2, seen=now() + timedelta(days=2, minutes=-1))
    assert returned(launch(campaign, ahead=timedelta(days=2))) == {1, 2}
    assert count_remembered(marker) == 3


def count_remembered(marker: QueryMarker) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM work." + connection.ops.quote_name(marker.returned_table))
        return int(cursor.fetchone()[0])


def test_a_pause_changes_nothing(dimension: TargetingDimension) -> None:
    campaign = newsletter(WAIT)
    run = launch(campaign)
    pause_run(run)
    resume_run(run)
    assert states(campaign) == ["open"]
