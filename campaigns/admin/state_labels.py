"""A state as lists show it: a mark and a word, never colour alone."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.html import format_html
from django.utils.safestring import SafeString

from campaigns.admin.page import Text

ICONS: Mapping[str, str] = {
    "draft": "edit_note",
    "scheduled": "schedule",
    "live": "sensors",
    "closed": "door_front",
    "completed": "check_circle",
    "stopped": "stop_circle",
    "archived": "inventory_2",
    "running": "play_circle",
    "paused": "pause_circle",
    "failed": "error",
}
"""Of campaigns and runs; other states are marked by a dot."""
_DOT = SafeString('<i aria-hidden="true"></i>')


def state_label(state: str, label: Text) -> SafeString:
    return format_html(
        '<span class="tt"><span class="tt-state s-{}">{}{}</span></span>', state, state_icon(state), label
    )


def state_icon(state: str) -> SafeString:
    if state not in ICONS:
        return _DOT
    return format_html('<span class="material-symbols-outlined" aria-hidden="true">{}</span>', ICONS[state])
