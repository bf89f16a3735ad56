"""A date-time cut off to a step of its day, by the clock of a zone."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext as _
from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.bound import bound
from campaigns.targeting.expressions import pieces
from campaigns.targeting.expressions.places import ExpressionError
from campaigns.targeting.expressions.typed import Typed, Writing
from campaigns.targeting.problems import nearest, shown

DAY_SECONDS = 86_400


def truncated(writing: Writing, arguments: Sequence[Typed]) -> exp.Expr:
    """The moment, the seconds of a step, and the zone if it is not the campaign's."""
    value, step, *further = arguments
    zone = _zone(further[0]) if further else writing.zone
    seconds = _seconds(step)
    local = trees.call("TIMEZONE", bound(zone), writing.instant_of(value))
    floor = writing.let([local], lambda v: _floor(v(), v(), seconds))
    return pieces.moment(writing.instant(floor, zone))


def _floor(day: exp.Expr, clock: exp.Expr, seconds: int) -> exp.Expr:
    since = exp.Paren(
        this=exp.Sub(this=clock, expression=trees.call("DATE_TRUNC", pieces.text("day"), clock.copy()))
    )
    steps = trees.call("DIV", pieces.part("EPOCH", since), pieces.number(seconds))
    whole = exp.Mul(
        this=trees.cast(steps, "double precision"), expression=pieces.interval(f"{seconds} seconds")
    )
    return exp.Add(this=trees.call("DATE_TRUNC", pieces.text("day"), day), expression=whole)


def _seconds(step: Typed) -> int:
    found = step.constant
    if not isinstance(found, int) or not 1 <= found <= DAY_SECONDS:
        message = _("The seconds of a step are 1 to 86,400.")
        raise ExpressionError(step.at, "bad_constant", message, _("Give a number such as 3600."))
    return found


def _zone(name: Typed) -> str:
    wanted = str(name.constant)
    known = available_timezones()
    if wanted not in known:
        message = _("“%(zone)s” is no time zone.") % {"zone": shown(wanted)}
        raise ExpressionError(name.at, "unknown_zone", message, nearest(wanted, known))
    return ZoneInfo(wanted).key
