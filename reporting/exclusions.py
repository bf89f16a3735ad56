"""Why a channel excluded somebody, with what that was found in as it was then: address, consent, suppression, duplicate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from campaigns.explanations import DecidingValue, Explanation, NodeExplanation, shown_value
from campaigns.models import ConsentState, Suppression
from campaigns.personal_data import MASKED
from orchestration.models import ExclusionReason
from reporting.ledger import masked


def exclusion_then(
    message: Mapping[str, Any] | None, zone: ZoneInfo, *, personal: bool, keys: bool = True
) -> Explanation | None:
    """What is kept of an exclusion beside the message, whose data are those of a trace; None for anybody else.

    Keys of other people are masked unless `keys`.
    """
    if message is None or not message["exclusion_reason"]:
        return None
    reason, evidence = ExclusionReason(message["exclusion_reason"]), message["evidence"] or {}
    address = message["address"] if personal else masked(message["address"])
    values = [DecidingValue(_("address"), address or None), *_values(evidence, zone, keys=keys)]
    node = NodeExplanation(f"/{reason}", "fact", str(reason.label), holds=True, values=values)
    at = message["finished_at"] or message["prepared_at"]
    return Explanation(at, reason is not ExclusionReason.NOT_IN_DIMENSION, None, [node], 0.0)


def _values(evidence: Mapping[str, Any], zone: ZoneInfo, *, keys: bool) -> Iterator[DecidingValue]:
    if "owner" in evidence:
        yield DecidingValue(_("sent to the key"), evidence["owner"] if keys else MASKED)
    if "suppression" in evidence:
        yield DecidingValue(_("suppression"), str(Suppression.Reason(evidence["suppression"]).label))
    if "consent" in evidence:
        yield DecidingValue(_("consent"), _consent(evidence["consent"]))
    if evidence.get("since"):
        yield DecidingValue(_("since"), shown_value(datetime.fromisoformat(evidence["since"]), zone))


def _consent(state: str | None) -> str:
    return str(ConsentState(state).label) if state else _("never stated")
