"""Every model of the app."""

from orchestration.models.delivery import Delivery, DeliveryBucket, ExclusionReason, Message, TrackedLink
from orchestration.models.event import EventKind, MessageEvent
from orchestration.models.run import (
    ActivityRun,
    CampaignRun,
    Occurrence,
    Population,
    RunKind,
    RunLogEntry,
    RunRequest,
)

__all__ = [
    "ActivityRun",
    "CampaignRun",
    "Delivery",
    "DeliveryBucket",
    "EventKind",
    "ExclusionReason",
    "Message",
    "MessageEvent",
    "Occurrence",
    "Population",
    "RunKind",
    "RunLogEntry",
    "RunRequest",
    "TrackedLink",
]
