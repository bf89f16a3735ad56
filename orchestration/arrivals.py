"""What comes in to an activity in its round: by its arrows, or, where the round begins with it, from the jump."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import NamedTuple

from campaigns.activity_types import BACK
from campaigns.graph import Arrow, Graph
from campaigns.lint import population_shapes
from campaigns.world import load_world
from orchestration.compilation import Arrival
from orchestration.iterations import Round, Rounds, rounds_of
from orchestration.models import ActivityRun, CampaignRun, Population
from orchestration.populations import column_from_data
from orchestration.runs import document_of


class Came(NamedTuple):
    """The populations that came in, in the order of their arrows, and the arrows by which nothing came."""

    arrivals: list[Arrival]
    absent: tuple[Arrow, ...]


def arrivals_of(activity_run: ActivityRun, graph: Graph) -> Came:
    run, activity = activity_run.run, activity_run.activity_id
    arrows = graph.into(activity)
    rounds = rounds_of(run, graph)
    current = rounds[activity_run.iteration]
    if current.begins_at(activity):
        return Came([_brought_back(run, arrows[0], rounds, current)], arrows[1:])
    left = _left_by(run, arrows, current)
    arrivals = [_arrival(arrow, left[arrow]) for arrow in arrows if arrow in left]
    return Came(arrivals, tuple(arrow for arrow in arrows if arrow not in left))


def _left_by(run: CampaignRun, arrows: Sequence[Arrow], current: Round) -> dict[Arrow, Population]:
    """What each arrow brings in this round, which may have left its source in an earlier one.

    By two questions for keys, not by one that joins: a run that went round has many populations.
    """
    sources = {arrow.source for arrow in arrows}
    of_sources = run.activity_runs.filter(activity_id__in=sources, state="succeeded").order_by()
    numbers = {
        pk: activity
        for pk, activity, iteration in of_sources.values_list("pk", "activity_id", "iteration")
        if current.holders[activity] == iteration
    }
    rows = Population.objects.filter(activity_run__in=numbers.keys(), activated=True).order_by()
    found = {(numbers[row.activity_run_id], row.port): row for row in rows}
    return {arrow: row for arrow in arrows if (row := found.get((arrow.source, arrow.port)))}


def _brought_back(run: CampaignRun, arrow: Arrow, rounds: Rounds, current: Round) -> Arrival:
    """Those who came back stand for those whom the arrow brings, with no more columns than these have."""
    begun = Population.objects.filter(
        activity_run__began__run=run, activity_run__began__number=current.number
    )
    arrival = _arrival(arrow, begun.get(port=BACK))
    wanted = _columns_brought(run, arrow, _entered(rounds, current, arrow.target))
    kept = {slug: column for slug, column in arrival.columns.items() if slug in wanted}
    return replace(arrival, columns=kept)


def _columns_brought(run: CampaignRun, arrow: Arrow, entered: Round) -> Collection[str]:
    """As they came; where nobody has come by the arrow yet, as the lint says they would."""
    first = _left_by(run, [arrow], entered).get(arrow)
    if first is not None:
        return {column["slug"] for column in first.columns}
    document = document_of(run)
    shape = population_shapes(document, load_world(document)).get((arrow.source, arrow.port))
    return shape.columns if shape else ()


def _entered(rounds: Rounds, current: Round, activity: str) -> Round:
    """The latest round, at or before this one, in which the activity was not what people went back to."""
    while current.begun and current.begins_at(activity):
        current = rounds[rounds[current.begun.parent].holders[activity]]
    return current


def _arrival(arrow: Arrow, row: Population) -> Arrival:
    return Arrival(
        source=arrow.source,
        port=arrow.port,
        dimension=row.dimension,
        table_name=row.table_name,
        columns={item["slug"]: column_from_data(item) for item in row.columns},
        row_count=row.row_count or 0,
    )
