"""Who uses an audience: drafts, published versions, saved filters and other audiences, found by reading what they say.

Nothing points at an audience from a document but its slug, so that documents can be written anywhere: a member called
`audience` names one, in a rule (`kind: member`) as in the settings of an activity.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from campaigns.document import parse_text
from campaigns.models import Activity, Audience, CampaignVersion, PredefinedFilter
from campaigns.validation import pointer

MEMBER = "audience"


@dataclass(frozen=True, slots=True)
class Use:
    """One place that names an audience: an activity of a draft or version, or the rule of a filter or audience."""

    kind: str
    """draft, version, filter or audience."""
    slug: str
    name: str
    activity: str = ""
    version: int | None = None

    def words(self) -> str:
        if self.kind == "audience":
            return _("audience “%(name)s”") % {"name": self.name}
        if self.kind == "filter":
            return _("saved filter “%(name)s”") % {"name": self.name}
        words = {"name": self.name, "activity": self.activity, "number": self.version}
        if self.version is None:
            return _("draft of “%(name)s”, activity “%(activity)s”") % words
        return _("version %(number)d of “%(name)s”, activity “%(activity)s”") % words


def audiences_named(data: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every audience that JSON-like data names, as (JSON pointer, slug); without recursion, however deep."""
    waiting = [(place, data)]
    while waiting:
        where, value = waiting.pop()
        if isinstance(value, dict):
            named = value.get(MEMBER)
            if isinstance(named, str) and named:
                yield where + pointer(MEMBER), named
            waiting += [(where + pointer(key), inner) for key, inner in reversed(value.items())]
        elif isinstance(value, list | tuple):
            waiting += [(where + pointer(n), inner) for n, inner in reversed(list(enumerate(value)))]


def uses_of(slug: str) -> list[Use]:
    """Every use there is: drafts first, then versions in force, saved filters and audiences."""
    return [*_drafts(slug), *_versions(slug), *_filters(slug), *_audiences(slug)]


def _drafts(slug: str) -> Iterator[Use]:
    """The text of the settings narrows the search; what it finds is read."""
    rows = Activity.objects.annotate(text=Cast("config", TextField())).filter(text__contains=f'"{slug}"')
    for row in rows.select_related("campaign").order_by("campaign__slug", "activity_id"):
        if _names(row.config, slug):
            yield Use("draft", row.campaign.slug, row.campaign.name, row.activity_id)


def _versions(slug: str) -> Iterator[Use]:
    """Of each campaign the version in force; what was superseded, stopped or archived starts no run."""
    rows = CampaignVersion.objects.filter(
        state="published", definition__contains=f'"{slug}"', campaign__state__in=_IN_FORCE
    )
    for row in rows.select_related("campaign").order_by("campaign__slug"):
        for part in parse_text(row.definition).activities:
            if _names(part.config, slug):
                yield Use("version", row.campaign.slug, row.campaign.name, part.id, row.number)


_IN_FORCE = ("scheduled", "live", "closed")


def _filters(slug: str) -> Iterator[Use]:
    rows = PredefinedFilter.objects.annotate(text=Cast("rule", TextField()))
    for row in rows.filter(text__contains=f'"{slug}"').order_by("slug"):
        if _names(row.rule, slug):
            yield Use("filter", row.slug, row.label)


def _audiences(slug: str) -> Iterator[Use]:
    rows = Audience.objects.filter(origin=Audience.Origin.COMPOSED).exclude(slug=slug)
    rows = rows.annotate(text=Cast("rule", TextField())).filter(text__contains=f'"{slug}"')
    for row in rows.order_by("slug"):
        if _names(row.rule, slug):
            yield Use("audience", row.slug, row.label)


def _names(data: Any, slug: str) -> bool:
    return any(named == slug for _place, named in audiences_named(data))
