"""A state as lists show it: a mark and a word, never colour alone."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

from campaigns.admin.page import Text


def state_label(state: str, label: Text) -> SafeString:
    return format_html(
        '<span class="tt"><span class="tt-state s-{}"><i aria-hidden="true"></i>{}</span></span>',
        state,
        label,
    )
