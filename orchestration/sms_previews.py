"""A text as it is being written, shown as real people would get it, with its segments. Nothing is stored, nothing is sent.

Values make texts longer, so that what its author sees says little of what it costs: some people are rendered, and whose
text is longest is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pydantic
from sqlglot import exp

from campaigns.content.examples import EXAMPLES
from campaigns.content.preview import preview_texts
from campaigns.content.sms_content import OPT_OUT, SmsContent
from campaigns.content.sms_segments import Segments, normal, segments_of
from campaigns.document import Document
from campaigns.limited_queries import answer
from campaigns.lint import population_shapes
from campaigns.models import Campaign, ChannelConfiguration
from campaigns.personal_data import MASKED, hidden_fields, may_see
from campaigns.problems import ProblemsError
from campaigns.rule_questions import variables_of
from campaigns.targeting import trees
from campaigns.targeting.render import render
from campaigns.validation import problems_of
from campaigns.world import load_world
from orchestration.channel_activities import personal_values
from orchestration.proof_values import Place

SAMPLED = 100


@dataclass(frozen=True, slots=True)
class Name:
    """What a template may name, as people know it."""

    path: str
    label: str


@dataclass(frozen=True, slots=True)
class ShownText:
    """The text of the person at `position` of the `people` who were rendered; their key is blank where it may not be
    seen. The text of the one at `longest` needs `most_segments`. `examples` are paths that only a run gives values to.
    """

    people: int
    position: int
    recipient: str
    text: str
    segments: Segments
    longest: int
    most_segments: int
    sender: str
    opt_out_text: str
    examples: tuple[str, ...]
    names: tuple[Name, ...]


def show_text(
    campaign: Campaign, document: Document, activity_id: str, content: Any, *, position: int = 0, by: Any
) -> ShownText:
    """Raises ProblemsError for a content that cannot be rendered, Unanswered when the database gives no answer."""
    written = _read(content)
    place = _place(campaign, document, activity_id)
    paths = sorted(personal_values(written.variables()))
    people = _people(place, paths, by) if place else []
    channel = _channel(document, activity_id)
    opt_out = channel.opt_out_text if channel else ""
    shared = {OPT_OUT: opt_out, "variables": variables_of(document)}
    examples = _examples(place, paths) if place else {}
    values = [{"profile": row, "target": examples, **shared} for _key, row in people]
    values = values or [{"profile": {}, "target": examples, **shared}]
    texts = [normal(text) for text in preview_texts(written.text, values)]
    counted = [segments_of(text) for text in texts]
    longest = max(range(len(texts)), key=lambda number: (counted[number].count, counted[number].units))
    at = position % len(texts)
    return ShownText(
        people=len(people),
        position=at,
        recipient=people[at][0] if people else "",
        text=texts[at],
        segments=counted[at],
        longest=longest,
        most_segments=counted[longest].count,
        sender=channel.sender_address if channel else "",
        opt_out_text=opt_out,
        examples=tuple(f"target.{slug}" for slug in examples),
        names=tuple(_names(place, document)),
    )


def _read(content: Any) -> SmsContent:
    try:
        return SmsContent.model_validate(content)
    except pydantic.ValidationError as error:
        raise ProblemsError(problems_of(error, content)) from None


def _place(campaign: Campaign, document: Document, activity_id: str) -> Place | None:
    """None as long as it is not known who arrives there."""
    world = load_world(document)
    shapes, arrows = population_shapes(document, world), document.graph.into(activity_id)
    shape = next((found for arrow in arrows if (found := shapes.get((arrow.source, arrow.port)))), None)
    dimension = world.dimensions.get(shape.dimension) if shape else None
    if shape is None or dimension is None or dimension.table not in world.catalogue.tables:
        return None
    return Place(campaign, arrows, shape, world)


def _people(place: Place, paths: Sequence[str], by: Any) -> list[tuple[str, dict[str, Any]]]:
    """Keys, blank where they may not be seen, and the values of the columns that the text names."""
    slugs = [path.split(".")[1] for path in paths if path.startswith("profile.")]
    slugs = [slug for slug in slugs if slug in place.table.columns]
    hidden = hidden_fields(place.table.slug, personal=may_see(by))
    found = []
    for key, *row in answer(render(_sample(place, slugs))).rows:
        values = {slug: MASKED if slug in hidden else v for slug, v in zip(slugs, row, strict=True)}
        found.append(("" if place.dimension.key in hidden else str(key), values))
    return found


def _sample(place: Place, slugs: Sequence[str]) -> exp.Select:
    """The first people by key: the same ones as long as the table is the same."""
    table, columns = place.table, place.table.columns
    key = trees.column("t", columns[place.dimension.key].name)
    alias = exp.TableAlias(this=trees.name("t"))
    source = exp.Table(this=trees.name(table.name), db=trees.name(table.schema), alias=alias)
    named = [trees.column("t", columns[slug].name) for slug in slugs]
    return trees.select([key, *named], source, None).order_by(key.copy()).limit(SAMPLED)


def _examples(place: Place, paths: Sequence[str]) -> dict[str, Any]:
    slugs = [path.split(".")[1] for path in paths if path.startswith("target.")]
    columns = place.shape.columns
    return {slug: EXAMPLES[columns[slug].type] for slug in slugs if slug in columns}


def _names(place: Place | None, document: Document) -> Iterator[Name]:
    if place:
        known: Mapping[str, Mapping[str, Any]] = {
            "profile": place.table.columns,
            "target": place.shape.columns,
        }
        for root, columns in known.items():
            for slug, column in columns.items():
                yield Name(f"{root}.{slug}", str(column.label or slug))
    for name in document.variables:
        yield Name(f"variables.{name}", name)


def _channel(document: Document, activity_id: str) -> ChannelConfiguration | None:
    part = next((each for each in document.activities if each.id == activity_id), None)
    slug = part.config.get("channel") if part else None
    known = ChannelConfiguration.objects.filter(channel="sms")
    return known.filter(slug=slug).first() if isinstance(slug, str) else None
