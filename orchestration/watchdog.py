"""Noticing that nothing moves: work is due, nobody has finished any for five minutes."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils.translation import gettext as _

from orchestration.failure_mail import mail_owner
from orchestration.log import log_run
from orchestration.models import CampaignRun, RunLogEntry

LOCK = 7_488_356_000
"""Key of the advisory lock under which alerts are raised."""

STUCK = """
SELECT r.id
  FROM orchestration_campaignrun AS r
 WHERE r.state = 'running'
   AND (EXISTS (SELECT FROM orchestration_activityrun AS a WHERE a.run_id = r.id
                   AND ((a.state = 'pending' AND a.state_changed_at < now() - interval '5 minutes')
                     OR (a.state = 'waiting' AND a.due_at < now() - interval '5 minutes')))
     OR EXISTS (SELECT FROM orchestration_activityrun AS a
                  JOIN orchestration_delivery AS d ON d.activity_run_id = a.id
                  JOIN orchestration_deliverybucket AS b ON b.delivery_id = d.id
                 WHERE a.run_id = r.id AND d.state = 'sending' AND b.due_at < now() - interval '5 minutes'
                   AND (b.lease_until IS NULL OR b.lease_until < now())))
   AND NOT EXISTS (SELECT FROM orchestration_runlogentry AS l WHERE l.run_id = r.id AND l.event = 'run_stuck'
                      AND l.at > now() - interval '1 hour')
"""


def watch() -> list[int]:
    """Raise an alert, once an hour, for each run with work that has been due for five minutes; answers their ids."""
    stuck = _note_stuck()
    for run in stuck:
        mail_owner(run, problem=_("Work has been due for five minutes and no worker has taken it."))
    return [run.pk for run in stuck]


@transaction.atomic
def _note_stuck() -> list[CampaignRun]:
    """Two that watch at once would both raise the alert: the second leaves it to the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return []
        cursor.execute(STUCK)
        stuck = [row[0] for row in cursor.fetchall()]
    runs = list(CampaignRun.objects.filter(pk__in=stuck).select_related("campaign__owner"))
    for run in runs:
        log_run(run, "run_stuck", level=RunLogEntry.Level.WARNING)
    return runs
