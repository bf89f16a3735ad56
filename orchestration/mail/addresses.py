"""Decides whether an address can be written into an envelope and a header, and in which form.

A domain in another script is sent in its ASCII form. A local part in another script is refused: it needs
SMTPUTF8 on every server of the way, and a relay that lacks it bounces what could have been told beforehand.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

from orchestration.transport import Unsendable

ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
PLAIN = re.compile(rf"(?=.{{1,254}}\Z)(?=[^@]{{1,64}}@){ATEXT}(?:\.{ATEXT})*@{LABEL}(?:\.{LABEL})+\Z")


def sendable_address(address: str) -> str:
    """The ASCII form of `address`; raises Unsendable."""
    if PLAIN.match(address):
        return address
    if not address or address.isascii():
        raise Unsendable("malformed_address", _("The address is malformed."))
    if not address.partition("@")[0].isascii():
        raise Unsendable(
            "internationalised_address",
            _("The part before the “@” has characters that many servers cannot handle."),
        )
    return _with_ascii_domain(address)


def _with_ascii_domain(address: str) -> str:
    try:
        found = validate_email(
            address,
            check_deliverability=False,
            allow_smtputf8=False,
            test_environment=True,
            globally_deliverable=False,
        )
    except EmailNotValidError as error:
        raise Unsendable("malformed_address", _("The address is malformed.")) from error
    if not found.ascii_email or not PLAIN.match(found.ascii_email):
        raise Unsendable("malformed_address", _("The address is malformed."))
    return found.ascii_email
