"""A template made of a campaign: the same document, in which the channels are asked for anew.

Whom it is about stays, for the rules speak of its attributes. Rules about what was sent by the campaign itself will
speak of the new one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns.activity_parts import type_of
from campaigns.audit import record
from campaigns.campaign_templates.blanks import CHANNEL, SLUG, Blank, Kind, blank
from campaigns.campaign_templates.gallery import shipped_templates
from campaigns.conflicts import refuse
from campaigns.document import ActivityPart, Document, as_data
from campaigns.drafts import load_draft
from campaigns.models import Campaign, CampaignTemplate

HEADER = ("description", "time_zone", "tags")
"""Of the header this is kept; slug and name are those of the new campaign."""


@transaction.atomic
def save_as_template(
    campaign: Campaign, *, slug: str, name: str, description: str = "", needs: str = "", by: Any = None
) -> CampaignTemplate:
    """Keep the draft as a template; raises ProblemsError where its name or slug does not do."""
    document = load_draft(campaign)
    blanks = channel_blanks(document)
    row = CampaignTemplate(
        slug=slug,
        name=name.strip(),
        description=description.strip(),
        needs=needs.strip(),
        document=with_blanks(document, {each.default: each.name for each in blanks}),
        blanks=[each.as_dict() for each in blanks],
        owner=by,
    )
    _refuse_misnamed(row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        _refuse_taken(slug)
    record("template.save", f"template {slug}", by=by, name=row.name)
    row.refresh_from_db()
    return row


def delete_template(row: CampaignTemplate, *, by: Any = None) -> None:
    """Campaigns that were made of it stay as they are."""
    record("template.delete", f"template {row.slug}", by=by, name=row.name)
    row.delete()


def what_it_needs(document: Document) -> str:
    """What has to be there for such a campaign, as a proposal."""
    dimensions = sorted(set(_settings(document, "dimension")))
    channels = sorted({each.channel for part in document.activities if (each := _Sending(part)).channel})
    said = {
        _("the dimension “%(names)s”"): dimensions,
        _("a channel like “%(names)s”"): channels,
    }
    parts = [words % {"names": "”, “".join(names)} for words, names in said.items() if names]
    return ", ".join(parts)


def channel_blanks(document: Document) -> list[Blank]:
    """One question for each channel the document sends by."""
    used = dict.fromkeys(
        sending.channel for part in document.activities if (sending := _Sending(part)).channel
    )
    names = ("channel" if number == 1 else f"channel-{number}" for number in range(1, len(used) + 1))
    return [
        Blank(name, Kind.CHANNEL, _label(channel, len(used)), default=channel)
        for name, channel in zip(names, used, strict=True)
    ]


def _label(channel: str, count: int) -> str:
    return (
        str(CHANNEL.label)
        if count == 1
        else _("Channel in the place of “%(channel)s”") % {"channel": channel}
    )


def with_blanks(document: Document, channels: Mapping[str, str]) -> dict[str, Any]:
    """The document's data with its channels and its own slug left open."""
    data = as_data(document)
    data["campaign"] = {key: value for key, value in data["campaign"].items() if key in HEADER}
    for part in data.get("activities", []):
        field = _Sending(ActivityPart.model_validate(part)).field
        config = part.get("config", {})
        if field and config.get(field) in channels:
            config[field] = blank(channels[config[field]])
        part["config"] = _own_slug_open(config, document.campaign.slug)
    return data


def _own_slug_open(data: Any, slug: str) -> Any:
    """Conditions on the campaign by which something was sent mean this one by its slug."""
    match data:
        case {"kind": "condition", "attribute": str(attribute), "value": value} if (
            value == slug and attribute.rpartition(".")[2] == "campaign"
        ):
            return {**data, "value": blank(SLUG)}
        case dict():
            return {key: _own_slug_open(value, slug) for key, value in data.items()}
        case list():
            return [_own_slug_open(value, slug) for value in data]
    return data


class _Sending:
    """Which setting of an activity names a channel, if any: the one its type draws as such."""

    def __init__(self, part: ActivityPart) -> None:
        self.field = next(_fields(part, "channel"), "")
        named = part.config.get(self.field) if self.field else None
        self.channel = named if isinstance(named, str) else ""


def _settings(document: Document, widget: str) -> Iterator[str]:
    for part in document.activities:
        values = (part.config.get(field) for field in _fields(part, widget))
        yield from (value for value in values if isinstance(value, str))


def _fields(part: ActivityPart, widget: str) -> Iterator[str]:
    kind = type_of(part)
    properties = kind.Config.model_json_schema().get("properties", {}) if kind else {}
    return (name for name, schema in properties.items() if schema.get("widget") == widget)


def _refuse_misnamed(row: CampaignTemplate) -> None:
    if any(each.slug == row.slug for each in shipped_templates()):
        _refuse_taken(row.slug)
    if not row.name:
        refuse("template.no_name", "/name", _("A template needs a name."), _("Say what it is for."))
    for field in ("slug", "name"):
        try:
            row.clean_fields(exclude=[each.name for each in row._meta.fields if each.name != field])
        except ValidationError as error:
            message = _("This does not do for a template's name or slug.")
            refuse("template.bad_name", f"/{field}", message, " ".join(error.messages))


def _refuse_taken(slug: str) -> None:
    message = _("There is a template “%(slug)s” already.") % {"slug": slug}
    refuse("template.slug_taken", "/slug", message, _("Choose another slug."))
