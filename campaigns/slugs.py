"""Slugs proposed for new campaigns."""

from __future__ import annotations

from django.utils.text import slugify

from campaigns.models import Campaign


def slug_of(name: str) -> str:
    """A slug no campaign has yet, made of the name; names in other scripts give a numbered one."""
    base = slugify(name)[:70].strip("-_") or "campaign"
    taken = set(Campaign.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(slug for slug in numbered if slug not in taken)
