"""The mailbox: messages as their recipients get them, read from the sink that keeps all mail when trying out.

A message is shown in a frame that runs nothing; its links open in a new tab, as a recipient's click would.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from csp.constants import NONCE, NONE, SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from campaigns.admin.site_pages import needing, site_page
from campaigns.personal_data import PERMISSION as PERSONAL
from config.mailbox import Entry, Mailbox, ReadMessage
from orchestration.message_ids import ledger_row_of

SHOWN = 50
FRAMED = {
    "default-src": [NONE],
    "style-src": ["'unsafe-inline'"],
    "img-src": [SELF, settings.PUBLIC_BASE_URL, "data:"],
    "script-src": [NONCE],
    "frame-ancestors": [SELF],
}


@cache
def mailbox_of_the_sink() -> Mailbox:
    """One index a process, which follows the sink's log."""
    return Mailbox(settings.MAIL_FOLDER)


def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest messages, or those to one address."""
    address = request.GET.get("address", "").strip()
    box = mailbox_of_the_sink()
    found = box.messages_for(address, limit=SHOWN) if address else box.latest(limit=SHOWN)
    context = {
        "entries": [{"entry": entry, "name": name_of(entry)} for entry in found],
        "address": address,
        "chosen": request.GET.get("message", ""),
    }
    return site_page(request, "config/admin/mailbox.html", context, title=_("Mailbox"))


def message(request: HttpRequest, name: str) -> HttpResponse:
    """One message: its headers, and frames with what it says."""
    entry, read = _read(name)
    context = {
        "entry": entry,
        "message": read,
        "name": name,
        "ledger_row": ledger_row_of(entry.message_id),
    }
    return site_page(
        request, "config/admin/mailbox_message.html", context, title=read.subject or _("Mailbox")
    )


def body(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part alone, for the frame. Links leave it into a new tab."""
    _entry, read = _read(name)
    page = f'<!doctype html><base target="_blank"><meta name="referrer" content="no-referrer">{read.html}'
    return HttpResponse(page)


def name_of(entry: Entry) -> str:
    """The file's name says which message: it holds nothing of the address."""
    return entry.path.rpartition("/")[2].removesuffix(".eml")


def _read(name: str) -> tuple[Entry, ReadMessage]:
    """Names are looked up among those the log lists, never joined to a path."""
    box = mailbox_of_the_sink()
    entry = next((each for each in box.latest(limit=100_000) if name_of(each) == name), None)
    if entry is None:
        raise Http404(_("The sink has no such message."))
    try:
        return entry, box.read(entry)
    except FileNotFoundError:
        raise Http404(_("The message was removed from the sink's folder.")) from None


def urls() -> list[URLPattern]:
    return [
        path("mailbox/", needing(PERSONAL, mailbox), name="mailbox"),
        path("mailbox/<slug:name>/", needing(PERSONAL, message), name="mailbox_message"),
        path("mailbox/<slug:name>/body/", _framed(body), name="mailbox_body"),
    ]


def _framed(view: Any) -> Any:
    """The frame's own headers have to stand outermost."""
    guarded = needing(PERSONAL, view)
    return xframe_options_sameorigin(csp_replace(FRAMED)(guarded))
