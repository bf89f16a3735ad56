"""The built-in filter on a campaign's feedback, as the rule tree an author could have built by hand.

The rule is about the dimension's own table and reaches the feedback through its links.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from campaigns.models import Link, TargetingDimension
from orchestration.feedback.registration import feedback_tables
from orchestration.verdicts import People

Rule = dict[str, Any]


class Behaviour(StrEnum):
    """What people did, or what was done with them."""

    SENT = "sent"
    DELIVERED = "delivered"
    OPENED = "opened"
    CLICKED = "clicked"
    BOUNCED = "bounced"
    UNSUBSCRIBED = "unsubscribed"
    SILENT = "silent"
    NONE = "none"


BEHAVIOUR_LABELS: Mapping[Behaviour, Any] = {
    Behaviour.SENT: _("was sent a message"),
    Behaviour.DELIVERED: _("had a message delivered"),
    Behaviour.OPENED: _("opened a message"),
    Behaviour.CLICKED: _("clicked a link"),
    Behaviour.BOUNCED: _("had a message bounce"),
    Behaviour.UNSUBSCRIBED: _("unsubscribed"),
    Behaviour.SILENT: _("had a message delivered, and neither opened nor clicked"),
    Behaviour.NONE: _("none of these: nothing was sent, and nothing came back"),
}
_EVENTS = {
    Behaviour.OPENED: "opened",
    Behaviour.CLICKED: "clicked",
    Behaviour.BOUNCED: "bounced",
    Behaviour.UNSUBSCRIBED: "unsubscribed",
}
_BY_SOMEBODY = (Behaviour.OPENED, Behaviour.CLICKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackFilter:
    """Which behaviour, in which campaign, and as narrow as wished.

    `link` is the label or the address of a link (clicks only); `period` is a relative period of rules, such as
    {"last": 30, "unit": "day"}; `people` says whether software's opens and clicks count.
    """

    behaviour: Behaviour
    campaign: str
    activity: str = ""
    link: str = ""
    period: Mapping[str, Any] | None = None
    people: People = People.HUMAN

    def rule(self, dimension: TargetingDimension) -> Rule:
        """The rule over the dimension's table, for `campaigns.targeting.rules.parse_rule`."""
        return _Writer(self, *_links(dimension)).write()


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the rule. The slugs are of the links: people → messages, people → events, message → events."""

    wanted: FeedbackFilter
    messages: str
    events: str
    events_of_message: str

    def write(self) -> Rule:
        behaviour = self.wanted.behaviour
        if behaviour in _EVENTS:
            return self._event(behaviour)
        if behaviour is Behaviour.SILENT:
            return _all(self._delivered(), *(self._event(kind, negate=True) for kind in _BY_SOMEBODY))
        if behaviour is Behaviour.NONE:
            return _all(
                _exists(
                    self.messages, *self._scope("finished_at"), _sent(self.events_of_message), negate=True
                ),
                _exists(self.events, *self._scope("occurred_at"), negate=True),
            )
        return self._delivered() if behaviour is Behaviour.DELIVERED else self._sent()

    def _sent(self) -> Rule:
        return _exists(self.messages, *self._scope("finished_at"), _sent(self.events_of_message))

    def _delivered(self) -> Rule:
        bounced = _exists(self.events_of_message, _is("kind", "bounced"), negate=True)
        return _exists(self.messages, *self._scope("finished_at"), _is("state", "sent"), bounced)

    def _event(self, behaviour: Behaviour, *, negate: bool = False) -> Rule:
        conditions = [*self._scope("occurred_at"), _is("kind", _EVENTS[behaviour])]
        if behaviour in _BY_SOMEBODY and self.wanted.people is People.HUMAN:
            conditions.append({"kind": "condition", "attribute": "bot", "operator": "is_false"})
        if behaviour is Behaviour.CLICKED and self.wanted.link:
            conditions.append(_link(self.wanted.link))
        return _exists(self.events, *conditions, negate=negate)

    def _scope(self, moment: str) -> list[Rule]:
        conditions = [_is("campaign", self.wanted.campaign)]
        if self.wanted.activity:
            conditions.append(_is("activity", self.wanted.activity))
        if self.wanted.period:
            period = dict(self.wanted.period)
            conditions.append(
                {"kind": "condition", "attribute": moment, "operator": "in_period", "value": period}
            )
        return conditions


def _links(dimension: TargetingDimension) -> tuple[str, str, str]:
    messages, events = feedback_tables(dimension)

    def slug(**ends: Any) -> str:
        return str(Link.objects.values_list("slug", flat=True).get(cardinality="many", **ends))

    key = [[dimension.key_field.slug, "recipient"]]
    return (
        slug(source=dimension.table, target=messages, on=key),
        slug(source=dimension.table, target=events, on=key),
        slug(source=messages, target=events),
    )


def _sent(events_of_message: str) -> Rule:
    """Sent, possibly sent, or refused by the other side while it was being sent."""
    refused = _all(_is("state", "failed_permanent"), _exists(events_of_message, _is("kind", "bounced")))
    return {"kind": "any", "of": [_is("state", "sent"), _is("state", "unknown"), refused]}


def _link(name: str) -> Rule:
    """By its label, or by its address where it has none."""
    return {"kind": "any", "of": [_is("link", name), _is("link_url", name)]}


def _is(attribute: str, value: str) -> Rule:
    return {"kind": "condition", "attribute": attribute, "operator": "equal", "value": value}


def _all(*rules: Rule) -> Rule:
    return {"kind": "all", "of": list(rules)}


def _exists(link: str, *conditions: Rule, negate: bool = False) -> Rule:
    return {"kind": "exists", "link": link, "where": _all(*conditions), "negate": negate}
