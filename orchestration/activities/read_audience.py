"""Read audience: everybody who is in an audience of the library, exactly as it is now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field

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
from campaigns.problems import Problem
from campaigns.settings_fields import Shown
from orchestration.audience_reading import AudienceRows, audience_problems, kept_columns, readable
from orchestration.compilation import CompileContext, ExecutableType, Outflow, Populations
from orchestration.rule_lint import keeping_chosen, unknown
from orchestration.setting_fields import MOST_PARTS, AudienceSlug, ColumnName

MISSING_PORT = Port("missing", _("without a row"), optional=True)


@register
class ReadAudience(ExecutableType):
    """Takes the people of an audience; those whose row is gone from the dimension leave by a way of their own."""

    name = "read_audience"
    label = _("Read audience")
    description = _("Everybody who is in an audience of the library.")
    category = Category.TARGETING
    law = Law.SOURCE
    icon = "group"
    inbound_min = 0

    class Config(Settings):
        audience: Annotated[AudienceSlug, Shown(_("Audience"))]
        keep: Annotated[
            Literal["all", "none", "chosen"],
            Shown(_("Columns to carry"), _("What was saved or imported beside the key.")),
        ] = "all"
        columns: Annotated[
            tuple[ColumnName, ...], Field(max_length=MOST_PARTS), Shown(_("Chosen columns"))
        ] = ()
        when_empty: Annotated[Literal["continue", "stop"], Shown(_("When nobody is found"))] = "continue"
        complement: Annotated[
            bool, Shown(_("Generate complement"), _("Everybody in the dimension who is not in the audience."))
        ] = False

    @classmethod
    def ports(cls, config: Any) -> tuple[Port, ...]:
        return (MAIN_PORT, MISSING_PORT, COMPLEMENT_PORT) if config.complement else (MAIN_PORT, MISSING_PORT)

    @classmethod
    def shapes(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Mapping[str, Shape | None]:
        audience = world.catalogue.audiences.get(config.audience)
        if audience is None:
            return {}
        carried = Shape(audience.dimension, kept_columns(config, audience))
        shapes: dict[str, Shape | None] = {"main": carried, "missing": carried}
        return {**shapes, "complement": Shape(audience.dimension)} if config.complement else shapes

    @classmethod
    def lint(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Iterable[Problem]:
        yield from audience_problems(config.audience, world, path="/audience")
        audience = world.catalogue.audiences.get(config.audience)
        for number, name in enumerate(config.columns if audience else ()):
            if audience and name not in audience.columns:
                yield unknown(name, audience.columns, path=f"/columns/{number}", code="column.unknown")
        if config.columns and config.keep != "chosen":
            remedy = gettext("Set “keep” to “chosen”, or remove the columns.")
            message, fixes = gettext("These are not used."), keeping_chosen()
            yield Problem("read_audience.needless_columns", "/columns", message, remedy, fixes=fixes)

    @classmethod
    def execute(cls, context: CompileContext) -> Populations:
        config = context.config
        audience = readable(config.audience, context.world)
        rows = AudienceRows(context, audience, kept_columns(config, audience))
        stops = config.when_empty == "stop"
        outflows = {
            "main": Outflow(rows.present(), audience.dimension, rows.columns, skip_empty=stops),
            "missing": Outflow(rows.missing(), audience.dimension, rows.columns),
        }
        if config.complement:
            outflows["complement"] = Outflow(rows.complement, audience.dimension, decided=rows.decided())
        return Populations(outflows, reported=rows.counted())
