"""Tags put on many campaigns at once. A tag is part of the document: the draft is saved with it."""

from __future__ import annotations

from typing import Any

from campaigns.document import as_data, parse_document
from campaigns.drafts import read_draft, save_draft
from campaigns.models import Campaign

MOST_LETTERS = 40


def with_tag(campaign: Campaign, tag: str, *, by: Any = None) -> bool:
    """Add the tag to the draft as it is now; answers whether it was not there."""
    return _change(campaign, tag, wanted=True, by=by)


def without_tag(campaign: Campaign, tag: str, *, by: Any = None) -> bool:
    return _change(campaign, tag, wanted=False, by=by)


def _change(campaign: Campaign, tag: str, *, wanted: bool, by: Any) -> bool:
    draft = read_draft(campaign.slug)
    tags = set(draft.document.campaign.tags)
    if (tag in tags) is wanted:
        return False
    changed = tags | {tag} if wanted else tags - {tag}
    data = as_data(draft.document)
    data["campaign"] |= {"tags": sorted(changed)}
    save_draft(draft.campaign, parse_document(data), if_match=draft.hash, by=by)
    return True
