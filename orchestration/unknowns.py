"""Messages that may or may not have left: a person who has looked it up says which, and stands for it by name.

Nothing is sent by this, and nothing that has happened since is rewritten: a run whose delivery has settled keeps the
populations it went on with, *undecided* among them. Whatever came back for a message proves that it left.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from campaigns.audit import record
from orchestration import signals
from orchestration.exceptions import Fenced, Refused
from orchestration.log import log_run
from orchestration.models import Delivery
from orchestration.work_locks import hold_lock

STATES: Mapping[str, str] = {"sent": "sent", "failed": "failed_permanent"}
"""What a person says → the state the message gets."""

SETTLE = """
UPDATE orchestration_message AS m
   SET state = %(state)s, reply = left(concat_ws(' · ', %(reply)s::text, nullif(m.reply, '')), 300)
 WHERE m.delivery_id = %(delivery)s AND m.state = 'unknown'
   AND (%(message)s::bigint IS NULL OR m.id = %(message)s)
   AND (%(state)s = 'sent'
        OR NOT EXISTS (SELECT FROM orchestration_messageevent AS e WHERE e.message_id = m.id))
"""


def count_unknown(delivery: Delivery) -> int:
    return delivery.messages.filter(state="unknown").count()


def settle_unknown(
    delivery: Delivery, as_: str, *, by: Any = None, note: str = "", message: int | None = None
) -> int:
    """Make the unknown messages of a delivery, or one of them, *sent* or *failed*; answers how many that moved.

    None is called failed for which something came back. The message keeps the time at which it may have left. Raises
    Refused when nothing can be moved, or the delivery is being settled at this moment.
    """
    if as_ not in STATES:
        said = _("A message was either sent or failed; “%(as)s” is neither.") % {"as": as_[:40]}
        raise Refused(said, _("Say which."), code="unknown.neither")
    with transaction.atomic():
        _keep_still(delivery)
        settled = _settle(delivery, STATES[as_], reply=_said(by, note), message=message)
        if not settled:
            raise _nothing_moved(delivery, message)
        _write_down(delivery, by, {"as": as_, "settled": settled, "note": note[:200], "message": message})
        signals.messages_settled.send(Delivery, delivery=delivery)
    return settled


def _keep_still(delivery: Delivery) -> None:
    """Ports are made from counts and rows of the ledger, which must not differ."""
    try:
        hold_lock(delivery.activity_run_id)
    except Fenced:
        raise Refused(
            _("This delivery is just being settled."), _("Try again in a moment."), code="unknown.busy"
        ) from None


def _settle(delivery: Delivery, state: str, *, reply: str, message: int | None) -> int:
    values: dict[str, Any] = {"state": state, "reply": reply, "delivery": delivery.pk, "message": message}
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, values)
        return int(cursor.rowcount)


def _said(by: Any, note: str) -> str:
    """What stands with the message, where otherwise the server's reply does."""
    who = by.get_username() if by is not None else _("somebody at the command line")
    words = {"who": who, "note": note.strip()}
    if not words["note"]:
        return _("settled by %(who)s") % words
    return _("settled by %(who)s: %(note)s") % words


def _nothing_moved(delivery: Delivery, message: int | None) -> Refused:
    if not count_unknown(delivery):
        text = _("No message of this delivery is unknown; somebody was first, or there never was one.")
        return Refused(text, _("Look at it again."), code="unknown.none")
    if message is not None and not delivery.messages.filter(pk=message, state="unknown").exists():
        text = _("Message %(message)d of this delivery is not unknown.") % {"message": message}
        return Refused(text, _("Look it up in the ledger."), code="unknown.not_this_one")
    text = _("Something came back for these messages, an open or a click, so they have left.")
    return Refused(text, _("Settle them as sent."), code="unknown.has_left")


def _write_down(delivery: Delivery, by: Any, detail: dict[str, Any]) -> None:
    known = {name: value for name, value in detail.items() if value not in ("", None)}
    log_run(delivery.activity_run.run, "unknown_settled", activity_id=delivery.activity_id, actor=by, **known)
    subject = f"campaign {delivery.campaign.slug}"
    record("delivery.settle_unknown", subject, by=by, delivery=delivery.pk, **known)
