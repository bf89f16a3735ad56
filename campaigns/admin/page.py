"""The page of one campaign: tabs that each app exports, one frame around them.

Which tabs and acts there are is put together by the composition root; a tab's views know only this page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise

from campaigns.document import Document
from campaigns.drafts import EDITABLE, read_draft
from campaigns.models import Campaign
from campaigns.problems import Problem
from campaigns.rule_questions import Surroundings, surroundings_of

VIEW = "campaigns.view_campaign"
CHANGE = "campaigns.change_campaign"
READING = ("GET", "HEAD")

Text = str | Promise
View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Route:
    """A view below the campaign's address. `may_write` is needed for everything but reading."""

    name: str
    pattern: str
    view: View
    may_read: str = VIEW
    may_write: str = CHANGE
    only_acts: bool = False
    """Whether there is nothing to look at: whoever only looks is led to the flow."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab and its routes, the first of which is the tab itself."""

    label: Text
    icon: str
    routes: Sequence[Route]

    @property
    def name(self) -> str:
        return self.routes[0].name


@dataclass(frozen=True, slots=True)
class Button:
    """An act that is possible now, as the page shows it."""

    label: Text
    icon: str
    url: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of a campaign's routes that need no more than its name."""

    campaign: Campaign

    def __getitem__(self, name: str) -> str:
        return campaign_url(self.campaign, name)


@dataclass(slots=True)
class CampaignPage:
    """What the views of tabs work with. `extras` are what other apps add to the frame."""

    request: HttpRequest
    campaign: Campaign
    tabs: Sequence[Tab]
    route: str
    buttons: Sequence[Button] = ()
    extras: Mapping[str, Any] = field(default_factory=dict)
    affected: Callable[[Document], Sequence[str]] = lambda draft: ()
    """Who is affected by publishing the draft, in sentences."""

    def surroundings(self) -> Surroundings:
        """What a rule of the campaign's draft means here."""
        return surroundings_of(read_draft(self.campaign.slug).document)

    def may(self, permission: str) -> bool:
        return bool(self.request.user.has_perm(permission))

    def demand(self, permission: str) -> None:
        if not self.may(permission):
            raise PermissionDenied

    @property
    def may_edit(self) -> bool:
        return self.may(CHANGE) and self.campaign.state in EDITABLE

    @property
    def is_sent(self) -> bool:
        """Whether something was sent with the request, rather than asked for."""
        return self.request.method not in READING

    def url(self, name: str, /, **kwargs: Any) -> str:
        return campaign_url(self.campaign, name, **kwargs)

    @property
    def urls(self) -> Addresses:
        """For templates: `page.urls.flow`."""
        return Addresses(self.campaign)

    def redirect(self, name: str, /, *, query: str = "", **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(self.url(name, **kwargs) + query)

    def render(self, template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
        frame = {
            **admin.site.each_context(self.request),
            **self.extras,
            "page": self,
            "campaign": self.campaign,
            "opts": Campaign._meta,
            "original": self.campaign,
            "title": self.campaign.name,
            "tabs": [self._shown(tab) for tab in self.tabs if self.may(tab.routes[0].may_read)],
            "may_edit": self.may_edit,
        }
        return TemplateResponse(self.request, template, {**frame, **context}, status=status)

    def _shown(self, tab: Tab) -> dict[str, Any]:
        is_active = any(route.name == self.route for route in tab.routes)
        return {"label": tab.label, "icon": tab.icon, "url": self.url(tab.name), "active": is_active}

    def succeed(self, text: Text) -> None:
        messages.success(self.request, str(text))

    def refuse(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            messages.error(self.request, f"{problem.message} {problem.remedy}".strip())


def campaign_url(campaign: Campaign, name: str, /, **kwargs: Any) -> str:
    return reverse(f"admin:campaign_{name}", kwargs={"campaign_id": campaign.pk, **kwargs})
