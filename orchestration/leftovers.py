"""Removing test runs with all they left: populations and their working tables, ledgers, logs.

A live run is never removed: it is a record of what people got. Working tables are dropped once the removal is
committed, in bounded transactions; what a crash leaves of them is swept by housekeeping.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orchestration.exceptions import Fenced, Refused
from orchestration.models import ActivityRun, CampaignRun, Delivery, Message, Population, RunKind
from orchestration.run_pictures import shown
from orchestration.work_locks import hold_lock
from orchestration.working_tables import drop_working_table

TABLES_AT_ONCE = 200
"""PostgreSQL locks each table that a transaction drops until its end, and has room for some thousands."""


@dataclass(frozen=True, slots=True)
class Leftovers:
    """How much test runs have left: the runs themselves, messages in their ledgers, working tables."""

    test_runs: int
    messages: int
    tables: int

    def as_data(self) -> dict[str, int]:
        return asdict(self)

    def sentences(self) -> Iterator[str]:
        """What is lost with them, for whoever is about to remove them."""
        if self.test_runs:
            text = ngettext(
                "%(runs)s test run goes with it: %(messages)s messages in its ledger, working tables: %(tables)s.",
                "%(runs)s test runs go with it: %(messages)s messages in their ledgers, working tables: %(tables)s.",
                self.test_runs,
            )
            words = {"runs": self.test_runs, "messages": self.messages, "tables": self.tables}
            yield text % {name: shown(number) for name, number in words.items()}


def leftovers_of(runs: QuerySet[CampaignRun]) -> Leftovers:
    tests = runs.filter(kind=RunKind.TEST)
    return Leftovers(
        test_runs=tests.count(),
        messages=Message.objects.filter(delivery__activity_run__run__in=tests).count(),
        tables=_populations(tests).count(),
    )


@transaction.atomic
def remove_test_runs(runs: QuerySet[CampaignRun]) -> Leftovers:
    """Remove those of the runs that are tests. Raises Refused while a worker has one of them in hand."""
    tests = CampaignRun.objects.filter(pk__in=_taken(runs.filter(kind=RunKind.TEST)))
    found = leftovers_of(tests)
    tables = list(_populations(tests).values_list("table_name", flat=True))
    deliveries = Delivery.objects.filter(activity_run__run__in=tests)
    Message.objects.filter(delivery__in=deliveries).delete()
    deliveries.delete()
    tests.delete()
    transaction.on_commit(partial(drop_tables, tables))
    return found


def _taken(tests: QuerySet[CampaignRun]) -> list[int]:
    """The runs, locked so that no worker begins anything of them. Waits for nobody: whoever waited here could
    stand in the way of the very worker that is waited for.
    """
    wanted = tests.count()
    taken = list(tests.order_by("pk").select_for_update(skip_locked=True).values_list("pk", flat=True))
    try:
        for pk in ActivityRun.objects.filter(run__in=taken).values_list("pk", flat=True):
            hold_lock(pk)
    except Fenced:
        taken = []
    if len(taken) < wanted:
        raise Refused(
            _("A worker has a test run in hand."),
            _("Stop the run, or try again in a moment."),
            code="run.in_hand",
        )
    return taken


def _populations(runs: QuerySet[CampaignRun]) -> QuerySet[Population]:
    found = Population.objects.filter(activity_run__run__in=runs, owns_table=True, dropped_at__isnull=True)
    return found.exclude(table_name="")


def drop_tables(names: Sequence[str]) -> None:
    """Drop these working tables, a bounded number a transaction."""
    waiting = iter(names)
    while batch := list(islice(waiting, TABLES_AT_ONCE)):
        with transaction.atomic():
            for name in batch:
                drop_working_table(name)
