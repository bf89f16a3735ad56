"""Why one person's message cannot be made. The others of its delivery go on."""

from __future__ import annotations


class Unsendable(Exception):  # noqa: N818 - names what happened
    """`code` is stable and stored with the message; the text is for people."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
