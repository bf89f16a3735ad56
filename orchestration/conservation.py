"""Nobody appears from nowhere, nobody vanishes: the laws of `campaigns.activity_types.Law`, checked on the tables made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from campaigns import activity_types
from campaigns.activity_types import MAIN, Law
from orchestration.compilation import Arrival, CompileContext
from orchestration.exceptions import ConservationBroken
from orchestration.headcounts import people_besides
from orchestration.models import ActivityRun, Population

LISTED = (MAIN, "missing")
"""The ports by which the people of a list leave."""


def check_law(
    activity_run: ActivityRun,
    context: CompileContext,
    *,
    reported: Mapping[str, int] | None = None,
    subjects: Sequence[Arrival] | None = None,
) -> None:
    """Raise ConservationBroken when the populations just recorded for `activity_run` break its type's law.

    `reported` holds the people who left by no port, by reason; they count as gone out. `subjects` are the arrivals
    whose people have to be accounted for: all of them unless given.
    """
    ports = list(activity_run.populations.all())
    arrivals = context.populations() if subjects is None else subjects
    match activity_types.get(activity_run.type).law_of(context.config):
        case Law.SOURCE:
            _source(activity_run, ports, reported or {})
        case Law.PARTITION:
            _partition(activity_run, arrivals, ports, sum((reported or {}).values()))
        case Law.COPY:
            _copy(activity_run, arrivals, ports)
        case Law.COVER:
            _cover(activity_run, arrivals, ports, reported or {})
        case Law.MAP:
            _map(activity_run, arrivals, reported or {})


def _source(activity_run: ActivityRun, ports: list[Population], reported: Mapping[str, int]) -> None:
    """Where a list was read, everybody on it is in the population or left because their row is gone."""
    if "members" not in reported:
        return
    left = sum(port.row_count or 0 for port in ports if port.port in LISTED)
    if left != reported["members"]:
        _broken(activity_run, f"{reported['members']} were on the list, {left} left")


def _partition(
    activity_run: ActivityRun, arrivals: Sequence[Arrival], ports: list[Population], gone: int
) -> None:
    came = sum(arrival.row_count for arrival in arrivals)
    left = sum(port.row_count or 0 for port in ports) + gone
    if came != left:
        _broken(activity_run, f"{came} came in, {left} left")


def _copy(activity_run: ActivityRun, arrivals: Sequence[Arrival], ports: list[Population]) -> None:
    came = {arrival.row_count for arrival in arrivals}
    for port in ports:
        if port.activated and port.row_count is not None and port.row_count not in came:
            _broken(activity_run, f"port {port.port} carries {port.row_count}, {sorted(came)} came in")


def _cover(
    activity_run: ActivityRun,
    arrivals: Sequence[Arrival],
    ports: list[Population],
    reported: Mapping[str, int],
) -> None:
    came = _distinct({arrival.table_name: arrival.row_count for arrival in arrivals})
    left = _distinct({port.table_name: port.row_count or 0 for port in ports}) + sum(reported.values())
    if came != left:
        _broken(activity_run, f"{came} different people came in, {left} left")


def _map(activity_run: ActivityRun, arrivals: Sequence[Arrival], reported: Mapping[str, int]) -> None:
    came = sum(arrival.row_count for arrival in arrivals)
    accounted = reported.get("matched", 0) + reported.get("unmatched", 0)
    if came != accounted:
        _broken(activity_run, f"{came} came in, {accounted} were matched or not")


def _distinct(tables: Mapping[str, int]) -> int:
    """How many different keys working tables, each with its rows, hold together: those of the largest and the keys of
    the others that it does not have.
    """
    if not tables:
        return 0
    largest = max(tables, key=tables.__getitem__)
    others = {name: rows for name, rows in tables.items() if name != largest}
    return tables[largest] + (people_besides(others, [largest]) if others else 0)


def _broken(activity_run: ActivityRun, what: str) -> None:
    raise ConservationBroken(
        f"The counts of “{activity_run}” do not add up: {what}. Its work was rolled back."
    )
