"""The schedule of a campaign as its document holds it: one closed model for each frequency.

A model refuses what can be seen without a zone or a date of today. `reading` turns refusals into problems,
`lint` judges the rest. All times in here are wall times; the zone is the campaign's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, ClassVar, Literal, Self

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    Strict,
    StringConstraints,
    model_validator,
)
from pydantic_core import CoreSchema

from campaigns.schedules.choices import Drawn, Month, Nth, Overlap, ParameterType, Unit, Weekday
from campaigns.schedules.cron import read_expression
from campaigns.schedules.fields import (
    AT_LEAST_ONE,
    Lateness,
    LocalDate,
    LocalDateTime,
    Months,
    SomeWeekdays,
    TimeOfDay,
    Times,
    Weekdays,
    filled,
    in_order,
    itself,
)
from campaigns.settings_fields import RefusedError, Shown

MINUTES_A_DAY = 24 * 60
DEFAULT_LATENESS = timedelta(hours=6)
LONGEST_MONTHS = {Month.FEB: 29, Month.APR: 30, Month.JUN: 30, Month.SEP: 30, Month.NOV: 30}

WholeNumber = Annotated[int, Strict()]
DayNumbers = Annotated[
    tuple[Annotated[WholeNumber, Field(ge=1, le=31)], ...],
    AfterValidator(in_order(itself)),
    AfterValidator(filled),
    AT_LEAST_ONE,
]

_FREQUENCY = Shown(gettext_lazy("Frequency"))
_BY = Shown(gettext_lazy("Chosen"))
_AT = Shown(gettext_lazy("Start time"), gettext_lazy("In the campaign's time zone."))
_WEEKDAYS = Shown(gettext_lazy("Days of the week"), gettext_lazy("None chosen means every day."))


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True)

    label: ClassVar[Promise | None] = None

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> Drawn:
        """Docstrings are for whoever reads the code; a form shows the label."""
        reference = handler(schema)
        drawn = handler.resolve_ref_schema(reference)
        drawn.pop("description", None)
        if cls.label:
            drawn["title"] = str(cls.label)
        return reference


class Validity(_Part):
    """The period a campaign may launch in; both ends belong to it, a missing one is open."""

    opens: Annotated[LocalDateTime | None, Shown(gettext_lazy("Valid from"))] = Field(None, alias="from")
    closes: Annotated[LocalDateTime | None, Shown(gettext_lazy("Valid until"))] = Field(None, alias="until")

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if self.opens is None and self.closes is None:
            raise RefusedError(
                "empty_validity",
                _("The validity has no dates."),
                _("Set a beginning or an end, or remove it."),
            )
        if self.opens and self.closes and self.closes < self.opens:
            raise RefusedError(
                "empty_validity",
                _("The validity ends before it begins."),
                _("Choose an end after the beginning."),
                "/until",
            )
        return self


class Window(_Part):
    """The part of the day launches fall in, both ends included; one that ends earlier than it begins spans
    midnight.
    """

    opens: Annotated[TimeOfDay, Shown(gettext_lazy("From"))] = Field(alias="from")
    closes: Annotated[TimeOfDay, Shown(gettext_lazy("Until"))] = Field(alias="until")

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if self.opens == self.closes:
            raise RefusedError(
                "empty_window",
                _("The window begins and ends at the same time."),
                _("Choose a later end, or remove the window for the whole day."),
                "/until",
            )
        return self


class _Rule(_Part):
    """What every frequency has."""

    validity: Annotated[
        Validity | None,
        Shown(gettext_lazy("Validity"), gettext_lazy("Launches outside this period are left out.")),
    ] = None
    overlap: Annotated[Overlap, Shown(gettext_lazy("If the earlier run is still going"))] = Overlap.SKIP
    max_lateness: Annotated[
        Lateness,
        Shown(
            gettext_lazy("Greatest lateness"), gettext_lazy("A launch that is later than this is skipped.")
        ),
    ] = DEFAULT_LATENESS


class AsSoonAsPossible(_Rule):
    """Launched by the publication itself; nothing is planned."""

    label = gettext_lazy("As soon as possible")

    frequency: Annotated[Literal["as_soon_as_possible"], _FREQUENCY]


class Once(_Rule):
    label = gettext_lazy("Once")

    frequency: Annotated[Literal["once"], _FREQUENCY]
    at: Annotated[
        LocalDateTime, Shown(gettext_lazy("Date and time"), gettext_lazy("In the campaign's time zone."))
    ]


class SeveralTimesADay(_Rule):
    label = gettext_lazy("Several times a day")

    frequency: Annotated[Literal["several_times_a_day"], _FREQUENCY]
    times: Annotated[Times, Shown(gettext_lazy("Times of day"))]
    weekdays: Annotated[Weekdays, _WEEKDAYS] = ()


class Every(_Rule):
    """Every n minutes or hours, counted anew each day from the window's beginning or from midnight."""

    label = gettext_lazy("Every few minutes or hours")

    frequency: Annotated[Literal["every"], _FREQUENCY]
    interval: Annotated[WholeNumber, Field(ge=1, le=MINUTES_A_DAY), Shown(gettext_lazy("Interval"))]
    unit: Annotated[Unit, Shown(gettext_lazy("Unit"))]
    window: Annotated[
        Window | None,
        Shown(
            gettext_lazy("Window of the day"),
            gettext_lazy("One that spans midnight belongs to the day it begins on."),
        ),
    ] = None
    weekdays: Annotated[Weekdays, _WEEKDAYS] = ()

    @property
    def minutes(self) -> int:
        return self.interval * (60 if self.unit is Unit.HOURS else 1)

    @model_validator(mode="after")
    def _at_most_a_day(self) -> Self:
        if self.minutes > MINUTES_A_DAY:
            raise RefusedError(
                "interval_too_long",
                _("The interval is longer than a day."),
                _("Use at most 24 hours, or one of daily, weekly, monthly."),
                "/interval",
            )
        return self


