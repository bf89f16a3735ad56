"""The addresses a received message holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes, policy

from orchestration.tokens import PATHS, Purpose

_SHAPE = r"[A-Za-z0-9_-]{32}"
_HIDDEN = re.compile(r'<a href="([^"]+)" style="display:none')


@dataclass(frozen=True, slots=True)
class Letter:
    """What a recipient's software can fetch; `hidden` is a link that no person sees, where there is one."""

    recipient: str
    pixel: str
    links: tuple[str, ...]
    hidden: str = ""


def read_letter(content: bytes) -> Letter:
    """The letter in a message as an SMTP server took it; parts that are not there are empty."""
    message = message_from_bytes(content, policy=policy.default)
    body = message.get_body(("html",))
    html = body.get_content() if body else ""
    hidden = next(iter(_HIDDEN.findall(html)), "")
    links = tuple(url for url in _found(html, Purpose.CLICK) if url != hidden)
    pixel = next(iter(_found(html, Purpose.OPEN)), "")
    return Letter(str(message["To"]), pixel, links, hidden)


def _found(html: str, purpose: Purpose) -> list[str]:
    return re.findall(rf"https?://[^\s\"'<>]+{re.escape(PATHS[purpose])}{_SHAPE}", html)
