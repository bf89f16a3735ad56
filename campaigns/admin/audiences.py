"""The library of audiences: the list, the page of each, composing, importing, and acts that are confirmed first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from celery import current_app
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.admin import rules
from campaigns.admin.audience_forms import composed, described, file_options, form_context, imported
from campaigns.admin.imports import kept_upload
from campaigns.admin.page import Text
from campaigns.admin.site_pages import ReadOnlyAdmin, needing, site_page, tell_problems
from campaigns.admin.state_labels import state_label
from campaigns.audience_refusals import AudienceChanged
from campaigns.audience_uses import uses_of
from campaigns.audiences import archive_audience, delete_audience, put_back, restore_audience
from campaigns.audit import record
from campaigns.catalogue import load_catalogue
from campaigns.imports.members import create_member_import
from campaigns.limited_queries import Unanswered
from campaigns.member_lists import kept_values, member_question
from campaigns.models import Audience, AudienceChange, ImportJob
from campaigns.personal_data import may_see
from campaigns.problems import ProblemsError
from campaigns.rule_questions import Surroundings
from campaigns.targeting.problems import RuleError, as_problems
from campaigns.targeting.rules import parse_rule
from campaigns.targeting.sentence import sentence

VIEW, ADD = "campaigns.view_audience", "campaigns.add_audience"
CHANGE, DELETE = "campaigns.change_audience", "campaigns.delete_audience"
SHOWN_CHANGES = 50

STATES = {
    "archived": gettext_lazy("archived"),
    "empty": gettext_lazy("no members yet"),
    "expired": gettext_lazy("expired"),
    "live": gettext_lazy("live rule"),
    "ready": gettext_lazy("ready"),
}


class InArchive(admin.SimpleListFilter):
    """What is in the archive stands in the list only when it is asked for."""

    title = gettext_lazy("archive")
    parameter_name = "archive"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("yes", gettext_lazy("in the archive")), ("all", gettext_lazy("all"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "all":
            return queryset
        return queryset.filter(archived_at__isnull=self.value() != "yes")


@admin.register(Audience)
class AudienceAdmin(ReadOnlyAdmin):
    """Named sets of people, each with a page of its own."""

    list_display = (
        "label",
        "shown_state",
        "row_count",
        "dimension",
        "origin",
        "campaign",
        "filled_at",
        "expires_at",
        "modified_at",
    )
    list_filter = ("origin", "dimension", InArchive)
    search_fields = ("slug", "label", "campaign")
    list_select_related = ("dimension",)
    list_before_template = "campaigns/admin/audiences_intro.html"

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("compose/", needing(ADD, compose), name="audience_compose"),
            path("import/", needing(ADD, import_new), name="audience_import"),
            path("rules/catalogue/", needing(VIEW, asking(rules.catalogue)), name="audience_catalogue"),
            path("rules/check/", needing(VIEW, asking(rules.check)), name="audience_rule_check"),
            path("rules/count/", needing(VIEW, asking(rules.count)), name="audience_rule_count"),
            path("<int:pk>/edit/", needing(CHANGE, edit), name="audience_edit"),
            path("<int:pk>/import/", needing(CHANGE, import_more), name="audience_import_more"),
            path("<int:pk>/act/<slug:name>/", needing(VIEW, act), name="audience_act"),
            path("<int:pk>/put-back/<int:change>/", needing(CHANGE, back), name="audience_put_back"),
        ]
        return [*own, *super().get_urls()]

    @admin.display(description=gettext_lazy("state"))
    def shown_state(self, audience: Audience) -> SafeString:
        return state_label(audience.state, STATES[audience.state])

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        more = {
            **(extra_context or {}),
            "is_first": not Audience.objects.exists(),
            "may_add": _may(request, ADD),
        }
        answer: HttpResponse = super().changelist_view(request, more)
        return answer

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return show(request, _found(int(object_id) if object_id.isdecimal() else 0))


@dataclass(frozen=True, slots=True)
class Desk:
    """What the rule editor asks from: outside of a campaign there are no variables, and the clock is UTC's."""

    request: HttpRequest

    def surroundings(self) -> Surroundings:
        return Surroundings()


