"""Enrichment: the same people, with more columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from campaigns.activity_types import MAIN, Category, Inbound, Law, Settings, Shape, World, register
from campaigns.graph import Arrow
from campaigns.problems import Problem
from campaigns.settings_fields import Shown
from campaigns.targeting.schema import Column
from orchestration.arrow_lint import population_problems, primary_problems, shape_in
from orchestration.compilation import Arrival, CompileContext, ExecutableType, Outflow, Populations, means
from orchestration.selection.addition_lint import addition_problems, name_problems
from orchestration.selection.additions import Addition, added
from orchestration.selection.enrichments import Enriching
from orchestration.setting_fields import MOST_PARTS, ArrowName

MOST_COLUMNS = 400


@register
class Enrichment(ExecutableType):
    """Adds columns to the people who come in, for the rules, splits and messages behind it to use."""

    name = "enrichment"
    label = _("Enrichment")
    description = _("The same people, with more columns.")
    category = Category.TARGETING
    law = Law.PARTITION
    icon = "playlist_add"
    inbound_max = None

    class Config(Settings):
        primary: Annotated[
            ArrowName, Shown(_("Primary set"), _("Whose people go on, where several sets come in."))
        ] = ""
        add: Annotated[
            tuple[Addition, ...], Field(min_length=1, max_length=MOST_PARTS), Shown(_("Enrichment data"))
        ]

    @classmethod
    def shapes(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Mapping[str, Shape | None]:
        came = shape_in(inbound, config.primary)
        if came is None:
            return {MAIN: None}
        return {MAIN: Shape(came.dimension, {**came.columns, **_columns(config, came, inbound, world)})}

    @classmethod
    def lint(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Iterable[Problem]:
        yield from population_problems(inbound)
        yield from primary_problems(config.primary, inbound, code="enrichment.no_primary")
        came = shape_in(inbound, config.primary)
        yield from name_problems(config.add, came)
        if came is None:
            return
        for number, addition in enumerate(config.add):
            yield from addition_problems(addition, came, inbound, world, path=f"/add/{number}")
        if len(_columns(config, came, inbound, world)) + len(came.columns) > MOST_COLUMNS:
            message = gettext("This makes more than %(most)d columns.") % {"most": MOST_COLUMNS}
            yield Problem("enrichment.too_many", "/add", message, gettext("Retrieve fewer lines or fields."))

    @classmethod
    def may_start(cls, config: Any, arrived: Sequence[Arrow]) -> bool:
        return any(not config.primary or means(config.primary, arrow) for arrow in arrived)

    @classmethod
    def execute(cls, context: CompileContext) -> Populations:
        config, came = context.config, context.population(context.config.primary)
        inbound = [Inbound(each.source, each.port, _shape(each)) for each in context.arrivals]
        columns = {**came.columns, **_columns(config, _shape(came), inbound, context.world)}
        select = Enriching(context, came).select(config.add)
        return Populations({MAIN: Outflow(select, came.dimension, columns)}, subjects=[came])


def _columns(config: Any, came: Shape | None, inbound: Sequence[Inbound], world: World) -> dict[str, Column]:
    return {
        slug: column
        for addition in config.add
        for slug, column in added(addition, came, inbound, world).items()
    }


def _shape(arrival: Arrival) -> Shape | None:
    return Shape(arrival.dimension, arrival.columns) if arrival.is_population else None
