from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.problems import ProblemsError
from campaigns.schedules.reading import read_schedule, schedule_json_schema, write_schedule
from tests.campaigns.schedules import documents

AT = {"at": "09:00"}
hostile = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["09:00", "mon", "jan"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
keys = st.sampled_from(
    [
        "at",
        "times",
        "weekdays",
        "interval",
        "unit",
        "window",
        "starting",
        "months",
        "on",
        "expression",
        "parameters",
        "validity",
        "overlap",
    ]
)
frequencies = st.sampled_from(
    [
        "as_soon_as_possible",
        "once",
        "several_times_a_day",
        "every",
        "daily",
        "weekly",
        "monthly",
        "cron",
        "signal",
    ]
)


def places(data: object) -> list[tuple[str, str]]:
    with pytest.raises(ProblemsError) as caught:
        read_schedule(data)
    assert all(problem.message and problem.remedy for problem in caught.value.problems)
    return [(problem.code.removeprefix("schedule."), problem.path) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (None, ("not_an_object", "")),
        ([], ("not_an_object", "")),
        (AT, ("missing", "/frequency")),
        ({"frequency": "hourly"}, ("not_a_choice", "/frequency")),
        ({"frequency": ["daily"]}, ("not_a_choice", "/frequency")),
        ({"frequency": "daily"}, ("missing", "/at")),
        ({"frequency": "daily", "at": 540}, ("time_of_day", "/at")),
        ({"frequency": "daily", **AT, "hour": 9}, ("unknown_option", "/hour")),
        ({"frequency": "daily", **AT, "a/b~": 9}, ("unknown_option", "/a~1b~0")),
        ({"frequency": "daily", **AT, "weekdays": "mon"}, ("not_a_list", "/weekdays")),
        ({"frequency": "daily", **AT, "weekdays": ["mon", "xxx"]}, ("not_a_choice", "/weekdays/1")),
        ({"frequency": "daily", **AT, "weekdays": ["mon", "mon"]}, ("repeated", "/weekdays/1")),
        ({"frequency": "daily", **AT, "overlap": "parallel"}, ("not_a_choice", "/overlap")),
        ({"frequency": "daily", **AT, "max_lateness": 6}, ("duration", "/max_lateness")),
        ({"frequency": "daily", **AT, "validity": {}}, ("empty_validity", "/validity")),
        (
            {"frequency": "daily", **AT, "validity": {"opens": "2026-01-01T00:00"}},
            ("unknown_option", "/validity/opens"),
        ),
        (
            {
                "frequency": "daily",
                **AT,
                "validity": {"from": "2026-01-02T00:00", "until": "2026-01-01T00:00"},
            },
            ("empty_validity", "/validity/until"),
        ),
        ({"frequency": "once", "at": "2026-02-30T09:00"}, ("date", "/at")),
        ({"frequency": "several_times_a_day", "times": []}, ("empty_list", "/times")),
        ({"frequency": "several_times_a_day", "times": ["09:00", "9"]}, ("time_of_day", "/times/1")),
        ({"frequency": "every", "interval": 0, "unit": "hours"}, ("out_of_range", "/interval")),
        ({"frequency": "every", "interval": 25, "unit": "hours"}, ("interval_too_long", "/interval")),
        ({"frequency": "every", "interval": 9999, "unit": "minutes"}, ("out_of_range", "/interval")),
        ({"frequency": "every", "interval": True, "unit": "hours"}, ("whole_number", "/interval")),
        ({"frequency": "every", "interval": "2", "unit": "hours"}, ("whole_number", "/interval")),
        (
            {
                "frequency": "every",
                "interval": 2,
                "unit": "hours",
                "window": {"from": "09:00", "until": "09:00"},
            },
            ("empty_window", "/window/until"),
        ),
        ({"frequency": "weekly", **AT, "weekdays": []}, ("empty_list", "/weekdays")),
        (
            {"frequency": "weekly", **AT, "weekdays": ["mon"], "interval": 2},
            ("starting_missing", "/starting"),
        ),
        ({"frequency": "monthly", **AT}, ("missing", "/on")),
        ({"frequency": "monthly", **AT, "on": 3}, ("not_an_object", "/on")),
        ({"frequency": "monthly", **AT, "on": {"by": "moon"}}, ("not_a_choice", "/on/by")),
        ({"frequency": "monthly", **AT, "on": {"days": [1]}}, ("missing", "/on/by")),
        ({"frequency": "monthly", **AT, "on": {"by": "weekday", "nth": "last"}}, ("missing", "/on/weekday")),
        (
            {"frequency": "monthly", **AT, "on": {"by": "day_number", "days": [1, 32]}},
            ("out_of_range", "/on/days/1"),
        ),
        (
            {"frequency": "monthly", **AT, "months": ["feb"], "on": {"by": "day_number", "days": [30]}},
            ("never_launches", "/on/days"),
        ),
        ({"frequency": "cron", "expression": "* * *"}, ("cron_fields", "/expression")),
        ({"frequency": "cron", "expression": 7}, ("not_a_text", "/expression")),
        ({"frequency": "cron", "expression": "0 0 30 2 *"}, ("never_launches", "/expression")),
        (
            {"frequency": "signal", "parameters": [{"name": "A b", "type": "text"}]},
            ("name", "/parameters/0/name"),
        ),
        (
            {"frequency": "signal", "parameters": [{"name": "a", "type": "text", "required": "yes"}]},
            ("not_a_boolean", "/parameters/0/required"),
        ),
        (
            {
                "frequency": "signal",
                "parameters": [{"name": "a", "type": "text"}, {"name": "a", "type": "date"}],
            },
            ("repeated", "/parameters/1/name"),
        ),
    ],
)
def test_a_refusal_names_its_place(data: object, place: tuple[str, str]) -> None:
    assert places(data) == [place]


