"""An e-mail as it is being written, shown as one real person would get it. Nothing is stored, nothing is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pydantic
from django.utils.translation import gettext as _

from campaigns.content.email_content import EmailContent
from campaigns.content.links import find_links
from campaigns.content.preview import preview
from campaigns.document import Document
from campaigns.models import Campaign, ChannelConfiguration
from campaigns.personal_data import hidden_fields, may_see
from campaigns.problems import ProblemsError
from campaigns.rule_questions import variables_of
from campaigns.validation import problems_of
from orchestration.channel_activities import personal_values
from orchestration.proof_values import EMPTY, Place, place_of, values_for
from orchestration.recipients import People, people_at

NOBODY: Mapping[str, Any] = {"profile": {}, "target": {}}


@dataclass(frozen=True, slots=True)
class SentFrom:
    """What the channel configuration says of the sender; empty as long as none is chosen."""

    name: str = ""
    address: str = ""
    postal_address: str = ""


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A link whose clicks will be counted, and the line of the HTML it stands in."""

    number: int
    url: str
    label: str
    line: int


@dataclass(frozen=True, slots=True)
class ShownEmail:
    """`recipient` is the key of the person it is rendered for, None as long as nobody is known to arrive; `examples`
    are paths that no run has given a value yet. `html` is what the recipient gets, and nothing to be trusted. The
    `text_template` of a text that is derived is what one would go on from to write it oneself.
    """

    recipient: str | None
    examples: tuple[str, ...]
    sender: SentFrom
    subject: str
    preheader: str
    html: str
    text: str
    text_template: str
    text_is_derived: bool
    links: tuple[FoundLink, ...]
    bytes: int


def show_email(
    campaign: Campaign, document: Document, activity_id: str, content: Any, *, recipient: str = "", by: Any
) -> ShownEmail:
    """Raises ProblemsError for a content that cannot be rendered and for a person that is not there, Unanswered."""
    written = _read(content)
    links, _problems = find_links(written.html_template())
    place = place_of(campaign, document, activity_id)
    who, examples, personal = _person(place, written, recipient, by)
    sender = _sender(document, activity_id)
    system = {
        "unsubscribe_url": "#",
        "postal_address": sender.postal_address or _("(the postal address of the channel)"),
    }
    shown = preview(written, {**personal, **system, "variables": variables_of(document)})
    return ShownEmail(
        recipient=who,
        examples=examples,
        sender=SentFrom(shown.from_name.strip() or sender.name, sender.address, sender.postal_address),
        subject=shown.subject,
        preheader=shown.preheader,
        html=shown.html,
        text=shown.text,
        text_template=written.text_template(),
        text_is_derived=not written.text.strip(),
        links=tuple(
            FoundLink(link.number, link.url, link.label, written.line_of_link(link)) for link in links
        ),
        bytes=len(shown.html.encode()),
    )


def people_for_email(
    campaign: Campaign, document: Document, activity_id: str, *, search: str = "", by: Any
) -> People:
    """Whom the e-mail can be shown for; nobody as long as it is not known who arrives."""
    place = place_of(campaign, document, activity_id)
    return people_at(place, search=search, personal=may_see(by)) if place else People(None, ())


def _read(content: Any) -> EmailContent:
    try:
        return EmailContent.model_validate(content)
    except pydantic.ValidationError as error:
        raise ProblemsError(problems_of(error, content)) from None


def _person(
    place: Place | None, content: EmailContent, recipient: str, by: Any
) -> tuple[str | None, tuple[str, ...], Mapping[str, Any]]:
    if place is None:
        return None, (), NOBODY
    personal, paths = may_see(by), sorted(personal_values(content.variables()))
    try:
        found = values_for(place, paths, recipient=recipient, personal=personal)
    except ProblemsError as error:
        if error.problems[0].code == EMPTY:
            return None, (), NOBODY
        raise
    is_hidden = place.dimension.key in hidden_fields(place.table.slug, personal=personal)
    return "" if is_hidden else found.recipient, found.examples, found.values


def _sender(document: Document, activity_id: str) -> SentFrom:
    part = next((each for each in document.activities if each.id == activity_id), None)
    slug = part.config.get("channel") if part else None
    found = ChannelConfiguration.objects.filter(slug=slug).first() if isinstance(slug, str) else None
    return SentFrom(found.sender_name, found.sender_address, found.postal_address) if found else SentFrom()
