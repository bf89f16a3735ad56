"""A change made on a page, from the draft the page was opened with to the one it becomes.

The change is made to the draft that was on the page, so that a change by somebody else is found and shown as a
conflict; `merged` puts both together once it is said whose part stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from campaigns.conflicts import DraftConflict
from campaigns.document import Document, parse_document, parse_text
from campaigns.drafts import read_draft, save_draft
from campaigns.merging import Fate, PartConflict
from campaigns.models import Campaign
from campaigns.parts import Kind, PartKey, parts_of

Edit = Callable[[Document], Document]


@dataclass(frozen=True, slots=True)
class Collision:
    """Two changes of one draft: what this person wanted, and what it meets."""

    yours: Document
    conflict: DraftConflict


def edit_draft(campaign: Campaign, edit: Edit, *, if_match: str, by: Any) -> Collision | None:
    """Make the change to the draft with the hash `if_match` and save it; the collision where it meets another.

    Raises ProblemsError when the change is refused.
    """
    yours = edit(draft_with(campaign, if_match))
    try:
        save_draft(campaign, yours, if_match=if_match, by=by)
    except DraftConflict as conflict:
        return Collision(yours, conflict)
    return None


def draft_with(campaign: Campaign, hash_: str) -> Document:
    """The draft that had this hash; the present one when it is no longer remembered."""
    current = read_draft(campaign.slug)
    if current.hash == hash_:
        return current.document
    kept = campaign.draft_revisions.filter(hash=hash_).order_by("-revision").first()
    return parse_text(kept.definition) if kept else current.document


def merged(theirs: Document, parts: tuple[PartConflict, ...], yours_wins: frozenset[str]) -> Document:
    """Their document with every part that only you changed, and of those both changed the ones in
    `yours_wins`, by `choice_name`.
    """
    found: dict[PartKey, Mapping[str, Any]] = dict(parts_of(theirs))
    for part in parts:
        if part.fate is Fate.YOURS or (part.fate is Fate.BOTH and choice_name(part) in yours_wins):
            found.pop(part.key, None)
            if part.yours is not None:
                found[part.key] = part.yours
    return parse_document(_assembled(found, theirs))


def choice_name(part: PartConflict) -> str:
    """What a choice between two forms of a part is called on a page."""
    return f"{part.key.kind} {part.key.name}".strip()


def _assembled(found: Mapping[PartKey, Mapping[str, Any]], theirs: Document) -> dict[str, Any]:
    def of(kind: Kind) -> dict[str, Mapping[str, Any]]:
        return {key.name: part for key, part in found.items() if key.kind is kind}

    return {
        "tutti": 1,
        "campaign": of(Kind.HEADER)[""],
        "schedule": of(Kind.SCHEDULE).get("", {}),
        "errors": of(Kind.ERRORS).get("", {}),
        "variables": of(Kind.VARIABLE),
        "activities": list(of(Kind.ACTIVITY).values()),
        "transitions": list(of(Kind.TRANSITION).values()),
        "layout": {name: list(place) for name, place in theirs.layout.items()},
        "notes": of(Kind.NOTE),
    }
