"""The page of the canvas: what it is told, and that nothing may run in it but what this server serves."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.test import Client

from campaigns.admin import canvas
from campaigns.admin.page import campaign_url
from tests.config.admin.pages import look, mailing

pytestmark = pytest.mark.django_db


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canvas.finders, "find", lambda _path: Path("canvas.js"))


def told(page: str) -> dict[str, object]:
    found = re.search(r'<script id="canvas-told" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, object] = json.loads(found[1])
    return data


def test_without_a_build_the_page_says_how_to_get_one(
    author: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(canvas.finders, "find", lambda _path: None)
    page = look(author, mailing(), "canvas")
    assert "make canvas" in page
    assert "canvas-told" not in page


def test_no_eval_no_inline_script_and_no_inline_style_is_allowed(author: Client, built: None) -> None:
    answer = author.get(campaign_url(mailing(), "canvas"))
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert re.search(r"script-src 'self'(;|$)", policy)
    assert "default-src 'none'" in policy
    page = answer.content.decode()
    assert not re.findall(r"<script(?![^>]*(?:src=|application/json))", page)
    assert not re.findall(r'\son\w+="|\sstyle="', page)


def test_a_hostile_name_stays_text(author: Client, built: None) -> None:
    campaign = mailing()
    campaign.name = "</script><script>alert(1)</script>"
    campaign.save()
    page = look(author, campaign, "canvas")
    assert "<script>alert" not in page
    assert told(page)["name"] == campaign.name


def test_who_may_only_look_is_told_so(viewer: Client, author: Client, built: None) -> None:
    campaign = mailing()
    assert told(look(author, campaign, "canvas"))["mayEdit"] is True
    assert told(look(viewer, campaign, "canvas"))["mayEdit"] is False


def test_the_campaigns_page_leads_there(author: Client) -> None:
    assert "/canvas/" in look(author, mailing(), "flow")
