"""Wait: go on later, with the same people."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from campaigns.activity_types import MAIN, Category, Law, Settings, register
from campaigns.schedules.fields import LocalDateTime, SomeWeekdays, TimeOfDay
from campaigns.schedules.wall_clock import first_instant, wall_time
from campaigns.settings_fields import Shown
from orchestration.compilation import CompileContext, ExecutableType, References, WaitUntil, passed_on

MOST_DAYS = 366
_DAY_SECONDS = 24 * 60 * 60


class Duration(Settings):
    """For a length of time from the moment the people arrive."""

    kind: Annotated[Literal["duration"], Shown(_("Duration"))]
    amount: Annotated[int, Field(strict=True, ge=1, le=MOST_DAYS * _DAY_SECONDS), Shown(_("Amount"))]
    unit: Annotated[Literal["seconds", "minutes", "hours", "days"], Shown(_("Unit"))] = "days"


class FixedTime(Settings):
    """Until a date and time of the campaign's zone; past it, no wait."""

    kind: Annotated[Literal["date_time"], Shown(_("Fixed time"))]
    at: Annotated[LocalDateTime, Shown(_("Date and time"))]


class NextWeekday(Settings):
    """Until the next of some weekdays, at a time of the campaign's zone."""

    kind: Annotated[Literal["weekday"], Shown(_("Weekday and time"))]
    weekdays: Annotated[SomeWeekdays, Shown(_("Weekdays"))]
    at: Annotated[TimeOfDay, Shown(_("Time of day"))]


Until = Annotated[Duration | FixedTime | NextWeekday, Field(discriminator="kind")]


@register
class Wait(ExecutableType):
    """Holds its branch until a moment; other branches go on. A test run passes at once unless asked to wait."""

    name = "wait"
    label = _("Wait")
    description = _("Go on later, with the same people.")
    category = Category.FLOW
    law = Law.COPY
    icon = "hourglass_empty"

    class Config(Settings):
        until: Annotated[Until, Shown(_("Wait"))]

    @classmethod
    def execute(cls, context: CompileContext) -> References | WaitUntil:
        due_at = _due_at(context)
        if _passes(context) or due_at <= context.now:
            return References({MAIN: passed_on(context)})
        return WaitUntil(due_at)


def _passes(context: CompileContext) -> bool:
    return bool(context.memo.get("woken")) or (context.is_test and not context.real_waits)


def _due_at(context: CompileContext) -> datetime:
    """Reckoned once: what a first execution found is in the memo of the next."""
    known = context.memo.get("due_at")
    if known:
        return datetime.fromisoformat(known)
    return due_at(context.config.until, context)


def due_at(until: Any, context: CompileContext) -> datetime:
    """The first instant, not before now, at which the wait is over."""
    match until:
        case Duration():
            return context.now + timedelta(**{until.unit: until.amount})
        case FixedTime():
            return first_instant(until.at, context.zone)
    return min(_instants(until.at, until, context))


def _instants(at: time, until: NextWeekday, context: CompileContext) -> list[datetime]:
    today = wall_time(context.now, context.zone).date()
    wanted = {day.number for day in until.weekdays}
    days = (today + timedelta(days=ahead) for ahead in range(8))
    walls = (datetime.combine(day, at) for day in days if day.weekday() in wanted)
    instants = (first_instant(wall, context.zone) for wall in walls)
    return [instant for instant in instants if instant >= context.now]
