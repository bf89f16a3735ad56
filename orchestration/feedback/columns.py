"""The columns of the feedback views: slug, type, the words for them, and the SQL that fills them.

Aliases in the SQL are those of `views`: m message, d delivery, r activity run, c campaign, e event, l link,
v verdict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from campaigns.models import Channel
from campaigns.targeting.schema import FieldType
from orchestration.models import Delivery, EventKind, ExclusionReason
from orchestration.states import MESSAGE

KEY = "KEY"
"""Stands for the native type of the dimension's key."""


@dataclass(frozen=True, slots=True)
class ViewColumn:
    """One column. `type` is a FieldType, or KEY for the recipient's key."""

    slug: str
    type: FieldType | str
    label: Any
    sql: str
    enumeration: Mapping[str, Any] = field(default_factory=dict)
    nullable: bool = False


_OF_A_MESSAGE: tuple[ViewColumn, ...] = (
    ViewColumn("campaign", FieldType.TEXT, _("Campaign"), "c.slug"),
    ViewColumn("activity", FieldType.TEXT, _("Activity"), "d.activity_id"),
    ViewColumn("run", FieldType.INTEGER, _("Run"), "r.run_id"),
    ViewColumn("channel", FieldType.TEXT, _("Channel"), "d.channel", dict(Channel.choices)),
    ViewColumn("category", FieldType.TEXT, _("Category"), "d.category", dict(Delivery.Category.choices)),
)

MESSAGE_COLUMNS: Sequence[ViewColumn] = (
    ViewColumn("message", FieldType.INTEGER, _("Message"), "m.id"),
    ViewColumn("recipient", KEY, _("Recipient"), "m.recipient_key"),
    *_OF_A_MESSAGE,
    ViewColumn("state", FieldType.TEXT, _("State"), "m.state", dict(MESSAGE.choices)),
    ViewColumn(
        "exclusion_reason",
        FieldType.TEXT,
        _("Excluded because"),
        "m.exclusion_reason",
        dict(ExclusionReason.choices),
        nullable=True,
    ),
    ViewColumn("prepared_at", FieldType.DATETIME, _("Prepared at"), "d.created_at"),
    ViewColumn("finished_at", FieldType.DATETIME, _("Finished at"), "m.finished_at", nullable=True),
)

EVENT_COLUMNS: Sequence[ViewColumn] = (
    ViewColumn("event", FieldType.INTEGER, _("Event"), "e.id"),
    ViewColumn("message", FieldType.INTEGER, _("Message"), "e.message_id"),
    ViewColumn("recipient", KEY, _("Recipient"), "e.recipient_key"),
    *_OF_A_MESSAGE,
    ViewColumn("kind", FieldType.TEXT, _("Kind"), "e.kind", dict(EventKind.choices)),
    ViewColumn("occurred_at", FieldType.DATETIME, _("Occurred at"), "e.occurred_at"),
    ViewColumn("bot", FieldType.BOOLEAN, _("Caused by software"), "coalesce(v.bot, false)"),
    ViewColumn("link", FieldType.TEXT, _("Link"), "l.label", nullable=True),
    ViewColumn("link_url", FieldType.TEXT, _("Link address"), "l.url", nullable=True),
)
