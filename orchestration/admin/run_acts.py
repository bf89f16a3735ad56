"""The acts on a run behind its buttons, with what follows from each and how many people it concerns."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from django.db.models import Sum
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.admin.acts import Act, Consequences
from campaigns.admin.confirming import refused
from campaigns.admin.page import Text
from orchestration import runs
from orchestration.exceptions import Refused
from orchestration.models import CampaignRun, Message
from orchestration.possible_acts import is_possible
from orchestration.run_permissions import permission_to_act
from orchestration.run_pictures import shown
from orchestration.states import MESSAGE


class Words(NamedTuple):
    """What people read of an act."""

    label: Text
    icon: str
    after: Text


def _act(
    act: Callable[..., int],
    words: Words,
    consequences: Callable[[CampaignRun], Consequences],
    *,
    tone: str = "",
) -> Act:
    def perform(run: CampaignRun, request: HttpRequest) -> Text:
        try:
            act(run, by=request.user)
        except Refused as error:
            raise refused(str(error)) from error
        return words.after

    name = act.__name__.removesuffix("_run")
    return Act(
        name=name,
        label=words.label,
        icon=words.icon,
        permission=permission_to_act,
        is_possible=lambda run: is_possible(name, run),
        consequences=consequences,
        perform=perform,
        tone=tone,
    )


def _pausing(run: CampaignRun) -> Consequences:
    return Consequences(
        [
            _(
                "No new activity starts and no further message leaves. What is being worked on right now still ends."
            )
        ]
    )


def _resuming(run: CampaignRun) -> Consequences:
    return Consequences([_("The run goes on where it was paused.")])


def _retrying(run: CampaignRun) -> Consequences:
    failed = run.activity_runs.filter(state="failed")
    labels = ", ".join(each.title for each in failed)
    return Consequences([_("These activities are tried again: %(labels)s.") % {"labels": labels}])


def _waking(run: CampaignRun) -> Consequences:
    people = run.activity_runs.filter(state="waiting").aggregate(people=Sum("rows_in"))["people"] or 0
    sentence = _("Every wait of the run ends now. %(people)s people go on at once.") % {
        "people": shown(people)
    }
    return Consequences([sentence], people=people)


def _stopping(run: CampaignRun) -> Consequences:
    unsent = Message.objects.filter(delivery__activity_run__run=run, state__in=MESSAGE.before("cancelled"))
    count = unsent.count()
    sentences = [_("The run ends for good. It cannot be resumed.")]
    if count:
        sentences.append(_("%(count)s messages that have not left are cancelled.") % {"count": shown(count)})
    return Consequences(sentences, people=count)


def _restarting(run: CampaignRun) -> Consequences:
    return Consequences(
        [_("A test that is still open is stopped, and the draft is tested as it is now. Nothing is sent.")]
    )


def _restart(run: CampaignRun, request: HttpRequest) -> Text:
    try:
        begun = runs.restart_run(run, by=request.user)
    except Refused as error:
        raise refused(str(error)) from error
    return _("Test run %(run)d has begun. Nothing is sent, whatever it finds.") % {"run": begun.pk}


ACTS: tuple[Act, ...] = (
    _act(
        runs.pause_run,
        Words(gettext_lazy("Pause"), "pause", gettext_lazy("The run is paused.")),
        _pausing,
    ),
    _act(
        runs.resume_run,
        Words(gettext_lazy("Resume"), "play_arrow", gettext_lazy("The run goes on.")),
        _resuming,
        tone="primary",
    ),
    _act(
        runs.retry_run,
        Words(gettext_lazy("Retry"), "replay", gettext_lazy("What had failed is tried again.")),
        _retrying,
        tone="primary",
    ),
    _act(
        runs.wake_run,
        Words(gettext_lazy("Execute pending now"), "alarm_on", gettext_lazy("The waits are over.")),
        _waking,
    ),
    _act(
        runs.stop_run,
        Words(gettext_lazy("Stop"), "stop_circle", gettext_lazy("The run is stopped.")),
        _stopping,
        tone="danger",
    ),
    Act(
        name="restart",
        label=gettext_lazy("Restart"),
        icon="restart_alt",
        permission=permission_to_act,
        is_possible=partial(is_possible, "restart"),
        consequences=_restarting,
        perform=_restart,
    ),
)


def act_named(name: str) -> Any:
    return next((act for act in ACTS if act.name == name), None)
