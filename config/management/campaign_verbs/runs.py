"""Verbs on runs and deliveries: test, confirm, settle, pause, resume, retry, restart, stop, wake."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from config.management.campaign_verbs.operands import find_campaign, find_user
from config.management.campaign_verbs.outcome import NotFound, Outcome
from orchestration.confirmation import confirm_delivery, send_waterfall
from orchestration.models import CampaignRun, Delivery
from orchestration.runs import (
    pause_run,
    restart_run,
    resume_run,
    retry_run,
    start_test_run,
    stop_run,
    wake_run,
)
from orchestration.unknowns import STATES, count_unknown, settle_unknown

OPEN = ("running", "paused", "failed")


def test_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("slug")
    parser.add_argument("--real-waits", action="store_true", help=_("let waits take their time"))


def test(slug: str, real_waits: bool, by: str | None, **_options: Any) -> Outcome:
    return _started(start_test_run(find_campaign(slug), by=find_user(by), real_waits=real_waits))


def _started(run: CampaignRun) -> Outcome:
    line = _("Test run %(run)d of “%(slug)s” has started.") % {"run": run.pk, "slug": run.campaign.slug}
    return Outcome({"ok": True, "run": run.pk, "state": run.state}, (line,))


def run_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("run", help=_("the number of a run, or a slug for the open run of that campaign"))


def pause(run: str, by: str | None, **_options: Any) -> Outcome:
    return _acted(pause_run, run, by)


def resume(run: str, by: str | None, **_options: Any) -> Outcome:
    return _acted(resume_run, run, by)


def retry_arguments(parser: ArgumentParser) -> None:
    run_arguments(parser)
    parser.add_argument("--activity", default="", help=_("the one failed activity that is meant"))


def retry(run: str, activity: str, by: str | None, **_options: Any) -> Outcome:
    return _acted(partial(retry_run, activity=activity), run, by)


def restart(run: str, by: str | None, **_options: Any) -> Outcome:
    return _started(restart_run(find_run(run), by=find_user(by)))


def stop(run: str, by: str | None, **_options: Any) -> Outcome:
    return _acted(stop_run, run, by)


def wake(run: str, by: str | None, **_options: Any) -> Outcome:
    return _acted(wake_run, run, by)


def confirm_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("delivery", type=int, help=_("the number of a delivery that waits for confirmation"))


def confirm(delivery: int, by: str | None, **_options: Any) -> Outcome:
    found = _delivery(delivery)
    waterfall = send_waterfall(found)
    released = confirm_delivery(found, by=find_user(by))
    line = _("Delivery %(number)d is confirmed: %(released)d messages will be sent.")
    data = {"ok": True, "delivery": delivery, "released": released, "waterfall": waterfall}
    return Outcome(data, (line % {"number": delivery, "released": released},))


def settle_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("delivery", type=int, help=_("the number of a delivery with unknown messages"))
    parser.add_argument(
        "--as", choices=list(STATES), required=True, dest="as_", help=_("what became of them")
    )
    parser.add_argument("--message", type=int, help=_("the number of one message; all without it"))
    parser.add_argument("--note", default="", help=_("how that is known; it stands with the messages"))


def settle(
    delivery: int, as_: str, message: int | None, note: str, by: str | None, **_options: Any
) -> Outcome:
    found = _delivery(delivery)
    before = count_unknown(found)
    settled = settle_unknown(found, as_, by=find_user(by), note=note, message=message)
    words = {"number": delivery, "unknown": before, "settled": settled}
    line = _("Of %(unknown)d unknown messages of delivery %(number)d, %(settled)d are settled.") % words
    data = {"ok": True, "delivery": delivery, "as": as_, "unknown": before, "settled": settled}
    return Outcome(data, (line,))


def _delivery(number: int) -> Delivery:
    found = Delivery.objects.filter(pk=number).first()
    if found is None:
        raise NotFound(_("There is no delivery %(number)d.") % {"number": number})
    return found


def _acted(act: Callable[..., int], which: str, by: str | None) -> Outcome:
    run = find_run(which)
    concerned = act(run, by=find_user(by))
    words = {"run": run.pk, "state": run.get_state_display(), "concerned": concerned}
    line = _("Run %(run)d is now %(state)s; it concerned %(concerned)d.") % words
    return Outcome({"ok": True, "run": run.pk, "state": run.state, "concerned": concerned}, (line,))


def find_run(which: str) -> CampaignRun:
    """A run by its number, or the one open run of the campaign with that slug."""
    if which.isdecimal():
        run = CampaignRun.objects.filter(pk=which).first()
    else:
        run = find_campaign(which).runs.filter(state__in=OPEN).order_by("-pk").first()
    if run is None:
        raise NotFound(_("There is no run for “%(which)s”. Start one first.") % {"which": which})
    return run
