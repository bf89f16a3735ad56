"""What pages of the admin share that belong to no campaign: their frame, read-only lists, audited changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from campaigns.admin.page import Text
from campaigns.audit import record, through
from campaigns.problems import Problem

View = Callable[..., HttpResponse]


def site_page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, title: Text, status: int = 200
) -> HttpResponse:
    """A page in the admin's frame."""
    frame = {**admin.site.each_context(request), "title": title}
    return TemplateResponse(request, template, {**frame, **context}, status=status)


def needing(permission: str, view: View) -> Any:
    """The view for whoever is signed in and has the permission; acts in it come through the admin."""

    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(permission):
            raise PermissionDenied
        with through("admin"):
            return view(request, *args, **kwargs)

    return admin.site.admin_view(guarded)


def tell_problems(request: HttpRequest, problems: Iterable[Problem]) -> None:
    for problem in problems:
        messages.error(request, f"{problem.message} {problem.remedy}".strip())


class ReadOnlyAdmin(ModelAdmin):  # type: ignore[misc]
    """What happened stays as it happened."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AuditedAdmin(ModelAdmin):  # type: ignore[misc]
    """Changes by its forms are written into the audit log: which fields, not what they hold."""

    warn_unsaved_form = True
    compressed_fields = True

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        verb = "change" if change else "add"
        self._record(request, verb, obj, fields=sorted(form.changed_data))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self._record(request, "delete", obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for obj in queryset:
            self._record(request, "delete", obj)
        super().delete_queryset(request, queryset)

    def _record(self, request: HttpRequest, verb: str, obj: Any, **detail: Any) -> None:
        noun = self.opts.model_name
        record(f"{noun}.{verb}", f"{noun} {obj.pk}", by=request.user, door="admin", **detail)


HIDDEN = _("hidden")
