"""Sending the e-mails of one delivery: compiles its content once, makes each person's message, tells what became of it."""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.claims import Claimed, Settlement
from orchestration.models import Delivery


class EmailSender:
    pass


def open_email_sender(delivery: Delivery) -> EmailSender:
    raise NotImplementedError
