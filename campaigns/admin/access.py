"""API tokens, shown once and then never again, and the whole audit log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.admin.site_pages import ReadOnlyAdmin, needing, site_page, tell_problems
from campaigns.audit_words import act_words, door_words
from campaigns.models import ApiToken, AuditEntry
from campaigns.problems import ProblemsError
from campaigns.tokens import SCOPES, issue_token, revoke_token

LIFETIMES = (7, 30, 90, 365)
SCOPE_WORDS = {
    "read": gettext_lazy("read campaigns, runs and reports"),
    "write": gettext_lazy("change drafts and start tests"),
    "publish": gettext_lazy("publish, pause and stop"),
    "confirm": gettext_lazy("confirm sends"),
}


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """Keys to the API. Everybody sees their own; an administrator of tokens sees all."""

    list_display = (
        "name",
        "user",
        "hint",
        "scope_list",
        "created_at",
        "expires_at",
        "revoked_at",
        "last_used_at",
    )
    list_filter = (("expires_at", admin.DateFieldListFilter),)
    search_fields = ("name", "user__username")
    list_select_related = ("user",)
    change_form_before_template = "campaigns/admin/token_acts.html"
    list_before_template = "campaigns/admin/tokens_intro.html"
    fields = ("name", "user", "hint", "scopes", "created_at", "expires_at", "revoked_at", "last_used_at")

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("issue/", needing("campaigns.add_apitoken", issue), name="token_issue"),
            path("<int:pk>/revoke/", needing("campaigns.view_apitoken", revoke), name="token_revoke"),
        ]
        return [*own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> Any:
        found = super().get_queryset(request)
        return (
            found if request.user.has_perm("campaigns.change_apitoken") else found.filter(user=request.user)
        )

    @admin.display(description=gettext_lazy("scopes"))
    def scope_list(self, token: ApiToken) -> str:
        return ", ".join(token.scopes)


def issue(request: HttpRequest) -> HttpResponse:
    """A new token for oneself; its secret is shown in the answer and nowhere else."""
    secret = ""
    if request.method == "POST":
        days = request.POST.get("days", "")
        try:
            made = issue_token(
                request.user,
                name=request.POST.get("name", "").strip()[:80] or _("API token"),
                scopes=request.POST.getlist("scopes"),
                expires_at=timezone.now() + timedelta(days=int(days) if days.isdecimal() else 0),
            )
            secret = made.secret
        except (ProblemsError, OverflowError) as error:
            tell_problems(request, getattr(error, "problems", ()))
    context = {
        "secret": secret,
        "scopes": [(name, SCOPE_WORDS[name]) for name in SCOPES],
        "lifetimes": LIFETIMES,
        "opts": ApiToken._meta,
    }
    page = site_page(request, "campaigns/admin/issue_token.html", context, title=_("Issue an API token"))
    page["Cache-Control"] = "no-store"
    return page


def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    own = ApiToken.objects.all()
    if not request.user.has_perm("campaigns.change_apitoken"):
        own = own.filter(user=request.user.pk)
    token = get_object_or_404(own, pk=pk)
    if request.method == "POST":
        revoke_token(token, by=request.user)
        messages.success(request, _("The token opens nothing any more."))
    return HttpResponseRedirect(reverse("admin:campaigns_apitoken_changelist"))


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Who did what, through which door."""

    list_display = ("at", "actor_name", "act", "object", "shown_door")
    fields = (*list_display, "detail")
    list_filter = ("door", ("at", admin.DateFieldListFilter))
    search_fields = ("=object", "=actor_name", "=action")
    search_help_text = gettext_lazy("A whole object such as “campaign win-back”, a user or an act")

    @admin.display(description=gettext_lazy("act"), ordering="action")
    def act(self, entry: AuditEntry) -> str:
        return act_words(entry)

    @admin.display(description=gettext_lazy("door"), ordering="door")
    def shown_door(self, entry: AuditEntry) -> str:
        return door_words(entry)
