"""The file store: what people sent for campaigns to load, what runs wrote, and the lines that were rejected."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.admin.site_pages import ReadOnlyAdmin, needing, site_page, tell_problems
from campaigns.files.downloads import download
from campaigns.files.store import keep_upload, remove_file
from campaigns.models import StoredFile
from campaigns.personal_data import PERMISSION
from campaigns.problems import ProblemsError

ADD = "campaigns.add_storedfile"
DELETE = "campaigns.delete_storedfile"


@admin.register(StoredFile)
class StoredFileAdmin(ReadOnlyAdmin):
    """Every file: what it is, who or what made it, and until when it is kept."""

    list_display = (
        "name",
        "origin",
        "shown_size",
        "rows",
        "campaign",
        "run",
        "by",
        "created_at",
        "expires_at",
    )
    list_filter = ("origin", ("created_at", admin.DateFieldListFilter))
    search_fields = ("name", "slug")
    list_select_related = ("by", "campaign")
    list_before_template = "campaigns/admin/files_intro.html"
    fields = (
        "name",
        "slug",
        "origin",
        "download",
        "shown_size",
        "rows",
        "checksum",
        "campaign",
        "activity_id",
        "run",
        "by",
        "created_at",
        "expires_at",
    )
    readonly_fields = fields

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("upload/", needing(ADD, upload), name="file_upload"),
            path("<int:pk>/content/", needing(PERMISSION, content), name="file_content"),
        ]
        return [*own, *super().get_urls()]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(DELETE))

    def delete_model(self, request: HttpRequest, obj: StoredFile) -> None:
        remove_file(obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[StoredFile]) -> None:
        for file in queryset:
            remove_file(file, by=request.user)

    @admin.display(description=gettext_lazy("size"), ordering="size")
    def shown_size(self, file: StoredFile) -> str:
        return filesizeformat(file.size)

    @admin.display(description=gettext_lazy("download"))
    def download(self, file: StoredFile) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("admin:file_content", args=[file.pk]), file.name)


def upload(request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and request.FILES.get("file"):
        file = cast("UploadedFile[Any]", request.FILES["file"])
        try:
            kept = keep_upload(str(file.name), file.chunks(), by=request.user)
        except ProblemsError as error:
            tell_problems(request, error.problems)
        else:
            messages.success(
                request, _("The file is kept; campaigns name it “%(slug)s”.") % {"slug": kept.slug}
            )
            return HttpResponseRedirect(reverse("admin:campaigns_storedfile_changelist"))
    elif request.method == "POST":
        messages.error(request, _("Choose a file first."))
    context = {"opts": StoredFile._meta}
    return site_page(request, "campaigns/admin/file_upload.html", context, title=_("Upload a file"))


def content(request: HttpRequest, pk: int) -> HttpResponse:
    """The file itself: it may hold personal data, so that whoever downloads it is written down."""
    if not request.user.has_perm("campaigns.view_storedfile"):
        raise PermissionDenied
    return download(get_object_or_404(StoredFile, pk=pk), by=request.user)  # type: ignore[return-value]
