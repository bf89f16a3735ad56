"""Keeps secrets out of logs: known ones by value, others by the shape they are written in."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable

MASK = "[secret]"
SHORTEST = 6
SHAPES = (
    re.compile(r"(?P<keep>[a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s@/]+(?=@)"),
    re.compile(
        r"(?i)(?P<keep>\b(?:authorization|proxy-authorization)\b['\"]?\s*[:=]\s*['\"]?(?:\w+\s+)?)[^\s'\",]+"
    ),
    re.compile(
        r"(?i)(?P<keep>\b\w*(?:password|passwd|secret|api_?key|token)\w*\b['\"]?\s*[:=]\s*['\"]?)[^\s'\",&]+"
    ),
)


def redact(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, MASK)
    for shape in SHAPES:
        text = shape.sub(rf"\g<keep>{MASK}", text)
    return text


class RedactingFormatter(logging.Formatter):
    """Masks the finished line, traceback included: arguments and exceptions carry secrets as well."""

    def __init__(self, fmt: str, secrets: Iterable[str] = ()) -> None:
        super().__init__(fmt)
        self.secrets = sorted(
            {secret for secret in secrets if len(secret) >= SHORTEST}, key=len, reverse=True
        )

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record), self.secrets)
