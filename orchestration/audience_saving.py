"""Writing a population into an audience of the library, in the transaction of the activity's work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.activity_types import Settings, Shape, World
from campaigns.audience_tables import RESERVED
from campaigns.audiences import (
    Description,
    Members,
    Provenance,
    add_audience,
    lock_audience,
    member_problems,
    write_members,
)
from campaigns.models import Audience, AudienceChange
from campaigns.naming import label_of
from campaigns.problems import Problem, ProblemsError
from campaigns.settings_fields import Shown
from campaigns.targeting import schema, trees
from campaigns.targeting.problems import RuleError
from campaigns.targeting.schema import Column
from orchestration.compilation import Arrival, CompileContext, key_of
from orchestration.exceptions import ActivityFailed
from orchestration.log import log_run
from orchestration.models import ActivityRun
from orchestration.rule_lint import attribute_of, attribute_problems, is_known, repeated_problems
from orchestration.selection.joins import storable
from orchestration.selection.profiles import Profiles
from orchestration.setting_fields import AttributeName, ColumnName, Label

Mode = AudienceChange.Mode


class SavedColumn(Settings):
    """What is kept of each person beside the key, and how it is called in the audience."""

    attribute: Annotated[AttributeName, Shown(_("Source"))]
    name: Annotated[ColumnName, Shown(_("Name in the audience"))]
    label: Annotated[Label, Shown(_("Label"))] = ""


def saved_columns(config: Any, came: Shape | None, world: World) -> dict[str, Column]:
    """The columns of the members; those whose source means nothing are left out."""
    return dict(_columns(config, came, world)) if is_known(came, world) else {}


def _columns(config: Any, came: Shape | None, world: World) -> Iterator[tuple[str, Column]]:
    for each in config.columns if came else ():
        try:
            found = attribute_of(each.attribute, came, world)  # type: ignore[arg-type]
        except RuleError:
            continue
        label = each.label or str(found.column.label)
        yield each.name, Column(each.name, each.name, found.type, label, stored_zone=found.stored_zone)


def audience_after(config: Any, came: Shape | None, world: World) -> schema.Audience | None:
    """The audience as it is once the population was saved; None where that cannot be said."""
    if came is None or not is_known(came, world):
        return None
    there = world.catalogue.audiences.get(config.audience)
    if there and config.mode == "append" and not there.missing:
        return there
    dimension = world.dimensions[came.dimension]
    return schema.Audience(
        slug=config.audience,
        label=config.label or (there.label if there else label_of(config.audience)),
        dimension=came.dimension,
        table=dimension.table,
        key=dimension.key,
        columns=saved_columns(config, came, world),
        campaign=world.campaign,
        archived=there.archived if there else False,
    )


def saving_problems(config: Any, came: Shape | None, world: World) -> Iterator[Problem]:
    """What keeps the population from being saved so, as far as it can be told beforehand."""
    names = {f"/columns/{number}/name": each.name for number, each in enumerate(config.columns)}
    yield from repeated_problems(names, taken=RESERVED, code="column.repeated")
    sources = {f"/columns/{number}/attribute": each.attribute for number, each in enumerate(config.columns)}
    yield from attribute_problems(sources, came, world)
    yield from _label_problems(config, world)
    there = world.catalogue.audiences.get(config.audience)
    if there is not None:
        yield from _conflicts(config, came, there, world)


def _label_problems(config: Any, world: World) -> Iterator[Problem]:
    for other in world.catalogue.audiences.values():
        if config.label and other.label == config.label and other.slug != config.audience:
            message = gettext("The audience “%(slug)s” has this label.") % {"slug": other.slug}
            yield Problem("save_audience.label_taken", "/label", message, gettext("Choose another label."))


def _conflicts(config: Any, came: Shape | None, there: schema.Audience, world: World) -> Iterator[Problem]:
    words = {"label": there.label, "campaign": there.campaign, "dimension": there.dimension}
    if there.is_composed:
        message = gettext("“%(label)s” is composed: its rule says who belongs to it.") % words
        yield Problem("save_audience.composed", "/audience", message, gettext("Save into another audience."))
    elif came and there.dimension != came.dimension:
        message = gettext("“%(label)s” is an audience of “%(dimension)s”.") % words
        yield Problem("save_audience.dimension", "/audience", message, gettext("Save into another audience."))
    elif config.mode == "create" and not there.missing:
        message = gettext("There is an audience “%(label)s” already.") % words
        remedy = gettext("Choose “overwrite” or “append”, or another audience.")
        yield Problem("save_audience.exists", "/mode", message, remedy)
    elif config.mode != "append" and _is_anothers(there, world):
        message = gettext("“%(label)s” is not written by this campaign alone: %(campaign)s") % {
            **words,
            "campaign": there.campaign or gettext("it was imported."),
        }
        remedy = gettext("Choose “append”, or another audience.")
        yield Problem("save_audience.other_campaign", "/mode", message, remedy)


def _is_anothers(there: schema.Audience, world: World) -> bool:
    return there.origin == "imported" or there.campaign not in ("", world.campaign)


def members_of(config: Any, context: CompileContext, came: Arrival) -> Members:
    """Key and columns of everybody who came in, whose row may be gone: then there are only gaps beside the key."""
    columns = saved_columns(config, Shape(came.dimension, came.columns), context.world)
    profiles = Profiles(context, came)
    values = [
        trees.named(storable(profiles.value(each.attribute)), each.name)
        for each in config.columns
        if each.name in columns
    ]
    return Members(profiles.query([key_of(), *values]), columns)


def save_population(config: Any, context: CompileContext, came: Arrival) -> None:
    """Write the population down, or in a test run only that it would be; raises ActivityFailed.

    All of it is the transaction of the activity's work: what is executed again after a crash finds nothing done.
    """
    activity_run = ActivityRun.objects.select_related("run__campaign").get(pk=context.activity_run_id)
    if context.is_test:
        log_run(
            activity_run.run, "audience_not_saved", activity_id=context.activity_id, audience=config.audience
        )
        return
    try:
        change = _write(config, context, came, _provenance(activity_run))
    except ProblemsError as error:
        problem = error.problems[0]
        raise ActivityFailed(f"{problem.message} {problem.remedy}".strip()) from error
    detail = {"audience": config.audience, "added": change.rows_added, "members": change.rows_after}
    log_run(activity_run.run, "audience_saved", activity_id=context.activity_id, **detail)


def _provenance(activity_run: ActivityRun) -> Provenance:
    campaign = activity_run.run.campaign.slug
    return Provenance(campaign=campaign, run=activity_run.run_id, activity=activity_run.activity_id)


def _write(config: Any, context: CompileContext, came: Arrival, provenance: Provenance) -> AudienceChange:
    audience = _locked(config, came)
    _refuse(config, audience, came, replace(context.world, campaign=provenance.campaign))
    members = members_of(config, context, came)
    member_problems(audience, came.dimension, members.columns, append=config.mode == "append")
    mode = Mode(config.mode) if audience.filled_at else Mode.CREATE
    return write_members(audience, mode, members, provenance, append=config.mode == "append")


def _locked(config: Any, came: Arrival) -> Audience:
    """The audience, made where there is none; what its settings say is as the activity says."""
    if not Audience.objects.filter(slug=config.audience).exists():
        wanted = Description(
            slug=config.audience,
            label=config.label or label_of(config.audience),
            dimension=came.dimension,
            retention_days=config.retention_days or None,
        )
        add_audience(wanted, Audience.Origin.SAVED)
    audience = lock_audience(config.audience)
    if config.mode != "append":
        audience.retention_days = config.retention_days or None
        Audience.objects.filter(pk=audience.pk).update(retention_days=audience.retention_days)
    return audience


def _refuse(config: Any, audience: Audience, came: Arrival, world: World) -> None:
    """What the lint says of it once more: the library may have changed since."""
    there = schema.Audience(
        slug=audience.slug,
        label=audience.label,
        dimension=audience.dimension.slug,
        table=audience.dimension.table.slug,
        key="",
        origin=audience.origin,
        campaign=audience.campaign,
        missing=audience.missing,
    )
    problems: Sequence[Problem] = list(_conflicts(config, Shape(came.dimension), there, world))
    if problems:
        raise ProblemsError(problems)


def provided(config: Any, came: Shape | None, world: World) -> Mapping[str, schema.Audience]:
    audience = audience_after(config, came, world)
    return {audience.slug: audience} if audience else {}
