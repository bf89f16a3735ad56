"""A run as numbers on its drawing: the state of every activity, the count on every way out, all in words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from orchestration.models import ActivityRun, CampaignRun, Delivery
from orchestration.run_counts import message_counts, most_telling, port_counts, progress_of
from orchestration.states import RUN

MOVING = ("running",)
MINUTE = HOUR = 60
ICONS: Mapping[str, str] = {
    "pending": "○",
    "running": "▶",
    "waiting": "…",
    "awaiting_confirmation": "!",
    "sending": "→",
    "succeeded": "✓",
    "failed": "✗",
    "dead": "–",
    "cancelled": "–",
}


def run_picture(run: CampaignRun) -> dict[str, Any]:
    """Plain data for the page: `activities` by id, `ports` by “id.port”, and whether to ask again."""
    activity_runs = _shown_runs(run)
    sent = _progress(activity_runs)
    return {
        "state": run.state,
        "words": run_words(run),
        "activities": {each.activity_id: _activity(each, sent) for each in activity_runs},
        "ports": _ports(run),
        "over": run.state in RUN.final,
        "moving": run.state in MOVING,
    }


def _shown_runs(run: CampaignRun) -> list[ActivityRun]:
    """One activity run of each activity: that of the round of which there is most to say."""
    rounds: dict[str, list[ActivityRun]] = {}
    for each in run.activity_runs.defer("statements", "memo").order_by("pk"):
        rounds.setdefault(each.activity_id, []).append(each)
    return [found for several in rounds.values() if (found := most_telling(several))]


def picture_tag(picture: Mapping[str, Any]) -> str:
    """Changes whenever the picture does: the ETag of an answer that holds it."""
    text = json.dumps(picture, sort_keys=True, ensure_ascii=False)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'


def run_words(run: CampaignRun) -> str:
    """“Test run 12: completed” in the reader's language."""
    words = {"kind": run.get_kind_display(), "number": run.pk, "state": run.get_state_display()}
    return capfirst(_("%(kind)s run %(number)d: %(state)s") % words)


def _activity(each: ActivityRun, sent: Mapping[int, str]) -> dict[str, str]:
    words = f"{ICONS.get(each.state, '')} {each.get_state_display()}".strip()
    if each.state == "waiting" and each.due_at:
        words = _("… until %(time)s") % {"time": date_format(localtime(each.due_at), "SHORT_DATETIME_FORMAT")}
    return {"state": each.state, "words": sent.get(each.pk) or words}


def _progress(activity_runs: Iterable[ActivityRun]) -> dict[int, str]:
    """How far the sendings under way are, by activity run."""
    sending = [each.pk for each in activity_runs if each.state == "sending"]
    deliveries = Delivery.objects.filter(activity_run__in=sending).only("pk", "activity_run")
    counts = message_counts(deliveries)
    return {each.activity_run_id: _sending(counts[each.pk]) for each in deliveries if each.pk in counts}


def _sending(states: Mapping[str, int]) -> str:
    found = progress_of(states)
    words = {"done": shown(found.total - found.remaining), "total": shown(found.total)}
    return _("→ %(done)s of %(total)s") % words


def _ports(run: CampaignRun) -> dict[str, str]:
    return {f"{activity}.{port}": shown(count) for (activity, port), count in port_counts(run).items()}


def shown(number: int) -> str:
    """A number with the reader's own separators."""
    return number_format(number, use_l10n=True, force_grouping=True)


def duration_words(length: timedelta | None) -> str:
    if length is None:
        return ""
    seconds = length.total_seconds()
    if seconds < MINUTE:
        return _("%(seconds).1f s") % {"seconds": seconds}
    minutes, rest = divmod(round(seconds), MINUTE)
    if minutes < HOUR:
        return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}
    return _("%(hours)d h %(minutes)d min") % {"hours": minutes // HOUR, "minutes": minutes % HOUR}
