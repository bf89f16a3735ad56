"""State tables of what the engine keeps; `docs/states.md` explains every arrow."""

from __future__ import annotations

from campaigns.states import Machine

RUN = Machine(
    "run",
    {
        "running": ("paused", "failed", "stopped", "completed"),
        "paused": ("running", "failed", "stopped"),
        "failed": ("running", "stopped"),
        "stopped": (),
        "completed": (),
    },
)
ACTIVITY_RUN = Machine(
    "activity run",
    {
        "pending": ("running", "dead", "cancelled"),
        "running": (
            "pending",
            "waiting",
            "awaiting_confirmation",
            "sending",
            "succeeded",
            "failed",
            "dead",
            "cancelled",
        ),
        "waiting": ("running", "pending", "cancelled"),
        "awaiting_confirmation": ("sending", "cancelled"),
        "sending": ("succeeded", "failed", "cancelled"),
        "failed": ("pending", "cancelled", "dead"),
        "succeeded": (),
        "dead": (),
        "cancelled": (),
    },
)
DELIVERY = Machine(
    "delivery",
    {
        "tested": (),
        "awaiting_confirmation": ("sending", "cancelled"),
        "sending": ("paused", "settled", "cancelled"),
        "paused": ("sending", "cancelled"),
        "settled": (),
        "cancelled": (),
    },
)
MESSAGE = Machine(
    "message",
    {
        "ready": ("in_flight", "excluded", "expired", "cancelled", "failed_permanent"),
        "in_flight": ("sent", "failed_temporary", "failed_permanent", "unknown", "ready"),
        "failed_temporary": ("in_flight", "excluded", "failed_permanent", "expired", "cancelled"),
        "unknown": ("sent", "failed_permanent"),
        "sent": (),
        "failed_permanent": (),
        "excluded": (),
        "expired": (),
        "cancelled": (),
    },
)
OCCURRENCE = Machine(
    "occurrence",
    {
        "due": ("launched", "skipped", "queued"),
        "queued": ("launched", "skipped"),
        "launched": (),
        "skipped": (),
    },
)
READING = Machine("reading", {"open": ("kept", "dropped"), "kept": (), "dropped": ()})
