"""Save audience: writes the people who come in into an audience of the library, and lets them go on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from campaigns.activity_types import (
    MAIN,
    MAIN_PORT,
    MEMBERS,
    Category,
    Inbound,
    Law,
    Port,
    Settings,
    Shape,
    World,
    register,
)
from campaigns.fixes import writing
from campaigns.models.audience import LONGEST_DAYS
from campaigns.problems import Problem
from campaigns.settings_fields import Shown
from campaigns.targeting.schema import Audience
from orchestration.arrow_lint import population_problems, shape_in
from orchestration.audience_saving import (
    SavedColumn,
    members_of,
    provided,
    save_population,
    saved_columns,
    saving_problems,
)
from orchestration.compilation import CompileContext, ExecutableType, Outflow, Populations
from orchestration.setting_fields import MOST_PARTS, Label, NewAudienceSlug, Widget

MEMBERS_PORT = Port(MEMBERS, _("as saved"), optional=True)


@register
class SaveAudience(ExecutableType):
    """Keeps a population for other campaigns; not in a test run, which only shows what would be saved."""

    name = "save_audience"
    label = _("Save audience")
    description = _("Writes the people who come in into an audience of the library.")
    category = Category.TARGETING
    law = Law.COPY
    icon = "bookmark_add"

    class Config(Settings):
        audience: Annotated[
            NewAudienceSlug, Shown(_("Audience"), _("Its slug, by which rules and campaigns name it."))
        ]
        label: Annotated[
            Label,
            Widget("audience_label"),
            Shown(_("Label"), _("Of a new audience; no two audiences have the same.")),
        ] = ""
        mode: Annotated[
            Literal["create", "overwrite", "append"],
            Shown(_("How"), _("Create refuses an audience that is there; append keeps who is in it.")),
        ] = "overwrite"
        columns: Annotated[
            tuple[SavedColumn, ...],
            Field(max_length=MOST_PARTS),
            Shown(_("Columns to keep"), _("Beside the key, which is always kept.")),
        ] = ()
        retention_days: Annotated[
            int,
            Field(strict=True, ge=0, le=LONGEST_DAYS),
            Shown(_("Days the members are kept"), _("Counted from the last saving; 0: for ever.")),
        ] = 30

    @classmethod
    def ports(cls, config: Any) -> tuple[Port, ...]:
        return (MAIN_PORT, MEMBERS_PORT)

    @classmethod
    def shapes(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Mapping[str, Shape | None]:
        came = shape_in(inbound)
        if came is None:
            return {MAIN: None, MEMBERS: None}
        return {MAIN: came, MEMBERS: Shape(came.dimension, saved_columns(config, came, world))}

    @classmethod
    def provides(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Mapping[str, Audience]:
        return provided(config, shape_in(inbound), world)

    @classmethod
    def keeps_members(cls, config: Any) -> bool:
        return bool(config.mode == "append")

    @classmethod
    def lint(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Iterable[Problem]:
        yield from population_problems(inbound)
        yield from saving_problems(config, shape_in(inbound), world)

    @classmethod
    def lint_in_a_round(cls, config: Any) -> Iterable[Problem]:
        if config.mode == "create":
            message = gettext(
                "A jump leads back to before this activity, and an audience is created only once."
            )
            remedy = gettext(
                "Choose “append” to keep the people of all rounds, or “overwrite” for those of the last."
            )
            fixes = (
                writing("/mode", "append", gettext("Append")),
                writing("/mode", "overwrite", gettext("Overwrite")),
            )
            yield Problem("save_audience.created_again", "/mode", message, remedy, fixes=fixes)

    @classmethod
    def execute(cls, context: CompileContext) -> Populations:
        config, came = context.config, context.population()
        save_population(config, context, came)
        members = members_of(config, context, came)
        return Populations({MAIN: came, MEMBERS: Outflow(members.select, came.dimension, members.columns)})
