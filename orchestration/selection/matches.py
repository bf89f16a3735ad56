"""Attributes of a population and of a table's rows that have to be equal: as settings, as lint and as a condition."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import Annotated

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from sqlglot import exp

from campaigns.activity_types import Settings, Shape, World
from campaigns.problems import Problem
from campaigns.settings_fields import Shown
from campaigns.targeting import trees
from campaigns.targeting.attributes import Attribute, Subject, find_attribute
from campaigns.targeting.comparisons import compare_columns, same_storage
from campaigns.targeting.operators import Operator
from campaigns.targeting.problems import RuleError, as_problems
from campaigns.targeting.schema import FieldType
from campaigns.targeting.scope import Row
from orchestration.rule_lint import type_problems
from orchestration.selection.joins import filled
from orchestration.selection.preference import COMPARABLE
from orchestration.setting_fields import AttributeName, Widget

_NUMBERS = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.FLOAT)


class Match(Settings):
    """Two attributes that have to be equal."""

    source: Annotated[
        AttributeName,
        Widget("attribute", of="own"),
        Shown(_("Source"), _("Of those who come in; @name is a column they carry.")),
    ]
    destination: Annotated[
        AttributeName,
        Widget("attribute", of="other"),
        Shown(_("Destination"), _("Of the rows that are looked for.")),
    ]


def same(theirs: Subject, ours: Subject, *, fold: bool = False) -> exp.Expr:
    """Equal by value. An empty text equals nothing; the table's side stays bare, so that its index may serve."""
    if theirs.type is not FieldType.TEXT:
        return compare_columns(theirs, Operator.EQUAL, ours)
    if fold:
        return exp.EQ(this=trees.folded(theirs.value()), expression=trees.folded(filled(ours)))
    return exp.EQ(this=theirs.value(), expression=trees.collated(filled(ours), "default"))


def row_of(shape: Shape, world: World) -> Row:
    """A row of a population of this shape, to look names up in."""
    columns = {slug: (column, exp.null()) for slug, column in shape.columns.items()}
    return Row(world.catalogue.tables[world.dimensions[shape.dimension].table], "t", columns)


def match_problems(
    pairs: Sequence[Match], ours: Row, theirs: Row, world: World, *, path: str
) -> Iterator[Problem]:
    for number, pair in enumerate(pairs):
        place = f"{path}/{number}"
        source = yield from _found(pair.source, ours, world, f"{place}/source")
        destination = yield from _found(pair.destination, theirs, world, f"{place}/destination")
        if source and destination and not _comparable(source, destination):
            words = {"one": source.type.value, "other": destination.type.value}
            message = gettext("A field of type %(one)s is never equal to one of type %(other)s.") % words
            remedy = gettext("Choose fields of the same type, stored in the same way.")
            yield Problem("match.incomparable", place, message, remedy)


def _found(name: str, row: Row, world: World, path: str) -> Generator[Problem, None, Attribute | None]:
    """Yields what is wrong with a name and answers the attribute, None where it is of no use."""
    try:
        found = find_attribute(world.catalogue, row, name, "")
    except RuleError as error:
        yield from as_problems(error.problems, path)
        return None
    problems = list(type_problems(found.type, COMPARABLE, path=path))
    yield from problems
    return None if problems else found


def _comparable(one: Attribute, other: Attribute) -> bool:
    if one.type in _NUMBERS and other.type in _NUMBERS:
        return True
    return one.type is other.type and same_storage(one.stored_zone, other.stored_zone)
