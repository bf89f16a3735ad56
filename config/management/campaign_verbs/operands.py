"""What a verb is given: a file, a campaign, a version of one, a run, a person who acts."""

from __future__ import annotations

import sys
from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from campaigns.document import Document, parse_text
from campaigns.document_text import Form, Reading, read_document
from campaigns.drafts import load_draft
from campaigns.models import Campaign, CampaignVersion
from config.management.campaign_verbs.outcome import NotFound

FORMS = {".json": Form.JSON, ".yaml": Form.YAML, ".yml": Form.YAML}


def read_file(name: str) -> Reading:
    """The document in a file, or on standard input for “-”, which may be JSON or YAML."""
    if name == "-":
        raw = sys.stdin.buffer.read()
        return read_document(raw, Form.JSON if raw.lstrip().startswith(b"{") else Form.YAML)
    path = Path(name)
    if not path.is_file():
        raise NotFound(_("There is no file “%(name)s”. Check the path.") % {"name": name})
    return read_document(path.read_bytes(), FORMS.get(path.suffix.lower(), Form.YAML))


def is_file(name: str) -> bool:
    return name == "-" or Path(name).suffix.lower() in FORMS


def find_campaign(slug: str) -> Campaign:
    campaign = Campaign.objects.filter(slug=slug).first()
    if campaign is None:
        raise NotFound(_("There is no campaign “%(slug)s”. Apply its file first.") % {"slug": slug})
    return campaign


def find_version(slug: str, which: str) -> CampaignVersion:
    """A version by its number, or the published one."""
    versions = find_campaign(slug).versions
    found = (
        versions.filter(state="published") if which == "published" else versions.filter(number=_number(which))
    )
    version = found.first()
    if version is None:
        words = {"slug": slug, "which": which}
        raise NotFound(_("Campaign “%(slug)s” has no version “%(which)s”.") % words)
    return version


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 0  # noqa: PLR2004 - fits an integer column


def find_document(operand: str) -> Document:
    """A file, “SLUG” for the draft, “SLUG@3” or “SLUG@published” for a version."""
    if is_file(operand):
        return read_file(operand).document
    slug, _at, which = operand.partition("@")
    if which:
        return parse_text(find_version(slug, which).definition)
    return load_draft(find_campaign(slug))


def find_user(name: str | None) -> AbstractBaseUser | None:
    """The account an act is written down under; None where nobody is named."""
    if not name:
        return None
    user = get_user_model().objects.filter(username=name).first()
    if user is None:
        raise NotFound(_("There is no account “%(name)s”.") % {"name": name})
    return user
