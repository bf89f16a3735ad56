"""The story: draft → test → publish → confirm → send → opens and clicks → report → retarget, on real purchases.

Everything is done by the functions that the admin, the API and the command call; workers do the work. Told again, it
publishes the campaign once more.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from campaigns.document import Document, as_data, parse_document
from campaigns.document_text import Form, read_document
from campaigns.drafts import load_draft, save_draft
from campaigns.models import Campaign, Channel, ChannelConfiguration, TargetingDimension
from campaigns.publishing import publish_campaign
from campaigns.states import LABELS
from config.demo.recipients import visit
from config.demo_data.loading import load_demo_data
from config.environment import LOCAL, ROOT
from config.mailbox import Mailbox
from config.sink import recorded_port
from orchestration.confirmation import confirm_delivery, send_waterfall
from orchestration.feedback.filters import Behaviour, FeedbackFilter
from orchestration.message_ids import ledger_row_of
from orchestration.models import CampaignRun, Delivery, ExclusionReason, Population, RunKind
from orchestration.runs import advance_run, start_test_run, stop_run, wake_run
from orchestration.verdicts import People, judge_recent
from reporting.metrics import MEASURES
from reporting.reports import Question, totals
from reporting.scopes import Scope

EXAMPLE = ROOT / "examples" / "win-back-pet-owners.yaml"
MAIL = LOCAL / "mail"
SEED = 2018
PATIENCE = 300.0
ACTS = {
    "scanned": _lazy("scanners that fetched every link"),
    "opened": _lazy("people who opened"),
    "clicked": _lazy("people who clicked"),
    "left": _lazy("people who unsubscribed"),
}
METRICS = {measure.name: measure.label for measure in MEASURES}
ENDED = ("completed", "failed", "stopped")
Say = Callable[[str], Any]


@dataclass
class Story:
    """`lines` are the table of what happened, told at the end."""

    say: Say
    user: Any
    lines: list[tuple[str, str]] = field(default_factory=list)

    def tell(self) -> None:
        self.chapter(_("Real data: 1,469,307 purchases of 2,469 households"), self._data)
        campaign = self.chapter(_("A campaign from a file"), self._campaign)
        self.chapter(_("A test run: exact numbers on every arrow, nothing is sent"), self._test, campaign)
        run = self.chapter(
            _("Published; whoever gets a message is shown before anything leaves"), self._live, campaign
        )
        self.chapter(_("People and scanners open and click, by real HTTP"), self._reactions, run)
        self.chapter(_("What came back"), self._report, run)
        self.chapter(_("Retargeting: delivered, and not clicked by people"), self._retarget, campaign)

    def chapter(self, title: str, act: Callable[..., Any], *arguments: Any) -> Any:
        started = time.monotonic()
        self.say(f"\n▸ {title}")
        result = act(*arguments)
        self.say(_("  (%(seconds).1f s)") % {"seconds": time.monotonic() - started})
        return result

    def note(self, what: str, figure: object) -> None:
        self.lines.append((what, str(figure)))
        self.say(f"  {what}: {figure}")

    def _data(self) -> None:
        for name, rows in load_demo_data(lambda text: None).items():
            self.note(name, f"{rows:,}")
        port = recorded_port(MAIL)
        ChannelConfiguration.objects.update_or_create(
            slug="marketing-mail",
            defaults={
                "name": _("Marketing mail"),
                "provider": "smtp",
                "provider_config": {"host": "127.0.0.1", "port": port, "security": "none"},
                "sender_address": "shop@example.com",
                "sender_name": "Complete Journey Stores",
                "message_domain": "mail.example.com",
                "postal_address": "1 Market Street, Springfield",
            },
        )
        ChannelConfiguration.objects.update_or_create(
            slug="marketing-texts",
            defaults={
                "name": _("Marketing texts"),
                "channel": Channel.SMS,
                "provider": "sms_file",
                "provider_config": {},
                "sender_address": "CJStores",
                "message_domain": "sms.example.com",
                "default_region": "US",
                "opt_out_text": "Reply STOP to opt out",
            },
        )

    def _campaign(self) -> Campaign:
        document = read_document(EXAMPLE.read_bytes(), Form.YAML).document
        campaign = saved(document, self.user)
        self.note(_("activities"), len(document.activities))
        return campaign

    def _test(self, campaign: Campaign) -> None:
        for left_open in campaign.runs.filter(kind=RunKind.TEST).exclude(state__in=ENDED):
            stop_run(left_open, by=self.user)
        run = ended(start_test_run(campaign, by=self.user))
        self.counts(run)

    def _live(self, campaign: Campaign) -> CampaignRun:
        finish_open_runs(campaign, self.user)
        run = self.publish(campaign)
        self.send_all(run)
        return run

    def publish(self, campaign: Campaign) -> CampaignRun:
        """The run that the new version launches: an earlier telling's run is none of it."""
        version = publish_campaign(
            campaign, by=self.user, if_match=campaign.draft_hash, confirm_warnings=True
        )
        run: CampaignRun = until(campaign.runs.filter(version=version).first)
        return run

    def send_all(self, run: CampaignRun) -> None:
        """Confirm each delivery of the run once it is prepared, and wait until it has left."""
        for delivery in prepared(run):
            fall = send_waterfall(delivery)
            self.note(_("“%(label)s” targets") % {"label": delivery.label}, f"{fall['targeted']:,}")
            for reason, people in fall["excluded"].items():
                self.note(f"    − {ExclusionReason(reason).label}", f"{people:,}")
            confirm_delivery(delivery, by=self.user)
            until(Delivery.objects.filter(pk=delivery.pk, state="settled").exists)
            states = delivery.messages.values_list("state").annotate(n=Count("id")).order_by("state")
            self.note(_("    ledger"), ", ".join(f"{LABELS[state]} {n:,}" for state, n in states))
        self.counts(run)

    def counts(self, run: CampaignRun) -> None:
        rows = Population.objects.filter(activity_run__run=run, row_count__isnull=False)
        for row in rows.select_related("activity_run").order_by("activity_run_id", "pk"):
            self.say(f"    {row.activity_run.activity_id + '.' + row.port:<28}{row.row_count:>8,}")

    def _reactions(self, run: CampaignRun) -> None:
        ours = set(run_messages(run))
        mailbox = Mailbox(MAIL)
        taken = [e for e in mailbox.latest(limit=100_000) if ledger_row_of(e.message_id) in ours]
        self.note(_("messages in the sink"), f"{len(taken):,}")
        for act, number in sorted(visit(mailbox, taken, seed=SEED).items()):
            self.note(str(ACTS[act]), f"{number:,}")
        judge_recent()

    def _report(self, run: CampaignRun) -> None:
        """Twice: with what software did, and without."""
        scope = Scope(run.campaign, run=run.pk)
        everything = totals(Question(scope, people=People.ALL))
        people = totals(Question(scope, people=People.HUMAN))
        for name in ("targeted", "sends", "delivered", "bounces", "unsubscribes"):
            self.note(str(METRICS[name]), f"{people.numbers[name]:,}")
        for name in ("unique_opens", "unique_clicks"):
            both = {"people": f"{people.numbers[name]:,}", "all": f"{everything.numbers[name]:,}"}
            self.note(str(METRICS[f"{name}_all"]), _("%(people)s by people, %(all)s with software's") % both)

    def _retarget(self, campaign: Campaign) -> None:
        wake_open_runs(campaign, self.user)
        second = saved(second_try(campaign), self.user)
        finish_open_runs(second, self.user)
        self.send_all(self.publish(second))


