"""Split: send people different ways, by rules, sizes and chance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Annotated, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field
from sqlglot import exp

from campaigns.activity_types import (
    COMPLEMENT_PORT,
    MAIN_PORT,
    Category,
    Inbound,
    Law,
    Port,
    Settings,
    Shape,
    World,
    register,
)
from campaigns.fixes import Fix, leaving_out, writing
from campaigns.json_patch import Operation
from campaigns.problems import Problem, Severity
from campaigns.settings_fields import Shown
from campaigns.targeting.schema import Column, FieldType
from orchestration.arrow_lint import population_problems, shape_in
from orchestration.compilation import CompileContext, ExecutableType, Made, Outflow, Populations
from orchestration.rule_lint import attribute_problems, repeated_problems, rule_problems, unknown
from orchestration.selection.deciding import Decision, deciding
from orchestration.selection.membership import in_none_of, rest_of
from orchestration.selection.preference import COMPARABLE
from orchestration.selection.subsets import Choosing, Limit, Subset, in_one_table
from orchestration.setting_fields import MOST_PARTS, RESERVED, ColumnName, Seed


@register
class Split(ExecutableType):
    """Divides people into subsets, in order: by default each person goes to the first subset that takes them."""

    name = "split"
    label = _("Split")
    description = _("Send people different ways, by rules, sizes and chance.")
    category = Category.TARGETING
    law = Law.PARTITION
    icon = "call_split"

    class Config(Settings):
        subsets: Annotated[
            tuple[Subset, ...],
            Field(min_length=1, max_length=MOST_PARTS),
            Shown(_("Subsets"), _("Processed in this order.")),
        ]
        overlap: Annotated[
            bool,
            Shown(
                _("Enable overlapping of output populations"), _("A person may then be in several subsets.")
            ),
        ] = False
        complement: Annotated[bool, Shown(_("Generate complement"), _("Those in no subset."))] = False
        one_table: Annotated[
            bool,
            Shown(
                _("Generate all subsets in the same table"),
                _("One way out, with each person's subset in a column."),
            ),
        ] = False
        segment_column: Annotated[ColumnName, Shown(_("Column of the subset"))] = "segment"
        seed: Annotated[Seed, Shown(_("Seed"), _("Empty: the id of the activity."))] = ""

    @classmethod
    def ports(cls, config: Any) -> tuple[Port, ...]:
        ways = [Port(subset.id, subset.label or subset.id, subset.skip_empty) for subset in config.subsets]
        rest = [COMPLEMENT_PORT] if config.complement else []
        return (*([MAIN_PORT] if config.one_table else ways), *rest)

    @classmethod
    def law_of(cls, config: Any) -> Law:
        return Law.COVER if config.overlap else Law.PARTITION

    @classmethod
    def shapes(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Mapping[str, Shape | None]:
        came = shape_in(inbound)
        shapes = {port.name: came for port in cls.ports(config)}
        if came is not None and config.one_table:
            shapes["main"] = Shape(came.dimension, {**came.columns, **_segment(config)})
        return shapes

    @classmethod
    def lint(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Iterable[Problem]:
        came = shape_in(inbound)
        ids = {f"/subsets/{number}/id": subset.id for number, subset in enumerate(config.subsets)}
        yield from population_problems(inbound)
        yield from repeated_problems(ids, taken=["complement"], code="split.repeated_subset")
        for number, subset in enumerate(config.subsets):
            yield from _subset_problems(subset, came, world, f"/subsets/{number}")
        if config.one_table:
            yield from _one_table_problems(config, came)

    @classmethod
    def execute(cls, context: CompileContext) -> Populations:
        config, came = context.config, context.population()
        choosing = Choosing(context, came, config.seed or context.activity_id)
        outflows = _one_table(choosing, config) if config.one_table else _several(choosing, config)
        if config.complement:
            outflows["complement"] = Outflow(
                lambda made: rest_of(came, *made.values()),
                came.dimension,
                came.columns,
                decided=deciding(context, came, partial(_decide, config.subsets)),
            )
            return Populations(outflows)
        return Populations(outflows, dropped={"in_no_subset": came})


def _decide(subsets: Sequence[Subset], decision: Decision, _made: Made) -> None:
    """Put down what kept somebody out of each subset."""
    for number, subset in enumerate(subsets):
        place = f"/subsets/{number}"
        if subset.rule:
            decision.rule(f"{place}/rule", subset.rule)
        if subset.limit:
            decision.limit(f"{place}/limit", after=f"{place}/rule" if subset.rule else "")
            named = {"sort": subset.sort and subset.sort.attribute, "limit": subset.limit.by}
            for part, attribute in named.items():
                if attribute:
                    decision.compared(f"{place}/{part}", attribute)


def _several(choosing: Choosing, config: Any) -> dict[str, Outflow]:
    came = choosing.came

    def chosen(subset: Subset, made: Made) -> exp.Select:
        others = [] if config.overlap else list(made.values())
        left = came.row_count - sum(other.row_count for other in others)
        return choosing.select(subset, in_none_of(others), left)

    return {
        subset.id: Outflow(partial(chosen, subset), came.dimension, came.columns, subset.skip_empty)
        for subset in config.subsets
    }


def _one_table(choosing: Choosing, config: Any) -> dict[str, Outflow]:
    columns = {**choosing.came.columns, **_segment(config)}
    select = in_one_table(choosing, config.subsets, column=config.segment_column)
    return {"main": Outflow(select, choosing.came.dimension, columns)}


def _segment(config: Any) -> dict[str, Column]:
    slug = config.segment_column
    return {slug: Column(slug, slug, FieldType.TEXT, gettext("Subset"), nullable=False)}


def _subset_problems(subset: Subset, came: Shape | None, world: World, path: str) -> Iterator[Problem]:
    yield from rule_problems(subset.rule, came, world, path=f"{path}/rule")
    if subset.sort:
        sort = {f"{path}/sort/attribute": subset.sort.attribute}
        yield from attribute_problems(sort, came, world, types=COMPARABLE)
    if subset.limit:
        yield from _limit_problems(subset.limit, came, world, f"{path}/limit")
    if subset.sort and not subset.limit:
        message, remedy = (
            gettext("Sorting decides nothing here."),
            gettext("Give a limit, or remove the sorting."),
        )
        fix = leaving_out(f"{path}/sort", gettext("Remove the sorting"))
        yield Problem(
            "split.sort_without_limit", f"{path}/sort", message, remedy, Severity.WARNING, fixes=(fix,)
        )


def _limit_problems(limit: Limit, came: Shape | None, world: World, path: str) -> Iterator[Problem]:
    if limit.variable:
        numbers = [name for name, kind in world.variables.items() if kind == "number"]
        if limit.variable not in numbers:
            yield unknown(limit.variable, numbers, path=f"{path}/variable", code="variable.unknown")
    if limit.by is None:
        return
    yield from attribute_problems({f"{path}/by": limit.by}, came, world, types=COMPARABLE)
    if limit.percent is not None and limit.of == "inbound":
        message = gettext("Of each group there is no share of everybody who came in.")
        remedy = gettext("Take the percentage of those left, or give a number.")
        fix = writing(f"{path}/of", "left", gettext("Take the percentage of those left"))
        yield Problem("split.share_of_all_in_groups", f"{path}/of", message, remedy, fixes=(fix,))


def _one_table_problems(config: Any, came: Shape | None) -> Iterator[Problem]:
    if config.overlap:
        message = gettext("Nobody can be in one table twice.")
        fixes = (
            writing("/overlap", False, gettext("Let everybody be in one subset only")),
            writing("/one_table", False, gettext("Give each subset a way out of its own")),
        )
        remedy = gettext("Switch off one of the two.")
        yield Problem("split.overlap_in_one_table", "/one_table", message, remedy, fixes=fixes)
    if any(subset.skip_empty for subset in config.subsets):
        message = gettext("One table has one way out, so no single subset can be skipped.")
        remedy = gettext("Switch off “skip the transition when it is empty”.")
        fix = Fix(gettext("Skip none"), tuple(_never_skipped(config.subsets)))
        yield Problem(
            "split.skip_in_one_table", "/one_table", message, remedy, Severity.WARNING, fixes=(fix,)
        )
    taken = [*(came.columns if came else ()), *RESERVED]
    names = {"/segment_column": config.segment_column}
    yield from repeated_problems(names, taken=taken, code="column.taken")


def _never_skipped(subsets: Sequence[Subset]) -> Iterator[Operation]:
    for number, subset in enumerate(subsets):
        if subset.skip_empty:
            yield Operation("replace", f"/subsets/{number}/skip_empty", False)
