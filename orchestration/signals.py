"""What the engine tells the rest of the house."""

from django.dispatch import Signal

run_ended = Signal()
"""A run completed or was stopped. Sent with `run`, in the transaction that ended it where it completed."""

run_failed = Signal()
"""A run failed and waits for a person. Sent with `run` and `activity_run` after commit."""

messages_settled = Signal()
"""A person has said what became of unknown messages. Sent with `delivery`, in the transaction of the act."""
