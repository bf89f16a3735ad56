"""What people read of an entry of a run's execution log, whose events are kept as codes."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orchestration.models import RunKind, RunLogEntry

EVENTS: Mapping[str, str | Promise] = {
    "activity_dead": _("nobody can arrive here: the branch ends"),
    "activity_failed": _("failed"),
    "activity_populations": _("people were selected"),
    "activity_prepared": _("messages were prepared"),
    "activity_references": _("people went on"),
    "activity_released": _("a fault of the database: it is tried again"),
    "activity_waituntil": _("waits"),
    "audience_not_saved": _("a test run saves no audience; the people go on"),
    "audience_saved": _("the audience was saved"),
    "delivery_confirmed": _("the send was confirmed"),
    "delivery_settled": _("every message has come to its end"),
    "marker_left": _("the marker stays where a person has set it meanwhile"),
    "marker_moved": _("the marker was moved on"),
    "file_tried": _("a test run: the first lines were tried, no file was written"),
    "file_written": _("a file was written"),
    "round_begun": _("people went back: another round begins"),
    "run_aborted": _("run aborted after a failure"),
    "run_completed": _("run completed"),
    "run_confirm": _("a confirmation was asked for"),
    "run_failed": _("run failed: nothing goes on without what failed"),
    "run_pause": _("run paused"),
    "run_resume": _("run resumed"),
    "run_retry": _("failed activities are tried again"),
    "run_started": _("run started"),
    "run_stop": _("run stopped"),
    "run_stuck": _("due work is taken by nobody"),
    "run_wake": _("waits were ended"),
    "unknown_settled": _("somebody settled messages that were unknown"),
}
DETAILS: Mapping[str, str | Promise] = {
    "added": _("added"),
    "audience": _("audience"),
    "members": _("members"),
    "concerned": _("concerned"),
    "as": pgettext_lazy("settled", "as"),
    "file": _("file"),
    "kind": _("kind"),
    "message": _("message"),
    "next": _("number of the new round"),
    "note": _("note"),
    "people": _("people"),
    "problem": _("problem"),
    "round": _("round"),
    "rows": _("rows"),
    "settled": _("settled"),
    "until": _("until"),
    "will_send": _("will get a message"),
}


def event_words(entry: RunLogEntry) -> str:
    """An event that nobody has named is shown as its code."""
    return str(EVENTS.get(entry.event, entry.event))


def detail_words(entry: RunLogEntry) -> list[tuple[str, str]]:
    return [(str(DETAILS.get(name, name)), _value(name, value)) for name, value in entry.detail.items()]


def _value(name: str, value: object) -> str:
    return str(dict(RunKind.choices).get(str(value), value)) if name == "kind" else str(value)
