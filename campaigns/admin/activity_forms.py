"""The form of one activity in its place: what its widgets may offer, and which findings belong to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

from campaigns.activity_parts import title_of, type_of
from campaigns.activity_places import ActivityPlace
from campaigns.activity_types import ActivityType, Shape, World
from campaigns.attribute_lists import described_columns
from campaigns.document import ActivityPart, Document
from campaigns.file_lines import addressable
from campaigns.forms.drawing import Options, draw_form
from campaigns.forms.elements import Element
from campaigns.forms.reading import Read, Sent, read_form
from campaigns.forms.schemas import Choice
from campaigns.graph import Arrow
from campaigns.lint import lint_document
from campaigns.models import Channel, ChannelConfiguration
from campaigns.problems import Problem
from campaigns.ways_back import before, drawn_problems
from campaigns.world import load_world

PLACE = "config"


@dataclass
class ActivityForm:
    """An activity of a document that may not be stored yet."""

    document: Document
    part: ActivityPart
    kind: type[ActivityType]

    @cached_property
    def world(self) -> World:
        return load_world(self.document)

    @cached_property
    def schema(self) -> Mapping[str, Any]:
        return self.kind.Config.model_json_schema()

    @cached_property
    def place(self) -> ActivityPlace:
        return ActivityPlace(self.document, self.world, self.part.id)

    @property
    def inbound(self) -> tuple[Arrow, ...]:
        return self.place.arrows

    @property
    def carried(self) -> Shape | None:
        return self.place.carried

    def draw(self, read: Read | None = None, sent: Sent | None = None, *, quietly: bool = False) -> Element:
        """The form, as stored or as it was just sent; `quietly` leaves out what the lint finds."""
        config = read.data if read else self.part.config
        problems = [*(() if quietly else self.problems()), *(read.problems if read else ())]
        typed = (
            {p.path.lstrip("/"): sent.get(p.path.lstrip("/"), "") for p in read.problems}
            if read and sent
            else {}
        )
        return draw_form(
            self.schema, config, place=PLACE, options=self.options, problems=problems, typed=typed
        )

    def read(self, sent: Sent) -> Read:
        return read_form(self.schema, sent, place=PLACE)

    def problems(self) -> Iterator[Problem]:
        """What the lint finds in this activity, with paths that begin at its settings."""
        for problem in lint_document(self.document, self.world):
            if problem.activity == self.part.id:
                yield replace(problem, path="/" + "/".join(problem.path.split("/")[3:]))

    @property
    def options(self) -> Options:
        return {
            "dimension": self._dimensions,
            **{f"channel/{channel}": partial(_channels, channel) for channel in Channel.values},
            "arrow": self._arrows,
            "earlier_activity": self._earlier,
            "audience": self._audiences,
        }

    def _audiences(self) -> list[Choice]:
        offered = sorted(self.place.audiences.values(), key=lambda each: each.label)
        return [Choice(each.slug, each.label) for each in offered]

    def _dimensions(self) -> list[Choice]:
        return [Choice(each.slug, each.label) for each in addressable(self.world.dimensions).values()]

    def _arrows(self) -> list[Choice]:
        """An arrow is named by its activity, and its port where several come from the same one."""
        sources = [arrow.source for arrow in self.inbound]
        return [Choice(*self._arrow(arrow, sources)) for arrow in self.inbound]

    def _earlier(self) -> list[Choice]:
        """Whatever people may go back to from here, as far as the drawing tells."""
        graph = self.document.graph
        return [
            Choice(activity, title_of(self.document.activity(activity)))
            for activity in before(graph, self.part.id)
            if not any(drawn_problems(graph, self.part.id, activity))
        ]

    def _arrow(self, arrow: Arrow, sources: Iterable[str]) -> tuple[str, str]:
        title = title_of(self.document.activity(arrow.source))
        if list(sources).count(arrow.source) == 1:
            return arrow.source, title
        return f"{arrow.source}.{arrow.port}", f"{title}: {arrow.port}"

    def picker_data(self) -> dict[str, Any]:
        """What the pickers on the page need to know beside the catalogue."""
        dimensions = addressable(self.world.dimensions)
        return {
            "table": self.place.table_of(self.carried),
            "dimensions": {slug: each.table for slug, each in dimensions.items()},
            "columns": described_columns(self.carried.columns) if self.carried else [],
            "variables": dict(self.world.variables),
        }


def form_of(document: Document, part: ActivityPart) -> ActivityForm | None:
    """None where nobody registers the activity's type."""
    kind = type_of(part)
    return ActivityForm(document, part, kind) if kind else None


def _channels(channel: str) -> list[Choice]:
    enabled = ChannelConfiguration.objects.filter(enabled=True, channel=channel).values_list("slug", "name")
    return [Choice(slug, name) for slug, name in enabled]