class Daily(_Rule):
    label = gettext_lazy("Daily")

    frequency: Annotated[Literal["daily"], _FREQUENCY]
    at: Annotated[TimeOfDay, _AT]
    weekdays: Annotated[Weekdays, _WEEKDAYS] = ()


class Weekly(_Rule):
    """Every n weeks; weeks begin on Monday and are counted from the one that `starting` lies in."""

    label = gettext_lazy("Weekly")

    frequency: Annotated[Literal["weekly"], _FREQUENCY]
    interval: Annotated[WholeNumber, Field(ge=1, le=52), Shown(gettext_lazy("Every how many weeks"))] = 1
    starting: Annotated[
        LocalDate | None,
        Shown(
            gettext_lazy("Starting from"), gettext_lazy("Needed where the interval is longer than one week.")
        ),
    ] = None
    weekdays: Annotated[SomeWeekdays, Shown(gettext_lazy("Days of the week"))]
    at: Annotated[TimeOfDay, _AT]

    @model_validator(mode="after")
    def _has_a_first_week(self) -> Self:
        if self.interval > 1 and self.starting is None:
            raise RefusedError(
                "starting_missing",
                _("It is not said which week is the first."),
                _("Set the date to start from."),
                "/starting",
            )
        return self


class DayNumber(_Part):
    """Days by their number. A month that lacks one skips it."""

    label = gettext_lazy("By day number")

    by: Annotated[Literal["day_number"], _BY]
    days: Annotated[DayNumbers, Shown(gettext_lazy("Day numbers"))]


class LastDay(_Part):
    label = gettext_lazy("Last day of the month")

    by: Annotated[Literal["last_day"], _BY]


class NthWeekday(_Part):
    """One weekday of the month. A month without a fifth one skips it."""

    label = gettext_lazy("By day of the week")

    by: Annotated[Literal["weekday"], _BY]
    nth: Annotated[Nth, Shown(gettext_lazy("Which one"))]
    weekday: Annotated[Weekday, Shown(gettext_lazy("Day of the week"))]


MonthDay = Annotated[DayNumber | LastDay | NthWeekday, Field(discriminator="by")]


class Monthly(_Rule):
    label = gettext_lazy("Monthly")

    frequency: Annotated[Literal["monthly"], _FREQUENCY]
    months: Annotated[
        Months, Shown(gettext_lazy("Months"), gettext_lazy("None chosen means every month."))
    ] = ()
    on: Annotated[MonthDay, Shown(gettext_lazy("Day of the month"))]
    at: Annotated[TimeOfDay, _AT]

    @model_validator(mode="after")
    def _has_a_day(self) -> Self:
        if isinstance(self.on, DayNumber) and all(
            self.on.days[0] > longest_month(month) for month in self.chosen
        ):
            raise RefusedError(
                "never_launches",
                _("None of the chosen months has such a day."),
                _("Choose a smaller day number, the last day of the month, or other months."),
                "/on/days",
            )
        return self

    @property
    def chosen(self) -> tuple[Month, ...]:
        return self.months or tuple(Month)


class Cron(_Rule):
    label = gettext_lazy("By a cron expression")

    frequency: Annotated[Literal["cron"], _FREQUENCY]
    expression: Annotated[
        str,
        AfterValidator(read_expression),
        Shown(
            gettext_lazy("Cron expression"),
            gettext_lazy("Minute, hour, day of the month, month, day of the week: “30 9 * * 1-5”."),
        ),
    ]


class SignalParameter(_Part):
    """What a signal brings along; the run finds it as a variable of that name."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$"), Shown(gettext_lazy("Name"))]
    type: Annotated[ParameterType, Shown(gettext_lazy("Type"))]
    required: Annotated[bool, Strict(), Shown(gettext_lazy("Required"))] = False


class Signal(_Rule):
    """Launched by the API or by another campaign's end; nothing is planned."""

    label = gettext_lazy("When a signal arrives")

    frequency: Annotated[Literal["signal"], _FREQUENCY]
    parameters: Annotated[
        tuple[SignalParameter, ...], Field(max_length=50), Shown(gettext_lazy("Parameters"))
    ] = ()

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [parameter.name for parameter in self.parameters]
        for number, name in enumerate(names):
            if name in names[:number]:
                raise RefusedError(
                    "repeated",
                    _("Two parameters have the name “%(name)s”.") % {"name": name},
                    _("Give one of the two another name."),
                    f"/parameters/{number}/name",
                )
        return self


Schedule = AsSoonAsPossible | Once | SeveralTimesADay | Every | Daily | Weekly | Monthly | Cron | Signal


def has_planned_times(schedule: Schedule) -> bool:
    """Whether a calendar decides when it launches; otherwise the publication or a signal does."""
    return not isinstance(schedule, AsSoonAsPossible | Signal)


def is_recurring(data: Mapping[str, object]) -> bool:
    """Whether a schedule, as a document holds it, may launch more than once by itself."""
    return data.get("frequency", "as_soon_as_possible") not in ("as_soon_as_possible", "once", "signal")


def longest_month(month: Month) -> int:
    """How many days the month may have, in a leap year."""
    return LONGEST_MONTHS.get(month, 31)