def second_try(first: Campaign) -> Document:
    """One reminder to those whom the first campaign reached and who did not click, software's clicks left aside."""
    dimension = TargetingDimension.objects.get(slug="household")
    reached = FeedbackFilter(behaviour=Behaviour.DELIVERED, campaign=first.slug).rule(dimension)
    clicked = FeedbackFilter(behaviour=Behaviour.CLICKED, campaign=first.slug).rule(dimension)
    mail = as_data(load_draft(first))
    content = next(a for a in mail["activities"] if a["id"] == "rest-mail")["config"]["content"]
    return parse_document(
        {
            "tutti": 1,
            "campaign": {
                "slug": f"{first.slug}-again",
                "name": _("%(name)s: second try") % {"name": first.name},
            },
            "activities": [
                {
                    "id": "silent",
                    "type": "build_audience",
                    "label": _("Delivered, not clicked"),
                    "config": {
                        "dimension": "household",
                        "rule": {"kind": "except", "of": [reached, clicked]},
                    },
                },
                {
                    "id": "reminder",
                    "type": "email",
                    "label": _("Reminder"),
                    "config": {"channel": "marketing-mail", "content": content},
                },
            ],
            "transitions": [{"from": "silent", "to": "reminder"}],
        }
    )


def saved(document: Document, user: Any) -> Campaign:
    """The campaign with this document as its draft, new or replaced."""
    known = Campaign.objects.filter(slug=document.campaign.slug).first()
    return save_draft(known, document, if_match=known.draft_hash if known else None, by=user)


