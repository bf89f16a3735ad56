"""Audiences in a test run: it saves none, and yet activities behind the saving read what a live run would have saved.

The population that the saving activity made of the members-to-be stands for their table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pydantic

from campaigns import activity_types
from campaigns.activity_types import MAIN, MEMBERS, Inbound, Shape, World
from campaigns.column_data import columns_from_data
from campaigns.document import ActivityPart, Document
from campaigns.targeting.schema import Audience
from orchestration.models import CampaignRun, Population, RunKind
from orchestration.working_tables import SCHEMA


def pretended(world: World, run: CampaignRun, document: Document, activity_id: str) -> World:
    """The world as an activity of the run finds it; in a live run it is as it is."""
    if run.kind != RunKind.TEST:
        return world
    made: dict[str, Audience] = {}
    graph = document.graph
    for part in (
        document.activity(each) for each in graph.ordered() if activity_id in graph.downstream(each)
    ):
        made |= dict(_saved(part, run, world))
    catalogue = replace(world.catalogue, audiences={**world.catalogue.audiences, **made})
    return replace(world, catalogue=catalogue) if made else world


def _saved(part: ActivityPart, run: CampaignRun, world: World) -> Iterator[tuple[str, Audience]]:
    """What an activity would have saved. Appended to an audience that is there, its members stay as they are."""
    kind = activity_types.get(part.type)
    if kind.provides.__func__ is activity_types.ActivityType.provides.__func__:  # type: ignore[attr-defined]
        return
    rows = Population.objects.filter(
        activity_run__run=run, activity_run__activity_id=part.id, activity_run__state="succeeded"
    )
    made = {row.port: row for row in rows.order_by("activity_run__iteration")}
    if MEMBERS not in made:
        return
    try:
        config = kind.Config.model_validate(part.config)
    except pydantic.ValidationError:
        return
    shape = Shape(made[MAIN].dimension, columns_from_data(made[MAIN].columns))
    for slug, audience in kind.provides(config, [Inbound("", MAIN, shape)], world).items():
        if audience.relation == ("", ""):
            yield slug, replace(audience, relation=(SCHEMA, made[MEMBERS].table_name))
