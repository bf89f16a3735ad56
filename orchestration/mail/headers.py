"""Writes header lines as bytes. Nothing that reads or folds them again stands between here and the socket.

The standard library folds and encodes what must stay literal (List-Unsubscribe, Message-ID) and alters some
texts; every line written here is checked byte by byte in the tests.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache

from django.utils.translation import gettext as _

from orchestration.mail.encoded_words import FOLD, LINE, encoded_words
from orchestration.transport import Unsendable

CRLF = b"\r\n"
CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
PLAIN_TEXT = re.compile(r"[!-~](?:[ -~]*[!-~])?")
ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
MESSAGE_ID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,120}@[A-Za-z0-9.-]{1,120}>")
LITERAL_URL = re.compile(r"https?://[!#-;=?-~]{1,900}")
TOKEN_LINE = re.compile(r"[!-~]{1,500}")
ENCODED_WORD = "=?"


def text_header(name: bytes, text: str) -> bytes:
    """A header of free text, such as Subject. Raises Unsendable when it has a line break or control
    character.
    """
    value = clean(text)
    if len(name) + 2 + len(value) <= LINE and PLAIN_TEXT.fullmatch(value) and ENCODED_WORD not in value:
        return name + b": " + value.encode("ascii") + CRLF
    if not value:
        return name + b":" + CRLF
    return name + b": " + encoded_words(value, column=len(name) + 2) + CRLF


def mailbox_header(name: bytes, display: str, address: str) -> bytes:
    """A header of one mailbox; `address` has passed `sendable_address`."""
    display = clean(display)
    if not display:
        return name + b": " + address.encode("ascii") + CRLF
    phrase = _phrase(display, column=len(name) + 2)
    bracketed = b"<" + address.encode("ascii") + b">"
    last = len(name) + 2 + len(phrase) if FOLD not in phrase else len(phrase) - phrase.rindex(CRLF) - 2
    gap = b" " if last + 1 + len(bracketed) <= LINE else FOLD
    return name + b": " + phrase + gap + bracketed + CRLF


def literal_header(name: bytes, value: str) -> bytes:
    """A header that is never folded or encoded, of printable ASCII without blanks."""
    if not TOKEN_LINE.fullmatch(value):
        raise ValueError(f"{name.decode()} takes printable ASCII without blanks.")
    return name + b": " + value.encode("ascii") + CRLF


def message_id_header(message_id: str) -> bytes:
    """`message_id` with its angle brackets."""
    if not MESSAGE_ID.fullmatch(message_id):
        raise ValueError(f"{message_id!r} is no Message-ID.")
    return b"Message-ID: " + message_id.encode("ascii") + CRLF


def unsubscribe_headers(url: str) -> bytes:
    """One-click unsubscription (RFC 8058); `url` stays literal on one line."""
    if not LITERAL_URL.fullmatch(url) or "," in url:
        raise ValueError(f"{url!r} cannot stand in List-Unsubscribe.")
    return (
        b"List-Unsubscribe: <"
        + url.encode("ascii")
        + b">"
        + CRLF
        + b"List-Unsubscribe-Post: List-Unsubscribe=One-Click"
    ) + CRLF


def date_header(moment: datetime) -> bytes:
    """`moment` is aware; written in UTC."""
    return _date_of_second(int(moment.timestamp()))


@lru_cache(maxsize=64)
def _date_of_second(second: int) -> bytes:
    return b"Date: " + format_datetime(datetime.fromtimestamp(second, UTC)).encode("ascii") + CRLF


def clean(text: str) -> str:
    """Blanks at the ends and tabs do not survive in headers anyway; line breaks are an attack or a fault of
    the data.
    """
    value = text.replace("\t", " ").strip(" ")
    if CONTROL.search(value):
        raise Unsendable("header_injection", _("A header would contain a line break or control character."))
    return value


def _phrase(display: str, *, column: int) -> bytes:
    if len(display) <= LINE - column and ENCODED_WORD not in display and display.isascii():
        if ATOMS.fullmatch(display):
            return display.encode("ascii")
        quoted = '"' + display.replace("\\", "\\\\").replace('"', '\\"') + '"'
        if len(quoted) <= LINE - column:
            return quoted.encode("ascii")
    return encoded_words(display, column=column)
