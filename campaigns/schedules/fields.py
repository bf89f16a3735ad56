"""The types of a schedule's fields: how each is written in a document, read back, and drawn in a form.

What a field refuses it refuses with `RefusedError`, whose text is translated and carries its remedy;
`reading` turns it into a problem. Which fields a schedule has is `definition`'s to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from operator import attrgetter
from typing import Annotated, Any, TypeVar

from django.utils.translation import gettext as _
from pydantic import (
    AfterValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
)

from campaigns.schedules.choices import Month, Weekday
from campaigns.settings_fields import RefusedError

T = TypeVar("T")

FIRST_YEAR, LAST_YEAR = 1970, 2199
SHORTEST_LATENESS, LONGEST_LATENESS = timedelta(minutes=1), timedelta(days=30)

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::00)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DATE_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ]([01]\d|2[0-3]):([0-5]\d)(?::00)?", re.ASCII)
_DURATION = re.compile(r"P(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?)?", re.ASCII)


def _read_time(value: object) -> time:
    if isinstance(value, time) and not value.tzinfo:
        value = value.isoformat()
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise RefusedError(
            "time_of_day",
            _("This is not a time of day."),
            _("Write hours and minutes as “HH:MM”, in quotes in a YAML file, for example “09:30”."),
        )
    return time(int(found[1]), int(found[2]))


def _read_date_time(value: object) -> datetime:
    if isinstance(value, datetime) and not value.tzinfo:
        value = value.isoformat()
    found = _DATE_TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise RefusedError(
            "date_time",
            _("This is not a date and time."),
            _("Write it as “YYYY-MM-DDTHH:MM”, without an offset: the time zone is the campaign's."),
        )
    return datetime.combine(_read_date(found[1]), time(int(found[2]), int(found[3])))


def _read_date(value: object) -> date:
    read = _date_or_none(value)
    if read is None or not FIRST_YEAR <= read.year <= LAST_YEAR:
        raise RefusedError(
            "date",
            _("This is not a date from %(first)s to %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR},
            _("Write a day of the calendar as “YYYY-MM-DD”."),
        )
    return read


def _date_or_none(value: object) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _read_lateness(value: object) -> timedelta:
    read = value if isinstance(value, timedelta) else _duration(value)
    if read is None or not SHORTEST_LATENESS <= read <= LONGEST_LATENESS or read % SHORTEST_LATENESS:
        raise RefusedError(
            "duration",
            _("This is not a duration from one minute to 30 days."),
            _("Write it in days, hours and minutes, as “PT6H”, “PT90M” or “P1DT12H”."),
        )
    return read


def _duration(value: object) -> timedelta | None:
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def _write_duration(value: timedelta) -> str:
    hours, minutes = divmod(value.seconds // 60, 60)
    clock = f"{hours}H" * bool(hours) + f"{minutes}M" * bool(minutes)
    return "P" + f"{value.days}D" * bool(value.days) + f"T{clock}" * bool(clock)


def filled(values: tuple[T, ...]) -> tuple[T, ...]:
    """Refuses an empty list. Pydantic's own check would call a list empty whose only entry it has refused."""
    if not values:
        raise RefusedError("empty_list", _("The list is empty."), _("Choose at least one."))
    return values


def itself(value: Any) -> Any:
    return value


def in_order(key: Callable[[T], Any]) -> Callable[[tuple[T, ...]], tuple[T, ...]]:
    """A validator that sorts, to write equal schedules alike, and refuses what stands there twice."""

    def ordered(values: tuple[T, ...]) -> tuple[T, ...]:
        for number, value in enumerate(values):
            if value in values[:number]:
                raise RefusedError(
                    "repeated", _("This stands in the list twice."), _("Remove one of the two."), f"/{number}"
                )
        return tuple(sorted(values, key=key))

    return ordered


AT_LEAST_ONE = Field(json_schema_extra={"minItems": 1})
TimeOfDay = Annotated[
    time,
    PlainValidator(_read_time),
    PlainSerializer(lambda value: value.strftime("%H:%M"), return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "widget": "time"}),
]
LocalDateTime = Annotated[
    datetime,
    PlainValidator(_read_date_time),
    PlainSerializer(lambda value: value.strftime("%Y-%m-%dT%H:%M"), return_type=str, when_used="json"),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]$",
            "widget": "date_time",
        }
    ),
]
LocalDate = Annotated[
    date,
    PlainValidator(_read_date),
    PlainSerializer(date.isoformat, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date"}),
]
Lateness = Annotated[
    timedelta,
    PlainValidator(_read_lateness),
    PlainSerializer(_write_duration, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "duration"}),
]
Weekdays = Annotated[tuple[Weekday, ...], AfterValidator(in_order(attrgetter("number")))]
Months = Annotated[tuple[Month, ...], AfterValidator(in_order(attrgetter("number")))]
SomeWeekdays = Annotated[Weekdays, AfterValidator(filled), AT_LEAST_ONE]
Times = Annotated[
    tuple[TimeOfDay, ...],
    Field(max_length=288),
    AfterValidator(in_order(itself)),
    AfterValidator(filled),
    AT_LEAST_ONE,
]