def test_all_refusals_are_told_at_once() -> None:
    data = {"frequency": "weekly", "weekdays": ["xxx"], "at": "25:00", "colour": "red"}
    assert {place for _, place in places(data)} == {"/weekdays/0", "/at", "/colour"}


def test_the_remedy_lists_the_choices_without_pydantics_words() -> None:
    with pytest.raises(ProblemsError) as caught:
        read_schedule({"frequency": "daily", **AT, "overlap": "parallel"})
    assert caught.value.problems[0].remedy == "Choose one of: skip, queue_one."


@given(frequencies, st.dictionaries(keys, hostile, max_size=4))
@settings(max_examples=500, deadline=None)
def test_hostile_data_is_read_or_refused_and_nothing_else(frequency: str, data: dict[str, Any]) -> None:
    try:
        schedule = read_schedule({"frequency": frequency, **data})
    except ProblemsError:
        return
    assert read_schedule(write_schedule(schedule)) == schedule


@pytest.mark.parametrize("data", [{}, {"frequency": "as_soon_as_possible"}])
def test_nothing_said_is_as_soon_as_possible_and_is_written_as_nothing(data: dict[str, Any]) -> None:
    assert write_schedule(read_schedule(data)) == {}


def test_defaults_are_left_out_and_lists_are_put_in_order() -> None:
    data = {
        "frequency": "weekly",
        "interval": 1,
        "weekdays": ["fri", "mon"],
        "at": "09:00",
        "overlap": "skip",
        "max_lateness": "PT360M",
        "validity": {"from": "2026-01-01 00:00", "until": None},
    }
    written = {
        "frequency": "weekly",
        "weekdays": ["mon", "fri"],
        "at": "09:00",
        "validity": {"from": "2026-01-01T00:00"},
    }
    assert write_schedule(read_schedule(data)) == written


@given(documents.planned())
@settings(max_examples=200, deadline=None)
def test_what_is_written_reads_back_as_the_same(data: dict[str, Any]) -> None:
    schedule = read_schedule(data)
    written = json.loads(json.dumps(write_schedule(schedule)))
    assert read_schedule(written) == schedule
    assert write_schedule(read_schedule(written)) == written


def test_the_schema_says_what_a_form_shows() -> None:
    schema = schedule_json_schema()
    daily = schema["$defs"]["Daily"]
    assert (daily["title"], daily["properties"]["at"]["title"]) == ("Daily", "Start time")
    assert {"const": "mon", "title": "Monday"} in schema["$defs"]["Weekday"]["oneOf"]
    assert "description" not in daily
    json.dumps(schema)


def test_the_schema_is_made_in_the_readers_language() -> None:
    with translation.override("ko"):
        assert schedule_json_schema()["$defs"]["Weekday"]["oneOf"][0]["title"] == "월요일"


def test_the_schema_has_a_model_for_each_frequency() -> None:
    assert len(schedule_json_schema()["discriminator"]["mapping"]) == 9
