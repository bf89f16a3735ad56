"""The document a message is shown in: what it may do, whoever opens it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from campaigns.admin.page import campaign_url
from tests.config.admin.pages import mailing

pytestmark = pytest.mark.django_db

HTML = '<p style="color: red">Hi</p><script>x()</script><img src="https://x.example/p.png">'


def framed(client: Client, **sent: str) -> tuple[str, dict[str, str]]:
    answer = client.post(campaign_url(mailing(), "email_frame"), {"html": HTML, **sent})
    assert answer.status_code == 200
    return answer.content.decode(), dict(answer.headers.items())


def test_it_may_run_nothing_and_load_nothing(viewer: Client) -> None:
    page, headers = framed(viewer)
    policy = dict(
        part.strip().split(" ", 1) if " " in part.strip() else (part.strip(), "")
        for part in headers["Content-Security-Policy"].split(";")
    )
    assert policy["sandbox"] == ""
    assert (
        policy["default-src"]
        == policy["script-src"]
        == policy["frame-src"]
        == policy["form-action"]
        == "'none'"
    )
    assert (policy["img-src"], policy["style-src"]) == ("data:", "'unsafe-inline'")
    assert policy["frame-ancestors"] == "'self'"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert 'style="color: red"' in page
    assert "x()" not in page
    assert "x.example/p.png" not in page


def test_dark_is_as_mail_programs_make_it(viewer: Client) -> None:
    assert "invert" in framed(viewer, scheme="dark")[0]


def test_no_other_site_can_have_something_shown_here(viewer: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = viewer.cookies
    assert strict.post(campaign_url(mailing(), "email_frame"), {"html": HTML}).status_code == 403


def test_the_canvas_frames_pages_of_this_server_alone(author: Client) -> None:
    policy = author.get(campaign_url(mailing(), "canvas")).headers["Content-Security-Policy"]
    assert re.search(r"frame-src 'self'(;|$)", policy)
