"""System checks of the engine's settings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register
from django.utils.translation import gettext as _

LONGEST_BASE_URL = 35


@register
def base_url_leaves_room(app_configs: Any, **_kwargs: Any) -> list[CheckMessage]:
    """A header that holds the link to unsubscribe is folded, and then broken by some servers, beyond one line."""
    if len(settings.PUBLIC_BASE_URL) <= LONGEST_BASE_URL:
        return []
    text = _(
        "PUBLIC_BASE_URL has %(length)d characters, so that the links to unsubscribe do not fit on a line."
    )
    hint = _("Choose an address of at most %(most)d characters before the first mail leaves.")
    return [
        Warning(
            text % {"length": len(settings.PUBLIC_BASE_URL)},
            hint=hint % {"most": LONGEST_BASE_URL},
            id="orchestration.W001",
        )
    ]
