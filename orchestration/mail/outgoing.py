"""A message in its envelope, as a mail provider gets it."""

from __future__ import annotations

import re
from dataclasses import dataclass

PATH = re.compile(r"[!-;=?A-~]+@[A-Za-z0-9.-]+")


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One message for one recipient. `id` is the caller's; `data` has CRLF line breaks and is not dot-
    stuffed.
    """

    id: int
    sender: str
    recipient: str
    data: bytes

    def __post_init__(self) -> None:
        for path in (self.sender, self.recipient):
            if not PATH.fullmatch(path):
                raise ValueError("An envelope takes plain ASCII addresses only.")
