"""One reading at a time; several runs, their markers and what people do to them are in `test_readings`."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from orchestration.models import QueryMarker, QueryReading
from tests.oracle_activities.incremental_query import Reader
from tests.oracle_activities.lookup import Rows
from tests.orchestration.activities.readers import runs_of
from tests.orchestration.playground import NOW, codes, play, signal

SEEN = {"dimension": "person", "dated": "seen"}
JOINED = {"dimension": "person", "dated": "joined"}
YESTERDAY = NOW - timedelta(days=1)


@pytest.mark.parametrize(
    "config",
    [
        {"dimension": "person"},
        {**SEEN, "look_back": -1},
        {**SEEN, "look_back": 10081},
        {**SEEN, "history_days": "7"},
        {**SEEN, "start": "tomorrow"},
        {**SEEN, "x": 1},
    ],
)
def test_misshapen_settings_are_refused(config: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        codes("incremental_query", config)


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ({"dimension": "persn", "dated": "seen"}, ("dimension.unknown", "/dimension")),
        ({**SEEN, "dated": "sean"}, ("rule.unknown_attribute", "/dated")),
        ({**SEEN, "dated": "@seen"}, ("rule.unknown_attribute", "/dated")),
        ({**SEEN, "dated": "age"}, ("attribute.wrong_type", "/dated")),
        ({**SEEN, "dated": "purchases.at"}, ("rule.collection", "/dated")),
    ],
)
def test_lint_names_what_is_wrong_and_where(config: dict[str, object], found: tuple[str, str]) -> None:
    assert codes("incremental_query", config) == {found}


def test_nobody_found_stops_the_branch_unless_asked_otherwise(small_shop: Rows) -> None:
    config = {**SEEN, "start": "2018-01-02T00:00"}
    assert play("incremental_query", config).ports == {"main": None}
    assert play("incremental_query", {**config, "when_empty": "continue"}).ports == {"main": {}}


def test_the_first_reading_returns_everybody_with_a_date_that_is_not_to_come(shop: Rows) -> None:
    played = play("incremental_query", {**SEEN, "complement": True}, signal("before"), anchor=YESTERDAY)
    dated = {row["person_id"] for row in shop["person"] if row["seen"] and row["seen"] <= YESTERDAY}
    assert played.keys() == dated
    assert played.keys("complement") == {row["person_id"] for row in shop["person"]} - dated
    before = play("incremental_query", SEEN, anchor=YESTERDAY - timedelta(microseconds=1))
    assert before.keys() == {
        row["person_id"] for row in shop["person"] if row["seen"] == NOW - timedelta(days=200)
    }


def test_a_first_reading_may_begin_at_a_date(shop: Rows) -> None:
    played = play("incremental_query", {**SEEN, "start": "2017-12-31T12:00"})
    assert played.keys() == {row["person_id"] for row in shop["person"] if row["seen"] == YESTERDAY}
    later = play("incremental_query", {**SEEN, "start": "2017-12-31T12:01"})
    assert later.ports == {"main": None}


@pytest.mark.parametrize(
    ("anchor", "zone", "is_over"),
    [
        (datetime(2017, 6, 30, 23, 59, tzinfo=UTC), "UTC", False),
        (datetime(2017, 7, 1, tzinfo=UTC), "UTC", True),
        (datetime(2017, 6, 30, 15, tzinfo=UTC), "Asia/Seoul", True),
        (datetime(2017, 7, 1, 3, tzinfo=UTC), "America/New_York", False),
    ],
)
def test_a_day_is_read_once_it_is_over(shop: Rows, anchor: datetime, zone: str, is_over: bool) -> None:
    config = {**JOINED, "start": "2017-06-30T00:00", "when_empty": "continue"}
    played = play("incremental_query", config, anchor=anchor, zone=ZoneInfo(zone))
    that_day = {row["person_id"] for row in shop["person"] if row["joined"] == date(2017, 6, 30)}
    assert played.keys() == (that_day if is_over else set())


def test_a_date_may_be_that_of_a_linked_row(shop: Rows) -> None:
    config = {"dimension": "contract", "dated": "person.seen", "start": "2017-12-31T00:00"}
    seen = {row["person_id"] for row in shop["person"] if row["seen"] == YESTERDAY}
    expected = {row["contract_no"] for row in shop["contract"] if row["person_id"] in seen}
    assert play("incremental_query", config).keys() == expected


def test_a_test_reads_from_the_marker_and_leaves_no_trace(shop: Rows) -> None:
    play("incremental_query", {**SEEN, "look_back": 5, "exclude_returned": True}, is_test=True)
    assert not QueryMarker.objects.exists()
    assert not QueryReading.objects.exists()


SETTINGS = [
    {},
    {"look_back": 90},
    {"exclude_returned": True},
    {"exclude_returned": True, "history_days": 2},
    {"exclude_returned": True, "history_days": 1, "look_back": 2000},
]


@pytest.mark.parametrize("options", SETTINGS)
@pytest.mark.parametrize("dated", ["seen", "joined"])
def test_the_reference_reads_the_same_run_after_run(shop: Rows, options: dict[str, int], dated: str) -> None:
    """Twelve runs half a day apart, some stopped; dates move on between them, and some rows come late."""
    reader = Reader(ZoneInfo("Asia/Seoul"), **options)  # type: ignore[arg-type]
    for expected, found in runs_of(shop["person"], dated, options, reader):
        assert found == expected
