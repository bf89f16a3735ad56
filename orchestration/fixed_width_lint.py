"""What is wrong with the places of a fixed-width file's columns, and with the columns that are loaded from them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from campaigns.problems import Problem
from orchestration.rule_lint import repeated_problems, unknown


def place_problems(config: Any) -> Iterator[Problem]:
    yield from _repeated(config.format.columns)
    yield from _overlaps(config.format.columns)
    yield from _unplaced(config)
    yield from _unnamed(config)


def _repeated(places: Any) -> Iterator[Problem]:
    headers = {
        f"/format/columns/{number}/header": place.header.casefold() for number, place in enumerate(places)
    }
    yield from repeated_problems(headers, code="load_file.repeated_header", mend="")


def _overlaps(places: Any) -> Iterator[Problem]:
    """Columns that begin before one of those to their left has ended."""
    last = None
    for number, place in sorted(enumerate(places), key=lambda each: each[1].start):
        if last and place.start <= last.end:
            message = _("“%(name)s” begins at %(start)d, but “%(other)s” ends at %(end)d.")
            values = {"name": place.header, "start": place.start, "other": last.header, "end": last.end}
            remedy = _("Let each column begin after the one before it has ended.")
            yield Problem("load_file.overlap", f"/format/columns/{number}/start", message % values, remedy)
        last = max(last or place, place, key=lambda each: each.end)


def _unplaced(config: Any) -> Iterator[Problem]:
    known = {place.header.casefold() for place in config.format.columns}
    for number, column in enumerate(config.columns):
        if column.header.strip().casefold() not in known:
            yield unknown(
                column.header, known, path=f"/columns/{number}/header", code="load_file.unknown_column"
            )


def _unnamed(config: Any) -> Iterator[Problem]:
    named = {column.header.strip().casefold() for column in config.columns}
    for number, place in enumerate(config.format.columns):
        if place.header.casefold() not in named:
            yield Problem(
                "load_file.unnamed_column",
                f"/format/columns/{number}/header",
                _("The format has a column “%(name)s” that the columns do not name.")
                % {"name": place.header},
                _("Add it to the columns, as ignored if it is not needed."),
            )
