"""The one way to add to the audit log, and the door an act came through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from campaigns.models import AuditEntry

_door: ContextVar[str] = ContextVar("door", default="")


@contextmanager
def through(door: str) -> Iterator[None]:
    """Acts within come through this door: admin, api or command. The outermost door counts."""
    token = _door.set(_door.get() or door)
    try:
        yield
    finally:
        _door.reset(token)


def record(action: str, subject: str, *, by: Any = None, door: str = "", **detail: Any) -> AuditEntry:
    """Write down one act, in the transaction it belongs to.

    `action` is like “campaign.publish”, `subject` names the thing by kind and slug or key, `detail` is
    plain JSON data without secrets.
    """
    actor = by if by is not None and by.is_authenticated else None
    return AuditEntry.objects.create(
        actor=actor,
        actor_name=actor.get_username() if actor else "",
        door=door or _door.get(),
        action=action,
        object=subject,
        detail=detail,
    )
