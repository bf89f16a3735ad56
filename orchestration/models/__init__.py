"""Every model of the app."""

from orchestration.models.delivery import Delivery, DeliveryBucket, ExclusionReason, Message, TrackedLink
from orchestration.models.event import EventKind, EventVerdict, MessageEvent
from orchestration.models.marker import QueryMarker, QueryReading
from orchestration.models.run import (
    ActivityRun,
    CampaignRun,
    Iteration,
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
    "EventVerdict",
    "ExclusionReason",
    "Iteration",
    "Message",
    "MessageEvent",
    "Occurrence",
    "Population",
    "QueryMarker",
    "QueryReading",
    "RunKind",
    "RunLogEntry",
    "RunRequest",
    "TrackedLink",
]
