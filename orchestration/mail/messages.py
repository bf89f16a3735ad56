"""Compiles an e-mail content once and makes each person's message from it, as the bytes that go over the
wire.

The content is multipart/alternative, text then HTML. Static parts were encoded at compile time, values are
encoded as they are spliced in; what comes out decodes to exactly what the templates render. Addresses,
consent and sending are others'.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from campaigns.content.email_content import POSTAL_ADDRESS, UNSUBSCRIBE, EmailContent
from campaigns.content.limits import LimitedText
from campaigns.content.links import Link, find_links
from campaigns.content.templates import (
    RenderError,
    Template,
    compile_rewritten,
    compile_template,
    require_plain,
)
from campaigns.problems import ProblemsError
from orchestration.mail.addresses import sendable_address
from orchestration.mail.buffers import EightBitBuffer, QuotedPrintableBuffer, make_static
from orchestration.mail.headers import (
    CRLF,
    date_header,
    literal_header,
    mailbox_header,
    message_id_header,
    text_header,
    unsubscribe_headers,
)
from orchestration.mail.rewriting import rewritten
from orchestration.tokens import HONEYPOT, PATHS, Purpose, make_token, make_tokens, url_of
from orchestration.transport import Unsendable

LONGEST_LINE = 998
MARKUP = re.compile(r"\{[{%]")
PART = b'Content-Type: text/%s; charset="utf-8"\r\nContent-Transfer-Encoding: %s\r\n\r\n'


class Encoding(StrEnum):
    """How bodies travel: 8bit where the server takes it (RFC 6152), quoted-printable anywhere."""

    EIGHT_BIT = "8bit"
    QUOTED_PRINTABLE = "quoted-printable"


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom a delivery is from; the same for all of its messages."""

    address: str
    name: str = ""
    reply_to: str = ""
    postal_address: str = ""
    feedback_id: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """One person's message: ledger id, Message-ID with its brackets, address, and the values of the
    templates.
    """

    message: int
    message_id: str
    address: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """A compiled delivery. Thread-safe, and worth keeping as long as a process works on the delivery."""

    counts_opens: ClassVar[bool] = True
    marks: ClassVar[bytes] = b""
    """Header lines that say what kind of message it is."""

    sender: Sender
    base_url: str
    marketing: bool
    links: tuple[Link, ...]
    subject: Template
    from_name: Template
    html: Template
    text: Template
    boundary: bytes
    fixed_headers: bytes

    def build(
        self, letter: Letter, *, encoding: Encoding = Encoding.EIGHT_BIT, at: datetime | None = None
    ) -> bytes:
        """The message in CRLF, without dot-stuffing. Raises Unsendable for reasons that lie in this person's
        data.
        """
        require_plain(letter.values)
        unsubscribe = self._unsubscribe_url(letter)
        values = {**letter.values, UNSUBSCRIBE: unsubscribe, POSTAL_ADDRESS: self.sender.postal_address}
        try:
            headers = self._headers(letter, values, unsubscribe, at or datetime.now(UTC))
            html = _part(b"html", self.html, values, encoding, self._urls(letter))
            text = _part(b"plain", self.text, values, encoding, ())
        except RenderError as error:
            raise Unsendable("render_failed", _render_text(error)) from error
        except UnicodeEncodeError as error:
            raise Unsendable("unencodable", _("A value holds half of a character.")) from error
        return self._joined(headers, text, html)

    def _headers(self, letter: Letter, values: Mapping[str, Any], unsubscribe: str, at: datetime) -> bytes:
        return b"".join(
            (
                date_header(at),
                mailbox_header(b"From", line_of(self.from_name, values), self.sender.address),
                mailbox_header(b"To", "", sendable_address(letter.address)),
                text_header(b"Subject", self._subject(values)),
                message_id_header(letter.message_id),
                self.marks,
                unsubscribe_headers(unsubscribe) if self.marketing else b"",
                self.fixed_headers,
            )
        )

    def _joined(self, headers: bytes, text: bytes, html: bytes) -> bytes:
        delimiter = b"--" + self.boundary
        start, between, end = (
            CRLF + delimiter + CRLF,
            CRLF + delimiter + CRLF,
            CRLF + delimiter + b"--" + CRLF,
        )
        message = b"".join((headers, start, text, between, html, end))
        if b"\x00" in message:
            raise Unsendable("nul", _("A value holds a NUL character."))
        return message

    def _subject(self, values: Mapping[str, Any]) -> str:
        return line_of(self.subject, values)

    def _unsubscribe_url(self, letter: Letter) -> str:
        token = make_token(Purpose.UNSUBSCRIBE, message=letter.message)
        return url_of(Purpose.UNSUBSCRIBE, token, base=self.base_url)

    def _urls(self, letter: Letter) -> list[bytes]:
        """The open pixel's URL, then one for each tracked link, then that of the link nobody sees."""
        opened = make_token(Purpose.OPEN, message=letter.message)
        numbers = [*(link.number for link in self.links), HONEYPOT]
        clicks = make_tokens(Purpose.CLICK, ((letter.message, number) for number in numbers))
        prefix = self.base_url + PATHS[Purpose.CLICK]
        return [
            url_of(Purpose.OPEN, opened, base=self.base_url).encode("ascii"),
            *((prefix + token).encode("ascii") for token in clicks),
        ]


