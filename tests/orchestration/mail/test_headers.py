from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from orchestration.mail.headers import (
    date_header,
    literal_header,
    mailbox_header,
    message_id_header,
    text_header,
    unsubscribe_headers,
)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.test/\r\nX: y",
        "https://a.test/ü",
        "https://a.test/<x>",
        "ftp://a.test",
        "https://a.test/a b",
        "https://a.test/,b",
    ],
)
def test_an_unsubscribe_url_that_cannot_stay_literal_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="List-Unsubscribe"):
        unsubscribe_headers(url)


@pytest.mark.parametrize("message_id", ["x@y.test", "<x y@z.test>", "<x@y.test>\r\nX: y", "<é@y.test>", ""])
def test_a_message_id_that_is_none_is_refused(message_id: str) -> None:
    with pytest.raises(ValueError, match="Message-ID"):
        message_id_header(message_id)


def test_a_literal_header_takes_no_blanks_or_breaks() -> None:
    for value in ("a b", "a\r\nb", "é", ""):
        with pytest.raises(ValueError, match="printable ASCII"):
            literal_header(b"Feedback-ID", value)


@pytest.mark.parametrize(
    ("display", "line"),
    [
        ("", b"From: a@b.test\r\n"),
        ("Kim Lee", b"From: Kim Lee <a@b.test>\r\n"),
        ("Lee, Kim", b'From: "Lee, Kim" <a@b.test>\r\n'),
        ('A "B" \\ C', b'From: "A \\"B\\" \\\\ C" <a@b.test>\r\n'),
        ("Zoë", b"From: =?utf-8?q?Zo=C3=AB?= <a@b.test>\r\n"),
        ("김", b"From: =?utf-8?b?6rmA?= <a@b.test>\r\n"),
    ],
)
def test_a_display_name_takes_the_simplest_form_that_is_right(display: str, line: bytes) -> None:
    assert mailbox_header(b"From", display, "a@b.test") == line


def test_a_long_address_goes_to_a_line_of_its_own() -> None:
    address = "a" * 60 + "@" + "b" * 60 + ".test"
    assert (
        mailbox_header(b"From", "Zoë", address)
        == b"From: =?utf-8?q?Zo=C3=AB?=\r\n <%s>\r\n" % address.encode()
    )


def test_the_longest_plain_subject_is_not_encoded_and_a_longer_one_is() -> None:
    assert text_header(b"Subject", "x" * 67) == b"Subject: " + b"x" * 67 + b"\r\n"
    assert text_header(b"Subject", "x" * 68).startswith(b"Subject: =?utf-8?q?")


def test_the_date_is_written_in_utc() -> None:
    moment = datetime(2026, 3, 9, 14, 5, 6, tzinfo=timezone(timedelta(hours=9)))
    assert date_header(moment) == b"Date: Mon, 09 Mar 2026 05:05:06 +0000\r\n"
