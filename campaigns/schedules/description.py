"""A schedule as a sentence, in the reader's language and formats."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import singledispatch
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.schedules.choices import Month, Unit, Weekday
from campaigns.schedules.definition import (
    AsSoonAsPossible,
    Cron,
    Daily,
    DayNumber,
    Every,
    LastDay,
    Monthly,
    NthWeekday,
    Once,
    Schedule,
    SeveralTimesADay,
    Validity,
    Weekly,
    Window,
    has_planned_times,
)

_WORKING_DAYS = tuple(Weekday)[:5]


def describe(schedule: Schedule, zone: ZoneInfo) -> str:
    """One sentence, for example “Every Monday at 9 a.m. (America/Chicago)”."""
    words = {"rule": _rule(schedule), "zone": zone.key, "validity": _validity(schedule.validity)}
    if not has_planned_times(schedule) and not schedule.validity:
        return str(words["rule"])
    return _("%(rule)s%(validity)s (%(zone)s)") % words


@singledispatch
def _rule(schedule: Schedule) -> str:
    return _("When a signal arrives")


@_rule.register
def _as_soon_as_possible(schedule: AsSoonAsPossible) -> str:
    return _("As soon as it is published")


@_rule.register
def _once(schedule: Once) -> str:
    return _("Once, on %(time)s") % {"time": _moment(schedule.at)}


@_rule.register
def _several_times_a_day(schedule: SeveralTimesADay) -> str:
    times = _listed(time_format(at) for at in schedule.times)
    return _("%(days)s at %(times)s") % {"days": _days(schedule.weekdays), "times": times}


@_rule.register
def _every(schedule: Every) -> str:
    words = {"days": _days(schedule.weekdays), "n": schedule.interval, "window": _window(schedule.window)}
    if schedule.unit is Unit.HOURS:
        sentence = ngettext(
            "%(days)s, every hour%(window)s", "%(days)s, every %(n)s hours%(window)s", schedule.interval
        )
    else:
        sentence = ngettext(
            "%(days)s, every minute%(window)s", "%(days)s, every %(n)s minutes%(window)s", schedule.interval
        )
    return sentence % words


@_rule.register
def _daily(schedule: Daily) -> str:
    return _("%(days)s at %(time)s") % {"days": _days(schedule.weekdays), "time": time_format(schedule.at)}


@_rule.register
def _weekly(schedule: Weekly) -> str:
    words = {"n": schedule.interval, "days": _labels(schedule.weekdays), "time": time_format(schedule.at)}
    sentence = ngettext(
        "Every week on %(days)s at %(time)s", "Every %(n)s weeks on %(days)s at %(time)s", schedule.interval
    )
    if schedule.starting is None:
        return sentence % words
    return _("%(rule)s, starting from %(date)s") % {
        "rule": sentence % words,
        "date": date_format(schedule.starting),
    }


@_rule.register
def _monthly(schedule: Monthly) -> str:
    return _("On %(day)s of %(months)s at %(time)s") % {
        "day": _month_day(schedule.on),
        "months": _labels(schedule.months) or _("each month"),
        "time": time_format(schedule.at),
    }


@_rule.register
def _cron(schedule: Cron) -> str:
    return _("By the cron expression “%(expression)s”") % {"expression": schedule.expression}


@singledispatch
def _month_day(on: object) -> str:
    raise TypeError(type(on))


@_month_day.register
def _by_number(on: DayNumber) -> str:
    sentence = ngettext("day %(days)s", "days %(days)s", len(on.days))
    return sentence % {"days": _listed(str(day) for day in on.days)}


@_month_day.register
def _last_day(on: LastDay) -> str:
    return _("the last day")


@_month_day.register
def _by_weekday(on: NthWeekday) -> str:
    return _("the %(nth)s %(weekday)s") % {"nth": on.nth.label, "weekday": on.weekday.label}


def _days(weekdays: tuple[Weekday, ...]) -> str:
    if not weekdays or len(weekdays) == len(Weekday):
        return _("Every day")
    if weekdays == _WORKING_DAYS:
        return _("Monday to Friday")
    return _("Every %(days)s") % {"days": _labels(weekdays)}


def _labels(choices: Iterable[Weekday | Month]) -> str:
    return _listed(str(choice.label) for choice in choices)


def _listed(words: Iterable[str]) -> str:
    return str(get_text_list(list(words), _("and")))


def _window(window: Window | None) -> str:
    if window is None:
        return ""
    return _(" from %(from)s until %(until)s") % {
        "from": time_format(window.opens),
        "until": time_format(window.closes),
    }


def _moment(local: datetime) -> str:
    """A time on the clock of the campaign's zone, which the sentence names."""
    return _("%(date)s, %(time)s") % {"date": date_format(local), "time": time_format(local.time())}


def _validity(validity: Validity | None) -> str:
    if validity is None:
        return ""
    begins = _moment(validity.opens) if validity.opens else ""
    ends = _moment(validity.closes) if validity.closes else ""
    words = {"from": begins, "until": ends}
    if begins and ends:
        return _(", valid from %(from)s until %(until)s") % words
    return (_(", valid from %(from)s") if begins else _(", valid until %(until)s")) % words
