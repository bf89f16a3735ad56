"""E-mail: prepares one message for each person, has it confirmed and sent, and lets each leave by what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from campaigns.activity_types import Category, Inbound, Law, Port, Settings, Shape, World, register
from campaigns.content.email_content import EmailContent, check_email
from campaigns.content.links import find_links
from campaigns.file_lines import FILE
from campaigns.problems import Problem
from campaigns.settings_fields import Shown
from orchestration.compilation import CompileContext, ExecutableType, Prepared
from orchestration.deliveries import Order, prepare_delivery
from orchestration.rule_lint import reconcile_first, unknown
from orchestration.setting_fields import Widget

PORTS = (
    Port("sent", _("sent")),
    Port("excluded", _("excluded"), optional=True),
    Port("failed", _("failed"), optional=True),
    Port("undecided", _("undecided"), optional=True),
)


@register
class Email(ExecutableType):
    """Sends a personalised e-mail, once to each person."""

    name = "email"
    label = _("E-mail")
    description = _("A personalised e-mail to everybody who arrives here and may be written to.")
    category = Category.CHANNEL
    law = Law.PARTITION
    icon = "mail"

    class Config(Settings):
        channel: Annotated[str, Widget("channel"), Shown(_("Channel configuration"))]
        category: Annotated[
            Literal["marketing", "transactional"],
            Shown(
                _("Category"),
                _("Marketing needs consent; transactional mail does not and must not advertise."),
            ),
        ] = "marketing"
        content: Annotated[EmailContent, Widget("email_content"), Shown(_("Content"))]
        one_per_address: Annotated[bool, Shown(_("One message per address"))] = True
        send_without_confirmation: Annotated[bool, Shown(_("Send without confirmation"))] = False
        retry_hours: Annotated[int, Field(ge=1, le=72), Shown(_("Retry for hours"))] = 24

    @classmethod
    def ports(cls, config: Any) -> tuple[Port, ...]:
        return PORTS

    @classmethod
    def lint(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Iterable[Problem]:
        if world.channels.get(config.channel) != "email":
            yield unknown(config.channel, world.channels, path="/channel", code="channel.unknown")
        shape = next((arrow.shape for arrow in inbound if arrow.shape), None)
        if shape and (dimension := world.dimensions.get(shape.dimension)) and not dimension.email:
            yield _no_address(shape.dimension)
        known = known_values(shape, world) if shape else None
        for problem in check_email(config.content, marketing=config.category == "marketing", known=known):
            yield problem.under("/content")

    @classmethod
    def execute(cls, context: CompileContext) -> Prepared:
        config = context.config
        links, _problems = find_links(config.content.html)
        order = Order(
            channel="email",
            configuration=config.channel,
            category=config.category,
            content=config.content.model_dump(mode="json"),
            values=tuple(sorted(personal_values(config.content.variables()))),
            variables={name: context.variables.get(name) for name in context.world.variables},
            links=tuple((link.number, link.url, link.label) for link in links),
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


def _no_address(dimension: str) -> Problem:
    return Problem(
        code="email.no_address",
        path="",
        message=_now("The dimension “%(slug)s” has no e-mail field.") % {"slug": dimension},
        remedy=_now("Put a change of dimension before this activity, or name the field in the dimension.")
        if dimension != FILE
        else reconcile_first(),
    )
