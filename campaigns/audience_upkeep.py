"""What time does to audiences: members that are due go, earlier ones that nobody put back are dropped."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from campaigns.audience_tables import drop_member_table, orphan_tables
from campaigns.audiences import expire_audience
from campaigns.models import Audience, AudienceChange

logger = logging.getLogger(__name__)

AT_ONCE = 100


def keep_audiences() -> int:
    """Let members expire and drop the tables that are left over; how many tables were dropped."""
    expire_members()
    old = (
        AudienceChange.objects.filter(pk=pk).first()
        for pk in _left_over().values_list("pk", flat=True)[:AT_ONCE]
    )
    dropped = sum(_drop(change.table_name) for change in old if change)
    return dropped + sum(_drop(name) for name in orphan_tables(AT_ONCE))


def expire_members() -> int:
    """How many audiences lost the members that were due."""
    due = Audience.objects.filter(expires_at__lte=timezone.now()).exclude(table_name="")
    audiences = list(due.order_by("expires_at")[:AT_ONCE])
    for audience in audiences:
        expire_audience(audience)
        logger.info("The members of audience %s have expired.", audience.slug)
    return len(audiences)


def _left_over() -> QuerySet[AudienceChange]:
    """Of each table that holds no present members the last change, once it is old or the members have expired."""
    before = timezone.now() - timedelta(days=settings.AUDIENCE_EDITION_DAYS)
    changes = AudienceChange.objects.filter(dropped_at__isnull=True).exclude(table_name="")
    present = Audience.objects.filter(table_name=OuterRef("table_name"))
    later = AudienceChange.objects.filter(table_name=OuterRef("table_name"), pk__gt=OuterRef("pk"))
    newer = AudienceChange.objects.filter(audience=OuterRef("audience"), pk__gt=OuterRef("pk"))
    replaced = newer.filter(at__lt=before).exclude(table_name=OuterRef("table_name"))
    expired = Audience.objects.filter(pk=OuterRef("audience"), expires_at__lte=timezone.now())
    left = changes.filter(~Exists(present), ~Exists(later))
    return left.filter(Q(Exists(replaced)) | Q(Exists(expired))).order_by("pk")


def _drop(name: str) -> int:
    """1, or 0 where somebody is reading the table: then it goes the next time."""
    try:
        with transaction.atomic():
            drop_member_table(name)
            AudienceChange.objects.filter(table_name=name).update(dropped_at=Now())
    except OperationalError:
        logger.warning("The members' table %s is being read; it is dropped later.", name)
        return 0
    logger.info("The members' table %s was dropped.", name)
    return 1
