"""Problems of the names and rules in an activity's settings, found without running anything."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from sqlglot import exp

from campaigns.activity_types import Shape, World
from campaigns.file_lines import FILE, addressable
from campaigns.fixes import Fixes, free_name, instead, leaving_out, naming, writing
from campaigns.problems import Problem
from campaigns.targeting.attributes import Attribute, find_links
from campaigns.targeting.clock import Clock
from campaigns.targeting.compile import check_rule
from campaigns.targeting.expressions import attribute as expressions
from campaigns.targeting.operands import Expression
from campaigns.targeting.problems import RuleError, as_problems, shown
from campaigns.targeting.rules import Rule
from campaigns.targeting.schema import FieldType, Link
from campaigns.targeting.scope import Compilation, PopulationColumns, Row, Scope, Value
from campaigns.validation import nearest

SAMPLES: Mapping[str, Value] = {
    "text": "text",
    "number": Decimal(1),
    "date": date(2018, 1, 1),
    "boolean": True,
}
"""A value of each type of variable, to check rules with before there is a run."""

LONGEST_NAME = 40
"""Of the added columns, the ids of subsets and all that may be repeated: the shortest limit there is."""

LINT_CLOCK = Clock(datetime(2018, 1, 1, tzinfo=UTC), ZoneInfo("UTC"))


def unknown(name: str, known: Iterable[str], *, path: str, code: str) -> Problem:
    """A name that means nothing, with the nearest ones that do."""
    message = _("“%(name)s” is not known here.") % {"name": shown(name)}
    names = list(known)
    return Problem(code, path, message, nearest(name, names), fixes=instead(path, name, names))


def dimension_problems(dimension: str, world: World, *, path: str) -> Iterator[Problem]:
    known = addressable(world.dimensions)
    if dimension not in known:
        yield unknown(dimension, known, path=path, code="dimension.unknown")
    elif world.dimensions[dimension].table not in world.catalogue.tables:
        message = _("The table of dimension “%(name)s” is no longer registered.") % {"name": dimension}
        yield Problem(
            "dimension.broken", path, message, _("Register the table again, or choose another dimension.")
        )


def is_known(shape: Shape | None, world: World) -> bool:
    """Whether names can be judged: the dimension is there, with its table."""
    found = world.dimensions.get(shape.dimension) if shape else None
    return found is not None and found.table in world.catalogue.tables


def told_for_files(problems: Iterable[Problem], table: str) -> Iterator[Problem]:
    """The same problems; those of lines of a file that lack a person's row name what would find it."""
    for problem in problems:
        if table == FILE and problem.code in ("rule.unknown_attribute", "rule.unknown_link"):
            yield replace(problem, remedy=f"{problem.remedy} {reconcile_first()}")
        else:
            yield problem


def reconcile_first() -> str:
    return _(
        "Lines of a file are nobody yet: name their columns with @, or put a reconciliation before this activity."
    )


def rule_problems(rule: Rule | None, shape: Shape | None, world: World, *, path: str) -> Iterator[Problem]:
    """Everything that keeps a rule from being asked of a population of this shape."""
    if rule is None or shape is None or not is_known(shape, world):
        return
    table = world.dimensions[shape.dimension].table
    scope = lint_scope(table, world, _columns(shape))
    yield from told_for_files(as_problems(check_rule(rule, scope), path), table)


def table_rule_problems(rule: Rule | None, table: str, world: World, *, path: str) -> Iterator[Problem]:
    """The same for a rule on the rows of a table."""
    if rule is not None:
        yield from as_problems(check_rule(rule, lint_scope(table, world)), path)


def attribute_problems(
    names: Mapping[str, str | Expression],
    shape: Shape | None,
    world: World,
    *,
    types: Collection[FieldType] = (),
) -> Iterator[Problem]:
    """Problems of attributes by the path where each stands; `types` are those that suit, all if empty."""
    if shape is not None and is_known(shape, world):
        scope = lint_scope(world.dimensions[shape.dimension].table, world, _columns(shape))
        yield from _named_problems(names, scope, types)


