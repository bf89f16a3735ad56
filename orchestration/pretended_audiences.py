"""Audiences in a test run: it saves none, and yet activities behind the saving read what a live run would have saved.

The population that the saving activity made of the members-to-be stands for their table; where several rounds append,
those of all of them together do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pydantic
from sqlglot import exp

from campaigns import activity_types
from campaigns.activity_types import MAIN, MEMBERS, Inbound, Shape, World
from campaigns.audience_uses import audiences_named
from campaigns.column_data import columns_from_data
from campaigns.document import ActivityPart, Document
from campaigns.graph import Graph
from campaigns.targeting import trees
from campaigns.targeting.schema import Audience
from orchestration.models import ActivityRun, Population, RunKind
from orchestration.working_tables import KEY, SCHEMA, create_passing_table, relation, table_name

ROUND = "round of the run"
"""A name that no column has."""


def pretended(world: World, activity_run: ActivityRun, document: Document) -> World:
    """The world as an activity of a run finds it, in a transaction; in a live run it is as it is."""
    if activity_run.run.kind != RunKind.TEST:
        return world
    made: dict[str, Audience] = {}
    for activity in document.graph.ordered():
        made |= dict(_saved(document.activity(activity), activity_run, document, world))
    catalogue = replace(world.catalogue, audiences={**world.catalogue.audiences, **made})
    return replace(world, catalogue=catalogue) if made else world


def _saved(
    part: ActivityPart, reader: ActivityRun, document: Document, world: World
) -> Iterator[tuple[str, Audience]]:
    """What an activity would have saved. Appended to an audience that is there, its members stay as they are."""
    kind = activity_types.get(part.type)
    if kind.provides.__func__ is activity_types.ActivityType.provides.__func__:  # type: ignore[attr-defined]
        return
    main, members = _made_before(part, reader, document.graph)
    if not members:
        return
    try:
        config = kind.Config.model_validate(part.config)
    except pydantic.ValidationError:
        return
    shape = Shape(main[-1].dimension, columns_from_data(main[-1].columns))
    named = {slug for _place, slug in audiences_named(document.activity(reader.activity_id).config)}
    for slug, audience in kind.provides(config, [Inbound("", MAIN, shape)], world).items():
        if slug in named and audience.relation == ("", ""):
            kept = members if kind.keeps_members(config) else members[-1:]
            yield slug, replace(audience, relation=_relation(kept, reader, slug))


def _made_before(part: ActivityPart, reader: ActivityRun, graph: Graph) -> tuple[list[Population], ...]:
    """Its people and members of each round: up to the reader's own, or in the drawing behind it, of those before."""
    last = reader.iteration if reader.activity_id in graph.downstream(part.id) else reader.iteration - 1
    rows = Population.objects.filter(
        activity_run__run=reader.run_id,
        activity_run__activity_id=part.id,
        activity_run__state="succeeded",
        activity_run__iteration__lte=last,
    )
    ordered = list(rows.order_by("activity_run__iteration"))
    return tuple([row for row in ordered if row.port == port] for port in (MAIN, MEMBERS))


def _relation(kept: Sequence[Population], reader: ActivityRun, slug: str) -> tuple[str, str]:
    """What the members can be read from: of several rounds, whoever was there first stays as they were."""
    if len(kept) == 1:
        return SCHEMA, kept[0].table_name
    rounds = [
        exp.select("*", exp.Literal.number(number).as_(ROUND, quoted=True)).from_(relation(row.table_name))
        for number, row in enumerate(kept)
    ]
    everybody = exp.union(*rounds, distinct=False).subquery("m")
    first = exp.select("*").from_(everybody).distinct(trees.column("m", KEY))
    first = first.order_by(trees.column("m", KEY), trees.column("m", ROUND))
    return create_passing_table(table_name("pretended", reader.pk, reader.epoch, slug)[:63], first)