def asking(view: Callable[..., HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    return lambda request: view(Desk(request))


def _may(request: HttpRequest, permission: str) -> bool:
    return bool(request.user.has_perm(permission))


def _found(pk: int) -> Audience:
    related = ("dimension__table", "dimension__key_field", "created_by")
    return get_object_or_404(Audience.objects.select_related(*related), pk=pk)


def _to(audience: Audience) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:campaigns_audience_change", args=[audience.pk]))


def show(request: HttpRequest, audience: Audience) -> HttpResponse:
    """Who is in it, where they came from, what was done to it, and who uses it."""
    context = {
        "audience": audience,
        "state": (audience.state, STATES[audience.state]),
        "words": _words(audience),
        "people": _people(request, audience),
        "kept": _kept(request, audience),
        "changes": list(audience.changes.all()[:SHOWN_CHANGES]),
        "uses": uses_of(audience.slug),
        "may_change": _may(request, CHANGE),
        "may_delete": _may(request, DELETE),
        "opts": Audience._meta,
    }
    return site_page(request, "campaigns/admin/audience.html", context, title=audience.label)


def _words(audience: Audience) -> str:
    if not audience.is_composed:
        return ""
    try:
        rule = parse_rule(audience.rule)
    except RuleError:
        return ""
    return sentence(rule, load_catalogue(), audience.dimension.table.slug)


def _people(request: HttpRequest, audience: Audience) -> dict[str, Any]:
    """The first of them with their own attributes, or why they cannot be shown."""
    try:
        question = member_question(audience)
        found = question.people(personal=may_see(request.user))
        count = question.count().rows[0][0] if audience.is_composed else None
    except RuleError as error:
        return {"problem": " ".join(f"{each.message} {each.remedy}" for each in error.problems)}
    except Unanswered as error:
        return {"problem": str(error)}
    return {"columns": [each.label for each in found.columns.values()], "rows": found.rows, "count": count}


def _kept(request: HttpRequest, audience: Audience) -> dict[str, Any] | None:
    if audience.is_composed or audience.missing or not audience.columns:
        return None
    found = kept_values(audience, personal=may_see(request.user))
    return {"columns": [each.label for each in found.columns.values()], "rows": found.rows}


def compose(request: HttpRequest) -> HttpResponse:
    """A new audience of whom a rule finds."""
    if request.method == "POST":
        made = _done(request, lambda: composed(request.POST, by=request.user))
        if made:
            messages.success(request, _("The audience is in the library."))
            return _to(made)
    return _form(request, None)


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Its name, its description, its rule or how long members are kept."""
    audience = _found(pk)
    if request.method == "POST":
        changed = _done(request, lambda: described(audience, request.POST, by=request.user))
        if changed:
            messages.success(request, _("The audience is changed."))
            return _to(changed)
    return _form(request, audience)


def _form(request: HttpRequest, audience: Audience | None) -> HttpResponse:
    title = audience.label if audience else _("Compose an audience")
    context = {**form_context(audience, request.POST), "opts": Audience._meta}
    status = 422 if request.method == "POST" else 200
    return site_page(request, "campaigns/admin/audience_form.html", context, title=title, status=status)


def _done(request: HttpRequest, work: Callable[[], Audience]) -> Audience | None:
    """What a form makes; None where it is refused, which the person is told."""
    try:
        return work()
    except RuleError as error:
        tell_problems(request, as_problems(error.problems, "/rule"))
    except ProblemsError as error:
        tell_problems(request, error.problems)
    except AudienceChanged as error:
        messages.error(request, str(error))
    return None


def import_new(request: HttpRequest) -> HttpResponse:
    """A new audience of the people a file names."""
    return _import(request, None)


def import_more(request: HttpRequest, pk: int) -> HttpResponse:
    """More people for an audience, or others in their place."""
    return _import(request, _found(pk))


def _import(request: HttpRequest, audience: Audience | None) -> HttpResponse:
    if request.method == "POST" and request.FILES.get("file"):
        try:
            with transaction.atomic():
                job = _begun(request, audience)
            return HttpResponseRedirect(reverse("admin:import_progress", args=[job.pk]))
        except ProblemsError as error:
            tell_problems(request, error.problems)
    elif request.method == "POST":
        messages.error(request, _("Choose a file first."))
    title = audience.label if audience else _("Import an audience")
    context = {**form_context(audience, request.POST), "opts": Audience._meta}
    return site_page(request, "campaigns/admin/audience_import.html", context, title=title)


def _begun(request: HttpRequest, audience: Audience | None) -> ImportJob:
    target = audience or imported(request.POST, by=request.user)
    match, options = file_options(request.POST)
    kept = kept_upload(request.FILES["file"])
    job = create_member_import(kept, target, match=match, options=options, by=cast(User, request.user))
    record("import.upload", f"audience {target.slug}", by=request.user, file=job.file_name, number=job.pk)
    transaction.on_commit(partial(current_app.send_task, "campaigns.import_check", [job.pk]))
    return job


@dataclass(frozen=True, slots=True)
class LibraryAct:
    """One act on an audience: its words, what it needs, and what follows from it."""

    label: Text
    sentence: Text
    permission: str
    perform: Callable[..., object]
    done: Text


ACTS = {
    "archive": LibraryAct(
        gettext_lazy("Archive"),
        gettext_lazy("It is no longer offered. Campaigns that use it go on, and their checks say so."),
        CHANGE,
        archive_audience,
        gettext_lazy("The audience is in the archive."),
    ),
    "restore": LibraryAct(
        gettext_lazy("Take out of the archive"),
        gettext_lazy("It is offered again."),
        CHANGE,
        restore_audience,
        gettext_lazy("The audience is offered again."),
    ),
    "delete": LibraryAct(
        gettext_lazy("Delete"),
        gettext_lazy("Its members and its history go for good. This cannot be undone."),
        DELETE,
        delete_audience,
        gettext_lazy("The audience is deleted."),
    ),
}


def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Shows what an act leads to, or does it once it was confirmed."""
    audience, wanted = _found(pk), ACTS.get(name)
    if wanted is None:
        raise Http404
    if not _may(request, wanted.permission):
        raise PermissionDenied
    if request.method == "POST":
        if (
            _performed(request, partial(wanted.perform, audience, by=request.user), wanted.done)
            and name == "delete"
        ):
            return HttpResponseRedirect(reverse("admin:campaigns_audience_changelist"))
        return _to(audience)
    context = {"audience": audience, "act": wanted, "uses": uses_of(audience.slug), "opts": Audience._meta}
    return site_page(request, "campaigns/admin/audience_act.html", context, title=audience.label)


def back(request: HttpRequest, pk: int, change: int) -> HttpResponse:
    """Put the members back as they were after a change."""
    audience = _found(pk)
    found = get_object_or_404(AudienceChange.objects.select_related("audience"), pk=change, audience=audience)
    if request.method == "POST":
        _performed(request, partial(put_back, found, by=request.user), _("The earlier members are back."))
    return _to(audience)


def _performed(request: HttpRequest, work: Callable[[], object], done: Text) -> bool:
    try:
        work()
    except ProblemsError as error:
        tell_problems(request, error.problems)
        return False
    except AudienceChanged as error:
        messages.error(request, str(error))
        return False
    messages.success(request, str(done))
    return True
