"""What a conversation with a mail provider has beside that of any channel."""

from __future__ import annotations

from orchestration.channels.contract import Session
from orchestration.mail.outgoing import OutgoingMessage


class MailSession(Session[OutgoingMessage]):
    """Takes messages in their envelopes."""

    takes_eight_bit: bool = False
    """Whether messages may hold bytes above 127."""
