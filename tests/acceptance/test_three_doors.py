"""One document through every door: the file, the API and the code behind the admin store and give the same
bytes.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from campaigns.document import parse_document
from campaigns.document_text import Form, read_document, write_document
from campaigns.drafts import load_draft, save_draft
from campaigns.models import Campaign
from tests.campaigns.api.callers import caller

__all__ = ["caller"]

pytestmark = pytest.mark.django_db

HTML = """<h1>안녕하세요, {{ profile.name }}!</h1>
<p>We miss you 👋 — <a href="https://shop.example.com/?a=1&b=2">look</a>.</p>

{% if x %}  indented # no comment{% endif %}
<a href="{{ unsubscribe_url }}">Leave</a> {{ postal_address }}
"""
DOCUMENT = {
    "tutti": 1,
    "campaign": {
        "slug": "lapsed-pet-owners",
        "name": "Win back — 되찾기 🐶",
        "description": "Cafe\u0301\nyes: 2018-01-01\n",
        "time_zone": "America/Chicago",
        "tags": ["retention", "반려동물", "no"],
    },
    "variables": {
        "data_as_of": {"type": "date", "value": "2018-01-01"},
        "limit": {"type": "number", "value": "12.50"},
        "vip": {"type": "boolean", "value": True},
    },
    "schedule": {"frequency": "weekly", "weekdays": ["mon"], "at": "09:00"},
    "errors": {"policy": "ignore", "consecutive": 5},
    "activities": [
        {
            "id": "lapsed",
            "type": "build_audience",
            "label": "Lapsed pet owners",
            "config": {
                "dimension": "household",
                "complement": True,
                "when_empty": "continue",
            },
        },
        {
            "id": "mail",
            "type": "email",
            "label": "그리웠어요",
            "config": {
                "channel": "marketing-mail",
                "content": {"subject": "{{ profile.name }}: 1e3", "html": HTML},
            },
        },
        {
            "id": "later",
            "type": "not_made_yet",
            "config": {"half": [1, 2.5, 1e22, None, {"": "~"}], "on": "off"},
        },
        {"id": "end", "type": "end"},
    ],
    "transitions": [
        {"from": "lapsed", "to": "mail"},
        {"from": "lapsed", "port": "complement", "to": "later", "label": "the rest"},
        {"from": "mail", "to": "end"},
    ],
    "layout": {"lapsed": [0, 0], "mail": [240, -20]},
}
SLUG = "lapsed-pet-owners"


def through_code(text: str, form: Form, _caller: APIClient, _folder: Path) -> None:
    save_draft(None, read_document(text.encode(), form).document)


def through_file(text: str, form: Form, _caller: APIClient, folder: Path) -> None:
    path = folder / f"campaign.{form}"
    path.write_bytes(text.encode())
    call_command("campaign", "apply", str(path), stdout=io.StringIO())


def through_api(text: str, form: Form, caller: APIClient, _folder: Path) -> None:
    answer = caller.post("/api/v1/campaigns/", text.encode(), content_type=f"application/{form}")
    assert answer.status_code == 201


def exports(caller: APIClient, form: Form) -> set[bytes]:
    """What every door gives out."""
    out = io.StringIO()
    call_command("campaign", "export", SLUG, "--form", form, stdout=out)
    answer = caller.get(f"/api/v1/campaigns/{SLUG}/", headers={"Accept": f"application/{form}"})
    document = load_draft(Campaign.objects.get(slug=SLUG))
    return {out.getvalue().encode(), answer.content, write_document(document, form).encode()}


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("door", [through_code, through_file, through_api])
def test_a_document_is_the_same_through_every_door(
    door: Callable[..., None], form: Form, caller: APIClient, tmp_path: Path
) -> None:
    hashes = set()
    text = write_document(parse_document(DOCUMENT), form)
    for _again in range(2):
        door(text, form, caller, tmp_path)
        assert exports(caller, form) == {text.encode()}
        assert len(exports(caller, Form.JSON)) == len(exports(caller, Form.YAML)) == 1
        hashes.add(Campaign.objects.get(slug=SLUG).draft_hash)
        Campaign.objects.all().delete()
    assert len(hashes) == 1


def test_the_document_is_the_one_that_was_written() -> None:
    document = parse_document(DOCUMENT)
    config = document.activity("mail").config
    assert config["content"]["html"] == HTML
    assert "description: |\n    Café\n    yes: 2018-01-01\n" in write_document(document, Form.YAML)
