"""What has to be made ahead and what may go: event partitions, and the working tables of runs long over."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from campaigns.models import IdempotencyKey
from orchestration.events import make_event_months, stray_events
from orchestration.models import Delivery, Population
from orchestration.working_tables import drop_working_table

logger = logging.getLogger(__name__)

TABLES_AT_ONCE = 200


def keep_house() -> int:
    """Run by beat once an hour; answers how many working tables were dropped."""
    make_event_months()
    if strays := stray_events():
        logger.error("%s events lie in a default partition: a month was not made in time.", strays)
    IdempotencyKey.objects.filter(created_at__lt=timezone.now() - timedelta(hours=24)).delete()
    return drop_old_tables()


def drop_old_tables() -> int:
    """Drop the working tables of runs that ended longer ago than WORKING_TABLE_DAYS; counts and log stay."""
    before = timezone.now() - timedelta(days=settings.WORKING_TABLE_DAYS)
    old = Population.objects.filter(
        owns_table=True, dropped_at__isnull=True, activity_run__run__finished_at__lt=before
    ).exclude(table_name="")
    values = Delivery.objects.filter(activity_run__run__finished_at__lt=before).exclude(values_table="")
    return _repeatedly(_drop_populations, old) + _repeatedly(_drop_values, values)


def _repeatedly(drop: Callable[[QuerySet[Any]], int], old: QuerySet[Any]) -> int:
    """A bounded number of tables a transaction, each of which PostgreSQL locks until its end."""
    return sum(iter(partial(drop, old), 0))


@transaction.atomic
def _drop_populations(old: QuerySet[Population]) -> int:
    rows = list(old.order_by("pk")[:TABLES_AT_ONCE])
    for row in rows:
        drop_working_table(row.table_name)
    Population.objects.filter(table_name__in=[row.table_name for row in rows]).update(dropped_at=Now())
    return len(rows)


@transaction.atomic
def _drop_values(old: QuerySet[Delivery]) -> int:
    rows = list(old.order_by("pk")[:TABLES_AT_ONCE])
    for row in rows:
        drop_working_table(row.values_table)
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(values_table="")
    return len(rows)
