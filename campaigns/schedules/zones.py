"""Names of time zones. The rules of each zone come from the IANA database that Python finds."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext as _

from campaigns.problems import Problem, ProblemsError


def zone_named(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises ProblemsError, with the nearest names, for anything else.

    Only listed names are opened: a name is looked up as a file, and one from outside could be a path.
    """
    if name not in _names():
        raise ProblemsError([_unknown(name)])
    return ZoneInfo(name)


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


def _unknown(name: str) -> Problem:
    return Problem(
        code="schedule.unknown_zone",
        path="",
        message=_("There is no time zone “%(name)s”.") % {"name": name[:60]},
        remedy=_("Use a name of the IANA database, for example %(names)s.")
        % {"names": ", ".join(_nearest(name))},
    )


def zone_meant(name: str) -> str:
    """The one zone whose name is like this; empty where none is, or several are."""
    close = _close(name)
    return close[0] if len(close) == 1 else ""


def _nearest(name: str) -> list[str]:
    return _close(name) or ["UTC", "Europe/Paris", "Asia/Seoul"]


def _close(name: str) -> list[str]:
    by_lower = {known.lower(): known for known in _names()}
    wanted = name[:60].strip().replace(" ", "_").lower()
    if wanted in by_lower:
        return [by_lower[wanted]]
    return [by_lower[known] for known in get_close_matches(wanted, by_lower, n=3, cutoff=0.5)]