def compile_message(
    content: EmailContent,
    sender: Sender,
    *,
    base_url: str,
    marketing: bool,
    track: bool = True,
    template: type[MessageTemplate] = MessageTemplate,
) -> MessageTemplate:
    """Raises ProblemsError when the content cannot be compiled, Unsendable when the sender's address cannot
    be used.

    `base_url` is the public base URL without a slash at its end; with at most 35 characters the unsubscribe
    URL stays within 70. `track` turns link and open tracking on together;
    `template` is the kind of message that is made.
    """
    html = content.html_template()
    compile_template(html, where="html", html=True)
    compile_template(content.preheader, where="preheader", html=True)
    links = _links(html) if track else ()
    source = rewritten(html, links=links, preheader=content.preheader, pixel=track and template.counts_opens)
    boundary = b"=_" + secrets.token_hex(16).encode("ascii")
    return template(
        sender=Sender(
            sendable_address(sender.address),
            sender.name,
            sender.reply_to,
            sender.postal_address,
            sender.feedback_id,
        ),
        base_url=base_url,
        marketing=marketing,
        links=links,
        subject=compile_template(content.subject.strip(), where="subject"),
        from_name=compile_template(content.from_name.strip() or _verbatim(sender.name), where="from_name"),
        html=make_static(compile_rewritten(source, where="html")),
        text=make_static(compile_template(content.text_template(), where="text")),
        boundary=boundary,
        fixed_headers=_fixed_headers(sender, boundary),
    )


def _links(html: str) -> tuple[Link, ...]:
    links, problems = find_links(html)
    if problems:
        raise ProblemsError(problems)
    return tuple(links)


def _verbatim(text: str) -> str:
    """A template that renders as `text`, whatever it holds."""
    return MARKUP.sub(r"{{ '\g<0>' }}", text)


def _fixed_headers(sender: Sender, boundary: bytes) -> bytes:
    return b"".join(
        (
            mailbox_header(b"Reply-To", "", sendable_address(sender.reply_to)) if sender.reply_to else b"",
            literal_header(b"Feedback-ID", sender.feedback_id) if sender.feedback_id else b"",
            b"MIME-Version: 1.0\r\n",
            b'Content-Type: multipart/alternative; boundary="' + boundary + b'"\r\n',
        )
    )


def line_of(template: Template, values: Mapping[str, Any]) -> str:
    if template.constant is not None:
        return template.constant
    buffer = LimitedText()
    template.render_into(buffer, values)
    return buffer.getvalue()


def _part(
    subtype: bytes, template: Template, values: Mapping[str, Any], encoding: Encoding, urls: Sequence[bytes]
) -> bytes:
    """One part with its headers; a line too long for SMTP makes an 8bit part quoted-printable."""
    if encoding is Encoding.EIGHT_BIT:
        plain = EightBitBuffer(urls)
        template.render_into(plain, values)
        body = plain.getvalue()
        if lines_fit(body):
            return PART % (subtype, b"8bit") + body
    quoted = QuotedPrintableBuffer(urls)
    template.render_into(quoted, values)
    return PART % (subtype, b"quoted-printable") + quoted.getvalue()


def lines_fit(body: bytes) -> bool:
    """Whether every line has at most 998 bytes; looks at a few places only, for most lines are short."""
    position, size, step = 0, len(body), LONGEST_LINE + 2
    while size - position > LONGEST_LINE:
        line_end = body.rfind(b"\n", position, position + step)
        if line_end < 0:
            return False
        position = line_end + 1
    return True


def _render_text(error: RenderError) -> str:
    return _("The template “%(where)s” fails for this person in line %(line)d: %(error)s.") % {
        "where": error.where,
        "line": error.line,
        "error": error,
    }
