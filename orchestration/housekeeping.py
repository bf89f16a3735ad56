"""What has to be made ahead and what may go: event partitions, test runs, working tables of runs long over, and
members of audiences that have expired.
"""

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

from campaigns.audience_upkeep import keep_audiences
from campaigns.files.store import remove_expired, sweep
from campaigns.models import IdempotencyKey
from orchestration.events import make_event_months, stray_events
from orchestration.leftovers import TABLES_AT_ONCE, drop_tables, remove_test_runs
from orchestration.models import CampaignRun, Delivery, Population, RunKind
from orchestration.working_tables import drop_working_table, orphans

logger = logging.getLogger(__name__)

RUNS_AT_ONCE = 20


def keep_house() -> int:
    """Run by beat once an hour; answers how many working tables were dropped."""
    make_event_months()
    if strays := stray_events():
        logger.error("%s events lie in a default partition: a month was not made in time.", strays)
    IdempotencyKey.objects.filter(created_at__lt=timezone.now() - timedelta(hours=24)).delete()
    dropped = drop_old_tables() + keep_audiences()
    remove_old_tests()
    _repeatedly(remove_expired)
    sweep()
    return dropped + _repeatedly(_drop_orphans)


def drop_old_tables() -> int:
    """Drop the working tables of runs that ended longer ago than WORKING_TABLE_DAYS; counts and log stay."""
    before = timezone.now() - timedelta(days=settings.WORKING_TABLE_DAYS)
    old = Population.objects.filter(
        owns_table=True, dropped_at__isnull=True, activity_run__run__finished_at__lt=before
    ).exclude(table_name="")
    values = Delivery.objects.filter(activity_run__run__finished_at__lt=before).exclude(values_table="")
    return _repeatedly(_drop_populations, old) + _repeatedly(_drop_values, values)


def remove_old_tests() -> int:
    """Remove test runs that ended longer ago than TEST_RUN_DAYS, ledgers and all; answers how many."""
    before = timezone.now() - timedelta(days=settings.TEST_RUN_DAYS)
    return _repeatedly(_remove_tests, CampaignRun.objects.filter(kind=RunKind.TEST, finished_at__lt=before))


def _repeatedly(drop: Callable[..., int], *old: QuerySet[Any]) -> int:
    """A bounded number a transaction, until there is none."""
    return sum(iter(partial(drop, *old), 0))


def _remove_tests(old: QuerySet[CampaignRun]) -> int:
    some = list(old.order_by("pk").values_list("pk", flat=True)[:RUNS_AT_ONCE])
    return remove_test_runs(CampaignRun.objects.filter(pk__in=some)).test_runs


def _drop_orphans() -> int:
    names = orphans(TABLES_AT_ONCE)
    drop_tables(names)
    return len(names)


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
