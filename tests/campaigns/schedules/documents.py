"""Generated schedules, as the data of documents."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

times = st.times().map(lambda at: at.strftime("%H:%M")) | st.sampled_from(
    ["00:00", "01:30", "02:00", "02:30", "23:59"]
)
days = st.dates(date(2015, 1, 1), date(2040, 12, 31)).map(date.isoformat)
local_times = st.builds(lambda day, at: f"{day}T{at}", days, times)
weekdays = st.lists(st.sampled_from(WEEKDAYS), unique=True, max_size=7)
some_weekdays = st.lists(st.sampled_from(WEEKDAYS), unique=True, min_size=1)
zone_keys = st.sampled_from(
    [
        "UTC",
        "Europe/Paris",
        "Europe/Dublin",
        "America/New_York",
        "America/St_Johns",
        "America/Santiago",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Antarctica/Troll",
        "Asia/Kathmandu",
        "Asia/Seoul",
        "Pacific/Apia",
        "Pacific/Chatham",
    ]
)
instants = st.datetimes(datetime(2010, 1, 1), datetime(2045, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@st.composite
def validities(draw: st.DrawFn) -> dict[str, str]:
    opens, closes = sorted(draw(st.lists(local_times, min_size=2, max_size=2)))
    return draw(st.sampled_from([{"from": opens}, {"until": closes}, {"from": opens, "until": closes}]))


@st.composite
def windows(draw: st.DrawFn) -> dict[str, str]:
    opens, closes = draw(st.lists(times, min_size=2, max_size=2, unique=True))
    return {"from": opens, "until": closes}


def crons() -> st.SearchStrategy[str]:
    def field(low: int, high: int) -> st.SearchStrategy[str]:
        number = st.integers(low, high)
        span = st.tuples(number, number).map(lambda ends: "{}-{}".format(*sorted(ends)))
        step = st.tuples(st.just("*") | span, st.integers(1, 9)).map(lambda pair: "{}/{}".format(*pair))
        return (
            st.just("*")
            | number.map(str)
            | span
            | step
            | st.lists(number, min_size=2, max_size=3).map(lambda numbers: ",".join(map(str, numbers)))
        )

    # Day numbers end at 28: an expression that no month meets is refused.
    fields = (field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 7))
    return st.tuples(*fields).map(" ".join)


MONTH_DAYS = (
    st.fixed_dictionaries(
        {
            "by": st.just("day_number"),
            "days": st.lists(st.integers(1, 28), unique=True, min_size=1, max_size=4),
        }
    )
    | st.just({"by": "day_number", "days": [29, 30, 31]})
    | st.just({"by": "last_day"})
    | st.fixed_dictionaries(
        {
            "by": st.just("weekday"),
            "nth": st.sampled_from(["first", "second", "third", "fourth", "fifth", "last"]),
            "weekday": st.sampled_from(WEEKDAYS),
        }
    )
)
RULES: tuple[st.SearchStrategy[dict[str, Any]], ...] = (
    st.fixed_dictionaries({"frequency": st.just("once"), "at": local_times}),
    st.fixed_dictionaries(
        {
            "frequency": st.just("several_times_a_day"),
            "times": st.lists(times, unique=True, min_size=1, max_size=6),
            "weekdays": weekdays,
        }
    ),
    st.fixed_dictionaries(
        {
            "frequency": st.just("every"),
            "interval": st.integers(1, 24),
            "unit": st.sampled_from(["minutes", "hours"]),
            "weekdays": weekdays,
        },
        optional={"window": windows()},
    ),
    st.fixed_dictionaries({"frequency": st.just("daily"), "at": times, "weekdays": weekdays}),
    st.fixed_dictionaries(
        {
            "frequency": st.just("weekly"),
            "interval": st.integers(1, 6),
            "starting": days,
            "weekdays": some_weekdays,
            "at": times,
        }
    ),
    st.fixed_dictionaries(
        {
            "frequency": st.just("monthly"),
            "months": st.lists(st.sampled_from(MONTHS), unique=True).filter(lambda months: months != ["feb"]),
            "on": MONTH_DAYS,
            "at": times,
        }
    ),
    st.fixed_dictionaries({"frequency": st.just("cron"), "expression": crons()}),
)


@st.composite
def planned(draw: st.DrawFn) -> dict[str, Any]:
    """A schedule whose launches a calendar decides, half of them with a validity."""
    document = dict(draw(st.one_of(*RULES)))
    if draw(st.booleans()):
        document["validity"] = draw(validities())
    return document
