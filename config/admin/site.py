"""Routes of the admin that belong to no model: the mailbox, the ledger, a person's way through a run."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern

from config.admin import mailboxes
from reporting.admin import ledger


def urls() -> list[URLPattern]:
    return [*mailboxes.urls(), *ledger.urls()]


admin.site.extra_urls = urls  # type: ignore[attr-defined]  # the theme asks for it
