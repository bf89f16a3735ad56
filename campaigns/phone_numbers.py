"""Telephone numbers in the one form they are sent to, compared and suppressed in: E.164, such as +821012345678."""

from __future__ import annotations

import re

import phonenumbers

WRITTEN = re.compile(r"[+＋]?[\d\s().\-‐-―−－/·．（）]{3,40}")
"""What people write a number with. Letters are no digits here, and an extension cannot be sent to."""
E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
REGIONS: frozenset[str] = frozenset(phonenumbers.SUPPORTED_REGIONS)


def e164(text: str, region: str = "") -> str | None:
    """The number that `text` means, dialled in `region` (as in KR) where it names no country; None when it is none."""
    written = text.strip()
    if not WRITTEN.fullmatch(written):
        return None
    try:
        number = phonenumbers.parse(written, region or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
