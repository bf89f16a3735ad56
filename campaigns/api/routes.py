"""The routes of the API. Other apps hand in registrars for theirs; whatever is no route answers a problem
too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404
from django.urls import URLPattern, URLResolver, re_path
from rest_framework.routers import BaseRouter, SimpleRouter
from rest_framework.views import APIView

from campaigns.api.activity_types import ActivityTypes
from campaigns.api.attributes import Attributes
from campaigns.api.audiences import Audiences
from campaigns.api.campaign_templates import CampaignTemplates
from campaigns.api.campaigns import Campaigns
from campaigns.api.content import TemplateLanguage
from campaigns.api.expressions import Expressions
from campaigns.api.files import Files
from campaigns.api.folders import Folders
from campaigns.api.lint import Lint
from campaigns.api.refusals import answer_exception
from campaigns.api.rules import Rules
from campaigns.api.saved_filters import SavedFilters
from campaigns.api.setting_choices import SettingChoices
from campaigns.api.tables import Tables
from campaigns.api.tokens import Tokens

__all__ = ["NotFound", "register", "routes"]

Registrar = Callable[[BaseRouter], None]


def register(router: BaseRouter) -> None:
    """The endpoints of authoring."""
    router.register("campaigns", Campaigns, basename="campaign")
    router.register("expressions", Expressions, basename="expression")
    router.register("templates", TemplateLanguage, basename="template")
    router.register("audiences", Audiences, basename="audience")
    router.register("lint", Lint, basename="lint")
    router.register("rules", Rules, basename="rule")
    router.register("attributes", Attributes, basename="attribute")
    router.register("filters", SavedFilters, basename="saved-filter")
    router.register("tables", Tables, basename="table")
    router.register("activity-types", ActivityTypes, basename="activity-type")
    router.register("setting-choices", SettingChoices, basename="setting-choice")
    router.register("files", Files, basename="file")
    router.register("campaign-templates", CampaignTemplates, basename="campaign-template")
    router.register("folders", Folders, basename="folder")
    router.register("tokens", Tokens, basename="token")


def routes(*registrars: Registrar) -> list[URLPattern | URLResolver]:
    """The routes of all registrars, and the answer to every other address."""
    router = SimpleRouter()
    for add in registrars:
        add(router)
    return [*router.urls, re_path("", NotFound.as_view())]


class NotFound(APIView):
    """Answers what no route answers, whoever asks."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()
    schema = None

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """Before anything asks for the method."""
        raise Http404

    def get_exception_handler(self) -> Any:
        return answer_exception
