"""What an activity finds where it stands: who comes in, with which columns, and what its settings may name.

The one answer for every editor of settings, in the admin and on the canvas, whatever type the activity has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from campaigns.activity_types import Shape, World
from campaigns.document import Document
from campaigns.file_lines import FILE
from campaigns.graph import Arrow
from campaigns.lint import audiences_before, population_shapes
from campaigns.targeting.schema import Audience


@dataclass(frozen=True, slots=True)
class Incoming:
    """One arrow that comes in, and what it carries; None where that is a mere signal, or is not known yet."""

    arrow: Arrow
    shape: Shape | None


@dataclass
class ActivityPlace:
    """An activity of a document that may not be stored yet. As far as the settings before it are valid."""

    document: Document
    world: World
    activity_id: str

    @property
    def arrows(self) -> tuple[Arrow, ...]:
        return self.document.graph.into(self.activity_id)

    @cached_property
    def incoming(self) -> tuple[Incoming, ...]:
        shapes = population_shapes(self.document, self.world)
        return tuple(Incoming(arrow, shapes.get((arrow.source, arrow.port))) for arrow in self.arrows)

    @property
    def carried(self) -> Shape | None:
        """What the first population that comes in carries."""
        return next((each.shape for each in self.incoming if each.shape), None)

    def table_of(self, shape: Shape | None) -> str:
        """The slug of the table of people; empty where there are none, as lines of a file are nobody yet."""
        dimension = self.world.dimensions.get(shape.dimension) if shape else None
        is_there = dimension and dimension.slug != FILE and dimension.table in self.world.catalogue.tables
        return dimension.table if dimension and is_there else ""

    @cached_property
    def audiences(self) -> Mapping[str, Audience]:
        """Those of the library, and those that this very campaign saves before this activity."""
        return dict(self._audiences())

    def _audiences(self) -> Iterator[tuple[str, Audience]]:
        made = audiences_before(self.document, self.world, self.activity_id)
        for slug, each in {**self.world.catalogue.audiences, **made}.items():
            if not each.archived:
                yield slug, each
