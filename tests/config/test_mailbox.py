from __future__ import annotations

from pathlib import Path

import pytest

from config.mailbox import LOG, Mailbox, MailStore, read_message
from tests.orchestration.mail.test_messages import letter, make

CONTENT = b"Subject: Hi\r\nMessage-ID: <1.2@shop.test>\r\n\r\nbody\r\n"


@pytest.fixture
def store(tmp_path: Path) -> MailStore:
    return MailStore(tmp_path / "mail")


def keep(store: MailStore, *recipients: str, content: bytes = CONTENT) -> None:
    store.keep(content, sender="news@shop.test", recipients=list(recipients))


def test_an_empty_or_missing_folder_has_no_messages(tmp_path: Path) -> None:
    assert Mailbox(tmp_path / "none").messages_for("a@b.test") == []
    assert Mailbox(tmp_path).latest() == []


def test_a_torn_line_hides_itself_only(store: MailStore) -> None:
    keep(store, "a@b.test")
    store.close()
    log = store.folder / LOG
    log.write_bytes(log.read_bytes() + b'{"at": "2026-03')
    keep(again := MailStore(store.folder), "a@b.test")
    again.close()
    assert len(Mailbox(store.folder).messages_for("a@b.test")) == 2


def test_a_line_that_is_being_written_is_not_read_yet(store: MailStore) -> None:
    keep(store, "a@b.test")
    log, mailbox = store.folder / LOG, Mailbox(store.folder)
    whole = log.read_bytes()
    log.write_bytes(whole[:-5])
    assert mailbox.messages_for("a@b.test") == []
    log.write_bytes(whole)
    assert len(mailbox.messages_for("a@b.test")) == 1


def test_finds_messages_by_address_newest_first(store: MailStore) -> None:
    mailbox = Mailbox(store.folder)
    keep(store, "a@b.test", content=CONTENT.replace(b"1.2", b"1.1"))
    assert [entry.message_id for entry in mailbox.messages_for("A@B.test")] == ["<1.1@shop.test>"]
    keep(store, "a@b.test", "c@d.test")
    assert [entry.message_id for entry in mailbox.messages_for("a@b.test")] == [
        "<1.2@shop.test>",
        "<1.1@shop.test>",
    ]
    assert [entry.recipient for entry in mailbox.latest(limit=2)] == ["c@d.test", "a@b.test"]
    assert mailbox.messages_for("a@b.test", limit=1)[0].message_id == "<1.2@shop.test>"


def test_follows_a_log_that_was_emptied(store: MailStore) -> None:
    keep(store, "a@b.test")
    keep(store, "a@b.test")
    mailbox = Mailbox(store.folder)
    assert len(mailbox.latest()) == 2
    (store.folder / LOG).write_bytes(b"")
    keep(store, "a@b.test")
    assert len(mailbox.latest()) == 1


def test_reads_a_message_as_its_recipient_sees_it(store: MailStore) -> None:
    keep(
        store,
        "kim@example.test",
        content=make().build(letter(subject="Grüße", sender="Zoë", name="Kim & Co")),
    )
    mailbox = Mailbox(store.folder)
    read = mailbox.read(mailbox.latest()[0])
    assert (read.subject, read.sender) == ("Grüße", "Zoë <news@shop.test>")
    assert "<p>Dear Kim &amp; Co," in read.html
    assert read.text.startswith("Hi Kim & Co!")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no headers",
        b"\xff\xfe",
        b"Subject: =?x?q?y?=\r\n\r\nbody",
        b"Content-Type: text/plain; charset=no\r\n\r\nx",
    ],
)
def test_reads_broken_messages_without_an_error(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.eml").write_bytes(content)
    assert isinstance(read_message(tmp_path / "x.eml").text, str)
