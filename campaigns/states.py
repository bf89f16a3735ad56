"""State tables: which state may follow which, and the one way to move a row from one to another.

`docs/states.md` explains every arrow; a test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

LABELS = {
    "archived": _("archived"),
    "awaiting_confirmation": _("awaiting confirmation"),
    "cancelled": _("cancelled"),
    "checked": _("checked"),
    "closed": _("closed"),
    "completed": _("completed"),
    "dead": _("not reached"),
    "draft": _("draft"),
    "dropped": _("dropped"),
    "due": _("due"),
    "excluded": _("excluded"),
    "expired": _("expired"),
    "failed": _("failed"),
    "failed_permanent": _("failed"),
    "failed_temporary": _("to be retried"),
    "in_flight": _("in flight"),
    "kept": _("kept"),
    "launched": _("launched"),
    "live": _("live"),
    "open": _("open"),
    "paused": _("paused"),
    "pending": _("pending"),
    "published": _("published"),
    "queued": _("queued"),
    "reading": _("reading"),
    "ready": _("ready"),
    "refused": _("refused"),
    "running": _("running"),
    "scheduled": _("scheduled"),
    "sending": _("sending"),
    "sent": _("sent"),
    "settled": _("settled"),
    "skipped": _("skipped"),
    "stopped": _("stopped"),
    "succeeded": _("succeeded"),
    "superseded": _("superseded"),
    "tested": _("tested"),
    "unknown": _("unknown"),
    "waiting": _("waiting"),
}
"""What people read for a state, of whichever noun."""


class StateConflict(Exception):  # noqa: N818 - names what happened, as HTTP's 409 does
    """The row was not in a state from which the wanted one may be reached."""


@dataclass(frozen=True, slots=True)
class Machine:
    """All states of one noun, each with those that may follow it; the first is where a row starts."""

    noun: str
    follow: Mapping[str, tuple[str, ...]]

    @property
    def states(self) -> tuple[str, ...]:
        return tuple(self.follow)

    @property
    def final(self) -> tuple[str, ...]:
        return tuple(state for state, after in self.follow.items() if not after)

    def before(self, state: str) -> tuple[str, ...]:
        """The states from which `state` may be reached in one step."""
        return tuple(source for source, after in self.follow.items() if state in after)

    @property
    def choices(self) -> list[tuple[str, Any]]:
        """For a model field: every state with the words people read."""
        return [(state, LABELS[state]) for state in self.follow]


def move(rows: QuerySet[Any], machine: Machine, state: str, **fields: Any) -> int:
    """Compare-and-set every row of `rows` to `state` where its present state allows it; the count moved."""
    return rows.filter(state__in=machine.before(state)).update(state=state, state_changed_at=Now(), **fields)


def move_one(row: Any, machine: Machine, state: str, **fields: Any) -> None:
    """Move exactly this row or raise `StateConflict`; the instance is refreshed either way."""
    moved = move(type(row)._default_manager.filter(pk=row.pk), machine, state, **fields)
    row.refresh_from_db()
    if not moved:
        raise StateConflict(f"{machine.noun} {row.pk} is {row.state}, which {state} may not follow")


CAMPAIGN = Machine(
    "campaign",
    {
        "draft": ("scheduled", "live"),
        "scheduled": ("live", "draft", "closed", "completed", "stopped"),
        "live": ("draft", "closed", "completed", "stopped", "scheduled"),
        "closed": ("completed", "stopped"),
        "completed": ("live", "scheduled", "archived"),
        "stopped": ("archived",),
        "archived": (),
    },
)
VERSION = Machine("version", {"published": ("superseded",), "superseded": ()})
IMPORT = Machine(
    "import",
    {
        "pending": ("reading", "refused", "cancelled"),
        "reading": ("checked", "refused", "failed", "cancelled"),
        "checked": ("reading", "succeeded", "failed", "cancelled"),
        "failed": ("reading", "checked", "cancelled"),
        "succeeded": (),
        "refused": (),
        "cancelled": (),
    },
)
