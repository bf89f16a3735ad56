"""Change dimension: from the rows of one table to the rows of another that links lead to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Literal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from campaigns.activity_types import MAIN_PORT, Category, Inbound, Law, Port, Settings, Shape, World, register
from campaigns.fixes import leaving_out
from campaigns.problems import Problem, Severity
from campaigns.settings_fields import Shown
from campaigns.targeting.problems import RuleError
from campaigns.targeting.schema import Column
from orchestration.arrow_lint import population_problems, shape_in
from orchestration.compilation import CompileContext, ExecutableType, Made, Outflow, Populations
from orchestration.rule_lint import (
    dimension_problems,
    is_known,
    keeping_chosen,
    link_problems,
    links_of,
    repeated_problems,
    table_attribute_problems,
    unknown,
)
from orchestration.selection.additions import MOST_FIELDS, MOST_SORTS, RowField, RowSort
from orchestration.selection.deciding import Decision, deciding
from orchestration.selection.dimension_change import added_to, people_who, reached_rows
from orchestration.selection.membership import counted, rest_of
from orchestration.selection.preference import COMPARABLE
from orchestration.setting_fields import MOST_PARTS, RESERVED, ColumnName, DimensionSlug, LinkPath

UNMATCHED_PORT = Port("unmatched", _("unmatched"))


@register
class ChangeDimension(ExecutableType):
    """Follows links to the rows of another dimension, each once; who leads to none leaves by a way of their own."""

    name = "change_dimension"
    label = _("Change dimension")
    description = _("From the rows of one table to those of another that links lead to.")
    category = Category.TARGETING
    law = Law.MAP
    icon = "swap_horiz"

    class Config(Settings):
        dimension: Annotated[DimensionSlug, Shown(_("New targeting dimension"))]
        link: Annotated[LinkPath, Shown(_("Links to follow"), _("From the present dimension's table."))]
        keep: Annotated[
            Literal["all", "none", "chosen"],
            Shown(
                _("Columns to keep"), _("Where several rows lead to the same one, those of the first by key.")
            ),
        ] = "all"
        columns: Annotated[
            tuple[ColumnName, ...], Field(max_length=MOST_PARTS), Shown(_("Chosen columns"))
        ] = ()
        most: Annotated[
            int | None,
            Field(strict=True, ge=1, le=1_000_000),
            Shown(
                _("Most rows of a person"), _("Of the rows that links lead to from each person. Empty: all.")
            ),
        ] = None
        sort: Annotated[
            tuple[RowSort, ...],
            Field(max_length=MOST_SORTS),
            Shown(_("Sorting"), _("Which of them come first; equal rows come in the order of their keys.")),
        ] = ()
        add: Annotated[
            tuple[RowField, ...],
            Field(max_length=MOST_FIELDS),
            Shown(_("Added columns"), _("Attributes of the new dimension.")),
        ] = ()

    @classmethod
    def ports(cls, config: Any) -> tuple[Port, ...]:
        return (MAIN_PORT, UNMATCHED_PORT)

    @classmethod
    def shapes(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Mapping[str, Shape | None]:
        came = shape_in(inbound)
        kept = _kept(config, came.columns if came else {})
        return {"main": Shape(config.dimension, {**kept, **added_to(config, world)}), "unmatched": came}

    @classmethod
    def lint(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Iterable[Problem]:
        came = shape_in(inbound)
        yield from population_problems(inbound)
        yield from dimension_problems(config.dimension, world, path="/dimension")
        if came is not None and is_known(came, world):
            yield from _link_problems(config, came, world)
            yield from _column_problems(config, came)
            yield from _added_problems(config, _kept(config, came.columns), world)

    @classmethod
    def execute(cls, context: CompileContext) -> Populations:
        config, came = context.config, context.population()
        kept = _kept(config, came.columns)
        reached = reached_rows(context, came, config, kept)
        matched = people_who(context, came, config.link)
        return Populations(
            {
                "main": Outflow(reached, config.dimension, {**kept, **added_to(config, context.world)}),
                "unmatched": Outflow(
                    people_who(context, came, config.link, reach=False),
                    came.dimension,
                    came.columns,
                    decided=deciding(context, came, partial(_decide, context)),
                ),
            },
            reported={
                "matched": counted(matched),
                "unmatched": lambda made: counted(rest_of(made["unmatched"])),
            },
        )


def _decide(context: CompileContext, decision: Decision, _made: Made) -> None:
    """Put down the values by which somebody would have been linked."""
    table = context.table_of(decision.came.dimension)
    first = links_of(context.config.link, table.slug, context.world)[0]
    for here, _there in first.on:
        decision.compared("/link", here)


def _kept(config: Any, columns: Mapping[str, Column]) -> dict[str, Column]:
    if config.keep == "none":
        return {}
    return {
        slug: column for slug, column in columns.items() if config.keep == "all" or slug in config.columns
    }


def _added_problems(config: Any, kept: Mapping[str, Column], world: World) -> Iterator[Problem]:
    """Names and attributes of what is added or sorted by, once the new dimension is known."""
    if config.sort and config.most is None:
        message, remedy = gettext("Sorting decides nothing here."), gettext("Say how many rows at most.")
        fixes = (leaving_out("/sort", gettext("Remove the sorting")),)
        yield Problem(
            "change_dimension.needless_sort", "/sort", message, remedy, Severity.WARNING, fixes=fixes
        )
    names = {f"/add/{number}/name": each.name for number, each in enumerate(config.add)}
    yield from repeated_problems(names, taken=[*RESERVED, *kept], code="column.taken")
    shape = Shape(config.dimension)
    if is_known(shape, world):
        table = world.dimensions[config.dimension].table
        added = {f"/add/{number}/attribute": each.attribute for number, each in enumerate(config.add)}
        sorts = {f"/sort/{number}/attribute": each.attribute for number, each in enumerate(config.sort)}
        yield from table_attribute_problems(added, table, world)
        yield from table_attribute_problems(sorts, table, world, types=COMPARABLE)


def _link_problems(config: Any, came: Shape, world: World) -> Iterator[Problem]:
    table = world.dimensions[came.dimension].table
    yield from link_problems(config.link, table, world, path="/link")
    wanted = world.dimensions.get(config.dimension)
    try:
        reached = links_of(config.link, table, world)[-1].target
    except RuleError:
        return
    if wanted and reached != wanted.table:
        message = gettext("These links lead to table “%(table)s”, not to the new dimension's “%(wanted)s”.")
        remedy = gettext("Follow links that end at “%(wanted)s”.")
        words = {"table": reached, "wanted": wanted.table}
        yield Problem("change_dimension.wrong_end", "/link", message % words, remedy % words)


def _column_problems(config: Any, came: Shape) -> Iterator[Problem]:
    for number, name in enumerate(config.columns):
        if name not in came.columns:
            yield unknown(name, came.columns, path=f"/columns/{number}", code="column.unknown")
    if config.columns and config.keep != "chosen":
        remedy = gettext("Set “keep” to “chosen”, or remove the columns.")
        message, fixes = gettext("These are not used."), keeping_chosen()
        yield Problem("change_dimension.needless_columns", "/columns", message, remedy, fixes=fixes)
