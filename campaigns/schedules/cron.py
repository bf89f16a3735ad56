"""Cron expressions: five fields read by CronSim, which keeps to the rules of Debian's cron.

Only wall times are asked of it. What happens where clocks change is `wall_clock`'s rule, the same for every
frequency.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from cronsim import CronSim, CronSimError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.schedules.choices import Month, Weekday
from campaigns.settings_fields import RefusedError

LONGEST_EXPRESSION = 200

_ANY_TIME = datetime(2000, 1, 1)  # noqa: DTZ001 - a wall time has no zone
_NUMBERS = {day.name: (day.number + 1) % 7 for day in Weekday} | {month.name: month.number for month in Month}
_STEPPED_SPAN = re.compile(r"(\w+)-(\w+)/\d+", re.ASCII)
_FIELDS = {
    "minute": gettext_lazy("minute, 0–59"),
    "hour": gettext_lazy("hour, 0–23"),
    "day-of-month": gettext_lazy("day of the month, 1–31 or L"),
    "month": gettext_lazy("month, 1–12 or JAN–DEC"),
    "day-of-week": gettext_lazy("day of the week, 0–7 or SUN–SAT"),
}


def read_expression(value: str) -> str:
    """The expression with single blanks and capitals; raises RefusedError for one that is unreadable or never
    met.
    """
    fields = value[: LONGEST_EXPRESSION + 1].upper().split()
    if len(value) > LONGEST_EXPRESSION or len(fields) != len(_FIELDS):
        raise RefusedError("cron_fields", _("A cron expression has five fields."), _remedy())
    refused = _refused_field(fields)
    if refused and not _is_impossible_day(refused, fields):
        raise RefusedError(
            "cron_field", _("The field “%(field)s” cannot be read.") % {"field": _FIELDS[refused]}, _remedy()
        )
    expression = " ".join(map(_without_idle_steps, fields))
    if refused or next(cron_times(expression, _ANY_TIME), None) is None:
        raise RefusedError("never_launches", _("No day of the calendar meets this expression."), _remedy())
    return expression


def _refused_field(fields: list[str]) -> str:
    """The name of the first field that CronSim refuses, or nothing."""
    try:
        CronSim(" ".join(fields), _ANY_TIME)
    except CronSimError as error:
        return str(error).removeprefix("Bad ")
    return ""


def _is_impossible_day(refused: str, fields: list[str]) -> bool:
    """Whether the day is refused only because no chosen month has it; CronSim tells 30 February like a bad
    number.
    """
    minute, hour, day, _month, weekday = fields
    return refused == "day-of-month" and not _refused_field([minute, hour, day, "*", weekday])


def cron_times(expression: str, since: datetime) -> Iterator[datetime]:
    """Wall times from `since` on. Ends when the expression is not met for fifty years."""
    yield from CronSim(expression, since - timedelta(seconds=1))


def _without_idle_steps(field: str) -> str:
    """A span of one value loses its step: CronSim takes 3-3/2 for 3/2, every second value from 3 on."""
    return ",".join(_without_idle_step(term) for term in field.split(","))


def _without_idle_step(term: str) -> str:
    span = _STEPPED_SPAN.fullmatch(term)
    return span[1] if span and _number(span[1]) == _number(span[2]) else term


def _number(word: str) -> int:
    return _NUMBERS[word] if word in _NUMBERS else int(word)


def _remedy() -> str:
    return _("Write minute, hour, day of the month, month and day of the week, for example “30 9 * * 1-5”.")
