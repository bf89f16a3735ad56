"""Filling the settings of an activity that loads a file: its format and columns are read from one, not typed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from campaigns.admin.conflicts import save
from campaigns.admin.page import CampaignPage
from campaigns.document import Document
from campaigns.document_edits import with_activity
from campaigns.draft_edits import draft_with
from campaigns.files.refusals import FileRefused
from campaigns.files.store import keep_upload, path_of
from campaigns.files.suggestions import fixed_width_of, suggest
from campaigns.models import StoredFile
from campaigns.problems import ProblemsError

ADD = "campaigns.add_storedfile"


def read_columns(page: CampaignPage, activity_id: str) -> HttpResponse:
    """Keep the file that was sent, read its columns and put them into the settings in place of those there.

    Places of fixed width stay: no file tells them.
    """
    page.demand(ADD)
    document = draft_with(page.campaign, page.request.POST.get("if_match", ""))
    part = next((each for each in document.activities if each.id == activity_id), None)
    if part is None:
        raise Http404(_("The activity “%(id)s” is not in this draft any more.") % {"id": activity_id})
    try:
        config = _filled(page, part.config)

        def change(current: Document) -> Document:
            return with_activity(current, activity_id, label=part.label, config=config)

        conflict = save(page, change, done=_("The columns were read. Look at them before you publish."))
    except ProblemsError as error:
        page.refuse(error.problems)
        conflict = None
    return conflict or page.redirect("activity", activity_id=activity_id)


def _filled(page: CampaignPage, config: Mapping[str, Any]) -> dict[str, Any]:
    sent = page.request.FILES.get("file")
    if sent is None:
        found, source = _named(config), config.get("source")
    else:
        file = keep_upload(str(sent.name), sent.chunks(), by=page.request.user)
        found, source = path_of(file), {"kind": "stored", "file": file.slug}
        if "load" not in page.request.POST and config.get("source"):
            source = config["source"]
    read = suggest(found, fixed_width_of(config.get("format")))
    return {**config, "source": source, "format": read.format, "columns": read.columns}


def _named(config: Mapping[str, Any]) -> Path:
    """The uploaded file that the settings name already."""
    source = config.get("source")
    slug = source.get("file") if isinstance(source, Mapping) else None
    file = StoredFile.objects.filter(slug=slug, origin=StoredFile.Origin.UPLOADED).first() if slug else None
    if file is None:
        raise FileRefused("none", _("No file was chosen."), _("Choose a file to read the columns from."))
    return path_of(file)
