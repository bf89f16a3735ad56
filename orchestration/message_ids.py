"""The Message-ID of a ledger row: the same at every attempt, so that a message can be recognised wherever it turns up."""

from __future__ import annotations

import re

SHAPE = re.compile(r"<(\d+)\.(\d+)@([^>]+)>")


def message_id_of(*, delivery: int, message: int, domain: str) -> str:
    """With its angle brackets. `domain` is frozen with the delivery."""
    return f"<{delivery}.{message}@{domain}>"


def proof_id_of(*, proof: int, domain: str) -> str:
    """The Message-ID of a proof, which is no row of the ledger and is never taken for one."""
    return f"<proof.{proof}@{domain}>"


def ledger_row_of(message_id: str) -> int | None:
    """The id of the message a Message-ID speaks of; None when it is not one of ours in shape."""
    found = SHAPE.fullmatch(message_id.strip())
    return int(found[2]) if found else None
