"""Pieces of which the shipped templates are put together. Texts are said in the language of whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from django.utils.translation import gettext as _

from campaigns.campaign_templates.blanks import EVENTS, MESSAGES, SLUG, blank

Part = dict[str, Any]
OVER = "over"


def drawing(activities: Sequence[Part], arrows: Sequence[str], **more: Any) -> Part:
    """A document without its header; arrows are written `source.port target`, and the last activity is the end."""
    end = activity(OVER, "end", _("Over"), {})
    return {"tutti": 1, "activities": [*activities, end], "transitions": [*map(_arrow, arrows)], **more}


def _arrow(words: str) -> Part:
    start, target = words.split()
    source, _dot, port = start.partition(".")
    return {"from": source, "to": target, **({"port": port} if port else {})}


def activity(name: str, kind: str, label: str, config: Part) -> Part:
    return {"id": name, "type": kind, "label": label, "config": config}


def people(name: str, label: str, rule: Part | None = None) -> Part:
    config = {"dimension": blank("dimension"), **({"rule": rule} if rule else {})}
    return activity(name, "build_audience", label, config)


def wait_days(name: str, label: str, days: int) -> Part:
    return activity(name, "wait", label, {"until": {"kind": "duration", "amount": days, "unit": "days"}})


def mail(name: str, label: str, subject: str, text: str, button: str, channel: str = "channel") -> Part:
    """A marketing e-mail with one link. What has to stand at its foot by law stands there."""
    foot = (
        f'<p>{{{{ postal_address }}}} <a href="{{{{ unsubscribe_url }}}}">{escape(_("Unsubscribe"))}</a></p>'
    )
    link = f'<p><a href="https://www.example.com/">{escape(button)}</a></p>'
    html = f"<p>{escape(text)}</p>\n{link}\n{foot}\n"
    config = {"channel": blank(channel), "content": {"subject": subject, "html": html}}
    return activity(name, "email", label, config)


def sent_lately(days: int, *, at_least: int = 1) -> Part:
    """People whom any campaign has sent this many messages in the last days."""
    return {
        "kind": "aggregate",
        "link": blank(MESSAGES),
        "function": "count",
        "where": every(_is("state", "sent"), _in_last("finished_at", days)),
        "operator": "greater_or_equal",
        "value": at_least,
    }


def reacted_lately(days: int) -> Part:
    """People who opened or clicked something in the last days; software that opens mail does not count."""
    kinds = {"kind": "condition", "attribute": "kind", "operator": "in", "value": ["opened", "clicked"]}
    return _came_back(kinds, _in_last("occurred_at", days))


def opened_here(name: str) -> Part:
    """People who opened, or clicked in, what this activity of the campaign sent them."""
    kinds = {"kind": "condition", "attribute": "kind", "operator": "in", "value": ["opened", "clicked"]}
    return _came_back(kinds, _is("campaign", blank(SLUG)), _is("activity", name))


def _came_back(*conditions: Part) -> Part:
    human = {"kind": "condition", "attribute": "bot", "operator": "is_false"}
    return {"kind": "exists", "link": blank(EVENTS), "where": every(*conditions, human)}


def every(*rules: Part) -> Part:
    return {"kind": "all", "of": [*rules]}


def but_not(rule: Part, *without: Part) -> Part:
    return {"kind": "except", "of": [rule, *without]}


def none_of(rule: Part) -> Part:
    return {"kind": "not", "of": rule}


def _is(attribute: str, value: Any) -> Part:
    return {"kind": "condition", "attribute": attribute, "operator": "equal", "value": value}


def _in_last(attribute: str, days: int) -> Part:
    return {"kind": "condition", "attribute": attribute, "operator": "in_period", "value": {"last": days}}
