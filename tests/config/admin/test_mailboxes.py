from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from config.admin.mailboxes import mailbox_of_the_sink, name_of
from config.mailbox import Mailbox, MailStore

pytestmark = pytest.mark.django_db

MAIL = (
    b"From: Shop <shop@example.com>\r\nTo: ada@example.com\r\nSubject: Hello Ada\r\n"
    b"Message-ID: <1@mail.example.com>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    b'<p>Hi <a href="https://shop.example.com">look</a><script>alert(1)</script></p>\r\n'
)


@pytest.fixture(autouse=True)
def sink(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    settings.MAIL_FOLDER = tmp_path
    mailbox_of_the_sink.cache_clear()
    yield tmp_path
    mailbox_of_the_sink.cache_clear()


def keep(folder: Path, recipient: str = "ada@example.com") -> str:
    store = MailStore(folder)
    store.keep(MAIL, sender="shop@example.com", recipients=[recipient])
    store.close()
    return name_of(Mailbox(folder).latest()[0])


@pytest.mark.parametrize("name", ["nothing", "messages", "..%2f..%2fetc%2fpasswd"])
def test_only_messages_the_log_lists_are_read(publisher: Client, sink: Path, name: str) -> None:
    keep(sink)
    assert publisher.get(f"/admin/mailbox/{name}/").status_code == 404


def test_a_message_whose_file_is_gone_is_not_found(publisher: Client, sink: Path) -> None:
    name = keep(sink)
    for file in sink.rglob("*.eml"):
        file.unlink()
    assert publisher.get(f"/admin/mailbox/{name}/").status_code == 404


def test_an_empty_mailbox_says_what_to_do(publisher: Client) -> None:
    assert "confirm its send" in publisher.get("/admin/mailbox/").content.decode()


def test_mail_is_found_by_its_recipient(publisher: Client, sink: Path) -> None:
    keep(sink)
    keep(sink, "bo@example.com")
    page = publisher.get("/admin/mailbox/?address=ADA@example.com").content.decode()
    assert "ada@example.com" in page
    assert "bo@example.com" not in page


def test_a_message_is_shown_in_a_frame_that_runs_nothing(publisher: Client, sink: Path) -> None:
    name = keep(sink)
    page = publisher.get(f"/admin/mailbox/{name}/").content.decode()
    assert "Hello Ada" in page
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    assert "<script>alert" not in page


def test_the_frame_allows_no_script_and_only_this_site_around_it(publisher: Client, sink: Path) -> None:
    answer = publisher.get(f"/admin/mailbox/{keep(sink)}/body/")
    policy = {each.split()[0]: each.split()[1:] for each in answer["Content-Security-Policy"].split("; ")}
    assert policy["default-src"] == ["'none'"]
    assert all(each.startswith("'nonce-") for each in policy.get("script-src", []))
    assert policy["frame-ancestors"] == ["'self'"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert b'<base target="_blank">' in answer.content