def finish_open_runs(campaign: Campaign, user: Any) -> None:
    """What an interrupted telling left behind."""
    for run in campaign.runs.exclude(state__in=ENDED):
        stop_run(run, by=user)
    until(lambda: Campaign.objects.get(pk=campaign.pk).state in ("draft", "completed"))
    campaign.refresh_from_db()


def wake_open_runs(campaign: Campaign, user: Any) -> None:
    """End the week of waiting, so that the campaign completes."""
    for run in campaign.runs.filter(kind=RunKind.LIVE, state="running"):
        wake_run(run, by=user)
        ended(run)


def prepared(run: CampaignRun) -> list[Delivery]:
    """The run's deliveries once nothing of it can go on by itself."""
    until(lambda: is_at_rest(run))
    return list(Delivery.objects.filter(activity_run__run=run).order_by("pk"))


def is_at_rest(run: CampaignRun) -> bool:
    """Between the end of an activity and the start of the next one a run only seems to rest; then it is moved on."""
    run.refresh_from_db()
    if run.state == "failed":
        raise RuntimeError(_("The run failed: %(problem)s") % {"problem": run.problem})
    if has_work(run):
        return False
    advance_run(run.pk)
    return not has_work(run)


def has_work(run: CampaignRun) -> bool:
    return run.activity_runs.filter(state__in=("pending", "running")).exists()


def ended(run: CampaignRun) -> CampaignRun:
    until(lambda: CampaignRun.objects.get(pk=run.pk).state in ENDED)
    run.refresh_from_db()
    if run.state != "completed":
        raise RuntimeError(_("The run %(state)s: %(problem)s") % {"state": run.state, "problem": run.problem})
    return run


def until(found: Callable[[], Any]) -> Any:
    """What `found` answers, as soon as it is something; raises TimeoutError after five minutes."""
    deadline = time.monotonic() + PATIENCE
    while not (answer := found()):
        if time.monotonic() > deadline:
            raise TimeoutError(
                _("Nothing moved for five minutes; are the workers running? Under way: %(runs)s")
                % {"runs": "; ".join(under_way()) or "–"}
            )
        time.sleep(0.2)
    return answer


def under_way() -> Iterator[str]:
    """Whatever has begun and not ended, for whoever wonders why."""
    for run in CampaignRun.objects.exclude(state__in=ENDED):
        states = run.activity_runs.values_list("activity_id", "state").order_by("pk")
        yield f"{run}: {run.state}, " + ", ".join(f"{activity} {state}" for activity, state in states)
    for campaign in Campaign.objects.filter(state__in=("live", "scheduled", "closed")):
        yield f"{campaign.slug}: {campaign.state}"


def run_messages(run: CampaignRun) -> list[int]:
    sent = Delivery.objects.filter(activity_run__run=run, messages__state="sent")
    return list(sent.values_list("messages__pk", flat=True))


def table(lines: Mapping[str, str] | list[tuple[str, str]]) -> str:
    rows = list(lines.items()) if isinstance(lines, Mapping) else lines
    width = max(len(what) for what, _figure in rows)
    return "\n".join(f"  {what:<{width}}  {figure}" for what, figure in rows)


def address() -> str:
    return f"{settings.PUBLIC_BASE_URL}/admin/"
