"""The words by which people say that they want no more texts, in the languages that there are here."""

from __future__ import annotations

import unicodedata

STOP = frozenset(
    {
        "stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out",
        "수신거부", "수신 거부", "거부", "중지", "중단", "해지", "그만",
    }
)  # fmt: skip


def says_stop(text: str) -> bool:
    """Whether the whole text is such a word, whatever its case, width, blanks and punctuation."""
    return _bare(text) in STOP


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(each if each.isalnum() else " " for each in folded)
    return " ".join(kept.split())
