"""The values a proof is rendered with: those of one person of the real table, chosen or the first.

Columns that are made in the flow come from the last run that brought somebody here, as long as its tables are kept;
otherwise an example stands for them, and that is said. Who may not see personal data gets it masked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from django.utils.translation import gettext as _
from sqlglot import exp

from campaigns.activity_places import ActivityPlace
from campaigns.activity_types import Dimension, Shape, World
from campaigns.conflicts import refuse
from campaigns.content.examples import EXAMPLES
from campaigns.document import Document
from campaigns.graph import Arrow
from campaigns.limited_queries import answer
from campaigns.models import Campaign
from campaigns.personal_data import MASKED, hidden_fields
from campaigns.targeting import trees
from campaigns.targeting.bound import bound
from campaigns.targeting.render import render
from campaigns.targeting.schema import Column, FieldType, Table
from campaigns.world import load_world
from orchestration.models import Population
from orchestration.working_tables import KEY, relation

EMPTY = "proof.nobody"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a campaign the message is sent: the arrows that lead there, and what they carry."""

    campaign: Campaign
    arrows: tuple[Arrow, ...]
    shape: Shape
    world: World

    @property
    def dimension(self) -> Dimension:
        return self.world.dimensions[self.shape.dimension]

    @property
    def table(self) -> Table:
        return self.world.catalogue.tables[self.dimension.table]


@dataclass(frozen=True, slots=True)
class Rendered:
    """The person a proof was rendered for, by key; `examples` are the paths that show no value of theirs."""

    recipient: str
    values: Mapping[str, Mapping[str, Any]]
    examples: tuple[str, ...] = ()


def place_of(campaign: Campaign, document: Document, activity_id: str) -> Place | None:
    """None as long as it is not known who arrives there."""
    at = ActivityPlace(document, load_world(document), activity_id)
    shape = at.carried
    return Place(campaign, at.arrows, shape, at.world) if shape and at.table_of(shape) else None


def table_of(place: Place) -> exp.Table:
    """The table of the people, as `t`."""
    alias = exp.TableAlias(this=trees.name("t"))
    return exp.Table(this=trees.name(place.table.name), db=trees.name(place.table.schema), alias=alias)


def key_text(place: Place) -> exp.Expr:
    """The key of a person of `table_of`, as the text it is known by."""
    key = trees.column("t", place.table.columns[place.dimension.key].name)
    return exp.cast(key, exp.DataType.Type.TEXT)


def values_for(place: Place, paths: Sequence[str], *, recipient: str, personal: bool) -> Rendered:
    """The values of `paths` (`profile.…`, `target.…`) for the person with this key, or for the first without one.

    Raises ProblemsError when the table has nobody of that key, Unanswered when the database gives no answer.
    """
    profile = _slugs(paths, "profile", place.table.columns)
    target = _slugs(paths, "target", place.shape.columns)
    population = kept_population(place, target) if target and personal else None
    row = _found(place, profile, target, population, recipient) if population else None
    found = {"profile": profile, "target": target if row else []}
    row = row or _found(place, profile, [], None, recipient)
    if row is None:
        _refuse(place, recipient)
    values = _typed(row[1:], found, place)
    examples = [slug for slug in target if slug not in found["target"]]
    values["target"] |= {slug: EXAMPLES[place.shape.columns[slug].type] for slug in examples}
    hidden = hidden_fields(place.table.slug, personal=personal)
    values["profile"] = {slug: MASKED if slug in hidden else v for slug, v in values["profile"].items()}
    return Rendered(str(row[0]), values, tuple(f"target.{slug}" for slug in examples))


def _slugs(paths: Sequence[str], root: str, known: Mapping[str, Column]) -> list[str]:
    named = {path.split(".")[1] for path in paths if path.startswith(f"{root}.")}
    return sorted(named & known.keys())


def kept_population(place: Place, slugs: Sequence[str]) -> Population | None:
    """What arrived here in the latest run that brought somebody with these columns."""
    for arrow in place.arrows:
        kept = Population.objects.filter(
            activity_run__run__campaign=place.campaign,
            activity_run__activity_id=arrow.source,
            port=arrow.port,
            dimension=place.shape.dimension,
            dropped_at__isnull=True,
            row_count__gt=0,
        ).exclude(table_name="")
        latest = kept.order_by("-activity_run__run_id").first()
        if latest and set(slugs) <= {column["slug"] for column in latest.columns}:
            return latest
    return None


def _found(
    place: Place,
    profile: Sequence[str],
    target: Sequence[str],
    population: Population | None,
    recipient: str,
) -> tuple[Any, ...] | None:
    """One row: the key as text, then the columns in their order."""
    table, key = place.table, trees.column("t", place.table.columns[place.dimension.key].name)
    columns = [trees.column("t", table.columns[slug].name) for slug in profile]
    columns += [trees.column("p", place.shape.columns[slug].name) for slug in target]
    where = exp.EQ(this=key_text(place), expression=bound(recipient)) if recipient else None
    query = trees.select([key_text(place), *columns], table_of(place), where).order_by(key.copy()).limit(1)
    if population:
        query = query.join(
            relation(population.table_name),
            on=exp.EQ(this=trees.column("p", KEY), expression=key.copy()),
        )
    rows = answer(render(query)).rows
    return rows[0] if rows else None


def _typed(row: Sequence[Any], found: Mapping[str, Sequence[str]], place: Place) -> dict[str, dict[str, Any]]:
    """Columns of JSON come as text from a bare cursor."""
    known = {"profile": place.table.columns, "target": place.shape.columns}
    names = [(root, slug) for root in ("profile", "target") for slug in found[root]]
    values: dict[str, dict[str, Any]] = {"profile": {}, "target": {}}
    for (root, slug), value in zip(names, row, strict=True):
        is_json = known[root][slug].type is FieldType.JSON and isinstance(value, str)
        values[root][slug] = json.loads(value) if is_json else value
    return values


def _refuse(place: Place, recipient: str) -> NoReturn:
    words = {"table": place.table.label, "key": recipient[:80]}
    if recipient:
        message = _("“%(table)s” has nobody with the key “%(key)s”.") % words
        refuse(
            "proof.unknown_recipient",
            "/recipient",
            message,
            _("Check the key, or leave it out for the first."),
        )
    message = _("“%(table)s” is empty, so that there is nobody to render the message for.") % words
    refuse(EMPTY, "/recipient", message, _("Load its data first."))
