"""How `campaign plan --people` tells who would enter, leave and stay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from orchestration.forecasts import Forecast
from orchestration.models import CampaignRun
from orchestration.population_changes import Change, Unknown
from orchestration.run_pictures import run_words

SHOWN = 5
"""People of each kind in words; the answer as JSON has all that are known."""


def forecast_data(found: Forecast) -> dict[str, Any]:
    return {
        "compared_with": _run(found.last) if found.last else None,
        "ports": [_port(change) for change in found.changes],
        "failures": dict(found.failures),
    }


def _run(run: CampaignRun) -> dict[str, Any]:
    finished = run.finished_at.isoformat() if run.finished_at else None
    return {"run": run.pk, "kind": run.kind, "finished_at": finished}


def _port(change: Change) -> dict[str, Any]:
    return {
        "activity": change.activity,
        "port": change.port,
        "now": change.now,
        "before": change.before,
        "enter": change.enter,
        "leave": change.leave,
        "stay": change.stay,
        "unknown": None if change.unknown is None else str(change.unknown),
        "samples": asdict(change.samples),
    }


def forecast_lines(found: Forecast) -> Iterator[str]:
    if found.last is None:
        yield _("No run of this campaign has completed: everybody would be new.")
    else:
        yield _("If it ran now, against: %(run)s") % {"run": run_words(found.last)}
    heads = (_("before"), _("now"), _("enter"), _("leave"), _("stay"))
    yield _row("", heads)
    for change in found.changes:
        numbers = (change.before, change.now, change.enter, change.leave, change.stay)
        yield _row(f"{change.activity}.{change.port}", tuple(map(_shown, numbers)))
    yield from _reasons(found)
    for change in found.changes:
        yield from _people(change)


def _row(name: str, cells: tuple[str, ...]) -> str:
    return f"{name:<32}" + "".join(f"{cell:>12}" for cell in cells)


def _shown(number: int | None) -> str:
    return "?" if number is None else f"{number:,}"


def _people(change: Change) -> Iterator[str]:
    """The first who enter and leave, as `diff` writes what comes and goes."""
    told = (
        ("+", _("enter"), change.enter, change.samples.enter),
        ("-", _("leave"), change.leave, change.samples.leave),
    )
    for sign, word, number, rows in told:
        if rows:
            yield f"{change.activity}.{change.port}, {word} ({_shown(number)}):"
            yield from (f"  {sign} {_person(row)}" for row in rows[:SHOWN])
            yield from ["  …"] if (number or 0) > SHOWN else []


def _person(row: Sequence[str | None]) -> str:
    return " · ".join(value for value in row if value)


def _reasons(found: Forecast) -> Iterator[str]:
    reasons = {
        Unknown.DROPPED: _(
            "? at %(ports)s: the keys of that run are gone by retention; run it again to compare."
        ),
        Unknown.DIMENSION: _("? at %(ports)s: the population is of another dimension than it was."),
    }
    for reason, text in reasons.items():
        ports = [f"{c.activity}.{c.port}" for c in found.changes if c.unknown is reason]
        if ports:
            yield text % {"ports": ", ".join(ports)}
    for activity, problem in found.failures.items():
        yield _("“%(activity)s” fails: %(problem)s") % {"activity": activity, "problem": problem}
