"""What a document would do to people if it ran now, against the last run of its campaign.

The document goes through the engine as a test run does, in this process and in one transaction that is rolled back:
no run, table, message or log entry stays, no hint leaves, and nobody else ever sees any of it. It runs as a campaign
that exists in that transaction alone, so that neither an open test run nor anybody who starts one has to wait. All of
it sees the company's tables as they were at one moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from uuid import uuid4

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _
from psycopg import errors

from campaigns.document import Document
from campaigns.limited_queries import CalledOff
from campaigns.lint import settings_problems
from campaigns.models import Campaign
from campaigns.problems import ProblemsError
from orchestration.confirmation import send_waterfall
from orchestration.exceptions import Refused
from orchestration.execution import execute_activity, one_moment
from orchestration.models import CampaignRun, Delivery, RunKind
from orchestration.population_changes import Change, population_changes
from orchestration.runs import begin_test

PLANNER = "SELECT name, setting FROM pg_settings WHERE category LIKE 'Query Tuning%' OR name = 'work_mem'"
RESTORE = """
SELECT set_config(s.name, wanted.setting, true)
  FROM pg_settings AS s JOIN unnest(%s::text[], %s::text[]) AS wanted (name, setting) ON wanted.name = s.name
 WHERE s.setting <> wanted.setting
"""


@dataclass(frozen=True, slots=True)
class Send:
    """What a delivery would be: those targeted, less each exclusion by its reason, are those who get a message."""

    activity: str
    label: str
    channel: str
    round: int
    targeted: int
    excluded: Mapping[str, int]
    will_send: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """Each port's people now and in `last`, the run compared with; None when the campaign never completed one.

    `failures` are the activities that failed under a policy that goes on, each with its problem.
    """

    last: CampaignRun | None
    changes: tuple[Change, ...]
    failures: Mapping[str, str]
    sends: tuple[Send, ...] = ()


@dataclass(frozen=True, slots=True)
class Limit:
    """When it has to be over: a time of the monotonic clock, or None."""

    ends: float | None

    def left(self) -> float | None:
        """How many seconds there are, None where there is no limit; raises Refused where there are none."""
        if self.ends is None:
            return None
        left = self.ends - monotonic()
        if left <= 0:
            message = _("The draft needs more time than there is for this question.")
            raise Refused(message, _("Run a test, and compare it with the last run."), code="plan.too_long")
        return left

    def apply(self) -> None:
        """No statement from now on lasts longer than what is left."""
        left = self.left()
        if left is None:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('statement_timeout', %s, true)", [f"{max(1, round(left * 1000))}ms"]
            )


def forecast(document: Document, *, seconds: float | None = None, personal: bool = False) -> Forecast:
    """Takes as long as a test run, and at most `seconds` where they are given. Without `personal` the values of personal
    fields are masked. Raises Refused when the document does
    not run to its end, CalledOff when somebody stopped it, and ProblemsError where its settings cannot be read.
    """
    if unreadable := settings_problems(document):
        raise ProblemsError(unreadable)
    limit = Limit(None if seconds is None else monotonic() + seconds)
    with _ended_by(limit), one_moment():
        try:
            last = last_run(document.campaign.slug)
            run = _run_through(document, limit)
            limit.apply()
            failed = run.activity_runs.filter(state="failed").values_list("activity_id", "problem")
            changes = population_changes(run, last, personal=personal)
            return Forecast(last, tuple(changes), dict(failed), tuple(_sends(run)))
        finally:
            transaction.set_rollback(True)


@contextmanager
def _ended_by(limit: Limit) -> Iterator[None]:
    """Whichever statement it is that is cancelled: by the limit, or by somebody."""
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, errors.QueryCanceled):
            limit.left()
            raise CalledOff from error
        raise


def _sends(run: CampaignRun) -> Iterator[Send]:
    rows = Delivery.objects.filter(activity_run__run=run).select_related("activity_run")
    for each in rows.defer("content", "variables", "values").order_by("pk"):
        fall = send_waterfall(each)
        yield Send(each.activity_id, each.title, each.channel, each.activity_run.iteration, **fall)


def last_run(slug: str) -> CampaignRun | None:
    """The last completed run of a campaign: a live one where there is one, else a test."""
    completed = CampaignRun.objects.filter(campaign__slug=slug, state="completed").order_by("-pk")
    return completed.filter(kind=RunKind.LIVE).first() or completed.first()


def _run_through(document: Document, limit: Limit) -> CampaignRun:
    stand_in = Campaign.objects.create(
        slug=f"plan-{uuid4().hex}", name=document.campaign.name, time_zone=document.campaign.time_zone
    )
    run = begin_test(stand_in, document)
    settings = _planner_settings()
    while (pending := run.activity_runs.filter(state="pending").order_by("pk").first()) is not None:
        limit.apply()
        if not execute_activity(pending.pk, lasts=False):
            break
        _restore(settings)
    run.refresh_from_db()
    if run.state != "completed":
        raise _unfinished(run)
    return run


def _planner_settings() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(PLANNER)
        return dict(cursor.fetchall())


def _restore(settings: Mapping[str, str]) -> None:
    """What an activity sets for its own transaction must not last until the end of this one."""
    with connection.cursor() as cursor:
        cursor.execute(RESTORE, [list(settings), list(settings.values())])


def _unfinished(run: CampaignRun) -> Refused:
    stuck = run.activity_runs.exclude(state__in=("succeeded", "dead", "cancelled")).order_by("pk").first()
    words = {
        "activity": (stuck.label or stuck.activity_id) if stuck else "",
        "problem": run.problem or (stuck.problem if stuck else ""),
    }
    message = _("The document does not run to its end. It stops at “%(activity)s”: %(problem)s") % words
    return Refused(message, _("Mend that activity, or the data it works on."), code="plan.unfinished")
