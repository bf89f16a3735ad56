"""The closed sets of values a schedule is written with. Their labels are translated; their values are the
document's.
"""

from __future__ import annotations

from typing import Any

from django.db.models import TextChoices
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext_lazy as _
from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema

Drawn = dict[str, Any]


class Choices(TextChoices):
    """Choices whose JSON schema carries their labels, in the language active when it is made."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> Drawn:
        return {"type": "string", "oneOf": [{"const": c.value, "title": str(c.label)} for c in cls]}


class Weekday(Choices):
    """A day of the week, in the order of the week, which begins on Monday."""

    MON = "mon", WEEKDAYS[0]
    TUE = "tue", WEEKDAYS[1]
    WED = "wed", WEEKDAYS[2]
    THU = "thu", WEEKDAYS[3]
    FRI = "fri", WEEKDAYS[4]
    SAT = "sat", WEEKDAYS[5]
    SUN = "sun", WEEKDAYS[6]

    @property
    def number(self) -> int:
        """As `date.weekday()` counts: Monday is 0."""
        return list(Weekday).index(self)


class Month(Choices):
    """A month of the year, in its order."""

    JAN = "jan", MONTHS[1]
    FEB = "feb", MONTHS[2]
    MAR = "mar", MONTHS[3]
    APR = "apr", MONTHS[4]
    MAY = "may", MONTHS[5]
    JUN = "jun", MONTHS[6]
    JUL = "jul", MONTHS[7]
    AUG = "aug", MONTHS[8]
    SEP = "sep", MONTHS[9]
    OCT = "oct", MONTHS[10]
    NOV = "nov", MONTHS[11]
    DEC = "dec", MONTHS[12]

    @property
    def number(self) -> int:
        """As `date.month` counts: January is 1."""
        return list(Month).index(self) + 1


class Overlap(Choices):
    """What a due launch does while the campaign's earlier run is still going."""

    SKIP = "skip", _("Skip the launch")
    QUEUE_ONE = "queue_one", _("Start it when the run has ended; at most one waits")


class Unit(Choices):
    """What an interval counts."""

    MINUTES = "minutes", _("minutes")
    HOURS = "hours", _("hours")


class Nth(Choices):
    """Which of a month's days of one weekday."""

    FIRST = "first", _("first")
    SECOND = "second", _("second")
    THIRD = "third", _("third")
    FOURTH = "fourth", _("fourth")
    FIFTH = "fifth", _("fifth")
    LAST = "last", _("last")


class ParameterType(Choices):
    """The type of a signal's parameter, as campaign variables have it."""

    TEXT = "text", _("text")
    NUMBER = "number", _("number")
    DATE = "date", _("date")
    BOOLEAN = "boolean", _("yes or no")
