"""Who may see people's data, and what everybody else sees in their place. Every door asks here."""

from __future__ import annotations

from typing import Any

from campaigns.models import Field

PERMISSION = "campaigns.view_personal_data"
MASKED = "•••"


def may_see(user: Any) -> bool:
    return bool(user.has_perm(PERMISSION))


def hidden_fields(table: str, *, personal: bool) -> frozenset[str]:
    """Slugs of the fields of a table whose values are masked; none for whoever may see them."""
    if personal:
        return frozenset()
    rows = Field.objects.filter(table__slug=table, personal=True)
    return frozenset(rows.values_list("slug", flat=True))
