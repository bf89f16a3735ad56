"""The population of a file: rows that are nobody yet, known by the number of the line each begins on.

Wherever a population has a dimension, this one has a reserved one, whose table has no rows of its own: its only field
is the line itself, which the population carries as its key. So rules, splits and the like work on the columns that were
read (`@name`); whatever needs a person's row is refused until a reconciliation has found it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from campaigns.activity_types import Dimension, World
from campaigns.targeting.schema import Column, FieldType, Table

FILE = "@file"
"""The reserved slug, of the dimension and of its table. No slug that a person gives begins so."""

LINE = "line"

FILE_LINES = Table(
    slug=FILE,
    schema="",
    name="",
    label=_("Lines of a file"),  # type: ignore[arg-type]  # shown only, in the reader's language
    columns={LINE: Column(LINE, "key", FieldType.INTEGER, "Line", nullable=False)},
    primary_key=(LINE,),
)
FILE_DIMENSION = Dimension(FILE, str(FILE), FILE, LINE)


def with_file_lines(world: World) -> World:
    """The same world, where populations read from files are known too."""
    tables = {**world.catalogue.tables, FILE: FILE_LINES}
    return replace(
        world,
        catalogue=replace(world.catalogue, tables=tables),
        dimensions={**world.dimensions, FILE: FILE_DIMENSION},
    )


def addressable(dimensions: Mapping[str, Dimension]) -> dict[str, Dimension]:
    """The dimensions that settings may name: those with a table of people."""
    return {slug: each for slug, each in dimensions.items() if slug != FILE}
