"""The pages beside the list of campaigns: calendar, folders, templates."""

from __future__ import annotations

from django.urls import URLPattern, path

from campaigns.admin import folders, gallery
from campaigns.admin.page import CHANGE, VIEW
from campaigns.admin.site_pages import needing
from orchestration.admin.calendar import calendar


def places_of_home() -> list[URLPattern]:
    return [
        path("calendar/", needing(VIEW, calendar), name="campaign_calendar"),
        path("folders/", needing(VIEW, folders.folders), name="campaign_folders"),
        path("folders/<int:folder_id>/", needing(VIEW, folders.folder), name="campaign_folder"),
        path("templates/", needing(VIEW, gallery.gallery), name="campaign_templates"),
        path("templates/<slug:template>/", needing(VIEW, gallery.use), name="campaign_template"),
        path(
            "templates/<slug:template>/delete/",
            needing(CHANGE, gallery.remove),
            name="campaign_template_delete",
        ),
    ]
