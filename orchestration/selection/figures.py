"""Figures over linked rows, for every person who has such rows: one grouped query an addition."""

from __future__ import annotations

from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.attributes import Subject
from campaigns.targeting.schema import FieldType
from orchestration.compilation import Arrival, CompileContext, key_of
from orchestration.selection.additions import AddedFigure
from orchestration.selection.joins import sortable, storable
from orchestration.selection.linked_rows import LinkedRows
from orchestration.working_tables import KEY


def figures_by_person(context: CompileContext, came: Arrival, addition: AddedFigure) -> exp.Select:
    """SELECT key and the figure, under the addition's name, GROUPed BY person."""
    rows = LinkedRows(context, came, addition.link)
    figure = _figure(addition.function, rows.value(addition.attribute) if addition.attribute else None)
    key = trees.named(key_of("o"), KEY)
    query = rows.of_everybody([key, trees.named(figure, addition.name)], addition.where)
    return query.group_by(key_of("o"), copy=False)


def _figure(function: str, subject: Subject | None) -> exp.Expr:
    if subject is None:
        return exp.Count(this=exp.Star())
    value = sortable(subject)
    match function:
        case "count":
            return exp.Count(this=value)
        case "count_distinct":
            return exp.Count(this=exp.Distinct(expressions=[value]))
        case "min" | "max":
            return _extreme(function, subject)
    figure = exp.Sum(this=value) if function == "sum" else exp.Avg(this=value)
    return figure if subject.type is FieldType.FLOAT else trees.cast(figure, "numeric")


def _extreme(function: str, subject: Subject) -> exp.Expr:
    """A text is chosen by code point, and keeps the collation it had."""
    found = (exp.Min if function == "min" else exp.Max)(this=sortable(subject))
    if subject.type is FieldType.TEXT:
        return trees.collated(storable(Subject(found, subject.type)), "default")
    return found