def table_attribute_problems(
    names: Mapping[str, str | Expression], table: str, world: World, *, types: Collection[FieldType] = ()
) -> Iterator[Problem]:
    """The same for attributes of the rows of a table."""
    yield from _named_problems(names, lint_scope(table, world), types)


def _named_problems(
    names: Mapping[str, str | Expression], scope: Scope, types: Collection[FieldType]
) -> Iterator[Problem]:
    for path, name in names.items():
        try:
            found = _meant(name, scope)
        except RuleError as error:
            yield from told_for_files(as_problems(error.problems, path), scope.table)
        else:
            yield from type_problems(found.type, types or tuple(FieldType), path=path)


def type_problems(field_type: FieldType, types: Collection[FieldType], *, path: str) -> Iterator[Problem]:
    if field_type not in types:
        message = _("A field of type %(type)s cannot be used here.") % {"type": field_type.value}
        remedy = _("Choose one of type: %(types)s.") % {"types": ", ".join(each.value for each in types)}
        yield Problem("attribute.wrong_type", path, message, remedy)


def attribute_of(name: str | Expression, shape: Shape, world: World) -> Attribute:
    """What a name means for a population of this shape; raises RuleError."""
    return _meant(name, lint_scope(world.dimensions[shape.dimension].table, world, _columns(shape)))


def table_attribute_of(name: str | Expression, table: str, world: World) -> Attribute:
    """The same for the rows of a table."""
    return _meant(name, lint_scope(table, world))


def attribute_on(name: str | Expression, row: Row, world: World) -> Attribute:
    """The same for a row, with the columns that it carries."""
    return _meant(name, lint_scope(row.table.slug, world, row.columns))


def _meant(name: str | Expression, scope: Scope) -> Attribute:
    state = Compilation.of(scope)
    return expressions.attribute_of(state, state.root(), name, "")


def link_problems(path_of_links: str, table: str, world: World, *, path: str) -> Iterator[Problem]:
    try:
        links_of(path_of_links, table, world)
    except RuleError as error:
        yield from told_for_files(as_problems(error.problems, path), table)


def links_of(path_of_links: str, table: str, world: World) -> tuple[Link, ...]:
    """The links of a path such as `transactions.product` from a table; raises RuleError."""
    return find_links(world.catalogue, world.catalogue.tables[table], path_of_links.split("."), "")


def repeated_problems(
    names: Mapping[str, str],
    *,
    taken: Collection[str] = (),
    code: str,
    mend: Literal["rename", "remove", ""] = "rename",
) -> Iterator[Problem]:
    """Names, by their paths, that stand there twice or are `taken`; `mend` says what can be done about one by itself."""
    seen = set(taken)
    for path, name in names.items():
        if name in seen:
            message = _("The name “%(name)s” is already taken here.") % {"name": name}
            fixes = _MENDS[mend](path, name, {*taken, *names.values()})
            yield Problem(code, path, message, _("Choose another name for one of the two."), fixes=fixes)
        seen.add(name)


_MENDS: Mapping[str, Callable[[str, str, Collection[str]], Fixes]] = {
    "rename": lambda path, name, taken: naming(path, name, free_name(name, taken, LONGEST_NAME)),
    "remove": lambda path, name, taken: (leaving_out(path, _("Remove the repetition")),),
    "": lambda path, name, taken: (),
}


def keeping_chosen() -> Fixes:
    """For columns that are chosen although all are kept, or none."""
    return (
        writing("/keep", "chosen", _("Keep these")),
        leaving_out("/columns", _("Remove the columns")),
    )


def lint_scope(table: str, world: World, columns: PopulationColumns | None = None) -> Scope:
    return Scope(
        catalogue=world.catalogue,
        table=table,
        now=LINT_CLOCK.now,
        zone=str(LINT_CLOCK.zone),
        variables={name: SAMPLES[kind] for name, kind in world.variables.items()},
        columns=columns or {},
    )


def _columns(shape: Shape) -> PopulationColumns:
    return {slug: (column, exp.null()) for slug, column in shape.columns.items()}
