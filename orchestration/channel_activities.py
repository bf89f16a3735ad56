"""What the activities of all channels share: their settings, their ways out, and the order they place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

import pydantic
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from campaigns.activity_types import Category, Inbound, Law, Port, Settings, Shape, World
from campaigns.file_lines import FILE
from campaigns.problems import Problem
from campaigns.settings_fields import Shown
from orchestration.channel_types import channel_type
from orchestration.compilation import CompileContext, ExecutableType, Prepared
from orchestration.deliveries import Order, prepare_delivery
from orchestration.rule_lint import reconcile_first, unknown

PORTS = (
    Port("sent", _("sent")),
    Port("excluded", _("excluded"), optional=True),
    Port("failed", _("failed"), optional=True),
    Port("undecided", _("undecided"), optional=True),
)

Links = Iterable[tuple[int, str, str]]


class ChannelSettings(Settings):
    """A channel activity declares `channel` and `content` again, with its own widget and its own content."""

    channel: str
    category: Annotated[
        Literal["marketing", "transactional"],
        Shown(
            _("Category"),
            _("Marketing needs consent; transactional messages do not and must not advertise."),
        ),
    ] = "marketing"
    content: pydantic.BaseModel
    one_per_address: Annotated[bool, Shown(_("One message per address"))] = True
    send_without_confirmation: Annotated[bool, Shown(_("Send without confirmation"))] = False
    retry_hours: Annotated[int, Field(ge=1, le=72), Shown(_("Retry for hours"))] = 24


class ChannelActivity(ExecutableType):
    """Prepares one message for each person through the channel that it is named after."""

    category = Category.CHANNEL
    law = Law.PARTITION

    @classmethod
    def ports(cls, config: Any) -> tuple[Port, ...]:
        return PORTS

    @classmethod
    def content_problems(cls, config: Any, known: frozenset[str] | None) -> Iterable[Problem]:
        """What is wrong with the content; `known` are the paths that have a value, None where nobody can tell."""
        raise NotImplementedError

    @classmethod
    def links(cls, config: Any) -> Links:
        """The links of the content that are tracked: number, URL, label."""
        return ()

    @classmethod
    def lint(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Iterable[Problem]:
        channel = channel_type(cls.name)
        if world.channels.get(config.channel) != channel.name:
            offered = [slug for slug, name in world.channels.items() if name == channel.name]
            yield unknown(config.channel, offered, path="/channel", code="channel.unknown")
        shape = next((arrow.shape for arrow in inbound if arrow.shape), None)
        dimension = world.dimensions.get(shape.dimension) if shape else None
        if dimension and not getattr(dimension, channel.role):
            yield _no_address(channel.name, str(channel.lacks_address), dimension.slug)
        known = known_values(shape, world) if shape else None
        for problem in cls.content_problems(config, known):
            yield problem.under("/content")

    @classmethod
    def execute(cls, context: CompileContext) -> Prepared:
        config = context.config
        order = Order(
            channel=cls.name,
            configuration=config.channel,
            category=config.category,
            content=config.content.model_dump(mode="json"),
            values=tuple(sorted(personal_values(config.content.variables()))),
            variables={name: context.variables.get(name) for name in context.world.variables},
            links=tuple(cls.links(config)),
            one_per_address=config.one_per_address,
            send_without_confirmation=config.send_without_confirmation,
            retry_hours=config.retry_hours,
        )
        delivery = prepare_delivery(context, order)
        return Prepared(delivery.pk, delivery.state)


def personal_values(paths: Iterable[str]) -> set[str]:
    """Of the paths a content uses, those that differ from person to person, cut to the column they begin with."""
    return {".".join(path.split(".")[:2]) for path in paths if path.split(".")[0] in ("profile", "target")}


def known_values(shape: Shape, world: World) -> frozenset[str]:
    """Every path that has a value at this point: columns of the dimension, columns added on the way, variables."""
    profile: Mapping[str, Any] = {}
    if dimension := world.dimensions.get(shape.dimension):
        profile = world.catalogue.tables[dimension.table].columns
    paths = [f"profile.{slug}" for slug in profile]
    paths += [f"target.{slug}" for slug in shape.columns]
    paths += [f"variables.{name}" for name in world.variables]
    return frozenset(paths)


def _no_address(channel: str, said: str, dimension: str) -> Problem:
    return Problem(
        code=f"{channel}.no_address",
        path="",
        message=said % {"slug": dimension},
        remedy=_now("Put a change of dimension before this activity, or name the field in the dimension.")
        if dimension != FILE
        else reconcile_first(),
    )
