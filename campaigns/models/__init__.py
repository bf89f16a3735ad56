"""Every model of the app, so that one writes `from campaigns.models import Campaign`."""

from campaigns.models.access import ApiToken, IdempotencyKey, RequestCount
from campaigns.models.audience import Audience, AudienceChange
from campaigns.models.audit import AuditEntry
from campaigns.models.campaign import (
    Activity,
    Campaign,
    CampaignVersion,
    DraftRevision,
    PublishedActivityId,
    Transition,
)
from campaigns.models.catalogue import Field, Link, Table, TargetingDimension
from campaigns.models.channel import ChannelConfiguration
from campaigns.models.consent import Channel, Consent, ConsentRecord, ConsentState, Suppression
from campaigns.models.files import StoredFile
from campaigns.models.filters import AttributeMark, FilterFavourite, PredefinedFilter
from campaigns.models.folders import CampaignFolder
from campaigns.models.imports import ImportJob, ImportReject
from campaigns.models.templates import CampaignTemplate

__all__ = [
    "Activity",
    "ApiToken",
    "AttributeMark",
    "Audience",
    "AudienceChange",
    "AuditEntry",
    "Campaign",
    "CampaignFolder",
    "CampaignTemplate",
    "CampaignVersion",
    "Channel",
    "ChannelConfiguration",
    "Consent",
    "ConsentRecord",
    "ConsentState",
    "DraftRevision",
    "Field",
    "FilterFavourite",
    "IdempotencyKey",
    "ImportJob",
    "ImportReject",
    "Link",
    "PredefinedFilter",
    "PublishedActivityId",
    "RequestCount",
    "StoredFile",
    "Suppression",
    "Table",
    "TargetingDimension",
    "Transition",
]
