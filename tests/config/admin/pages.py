"""Asks the admin for a campaign's pages as a browser would."""

from __future__ import annotations

from typing import Any

from django.test import Client

from campaigns.admin.page import campaign_url
from campaigns.document import Document
from campaigns.drafts import load_draft
from campaigns.models import Campaign
from tests.orchestration.engine import draft


def mailing(slug: str = "mailing") -> Campaign:
    """Everybody, then an end; the dimension has not to be there."""
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    return draft(slug, [everybody, {"id": "over", "type": "end"}], ["all over"])


def look(client: Client, campaign: Campaign, route: str, query: str = "", **kwargs: Any) -> str:
    answer = client.get(campaign_url(campaign, route, **kwargs) + query)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def send(
    client: Client, campaign: Campaign, route: str, *, at: str = "", query: str = "", **sent: Any
) -> Any:
    """Send a form as it was opened `at` a hash, by default the present one; the page that follows."""
    campaign.refresh_from_db()
    kwargs = {name: sent.pop(name) for name in ("activity_id", "name", "run_id") if name in sent}
    data = {"if_match": at or campaign.draft_hash, **sent.get("data", {})}
    return client.post(campaign_url(campaign, route, **kwargs) + query, data, follow=True)


def document(campaign: Campaign) -> Document:
    return load_draft(campaign)


def arrows(campaign: Campaign) -> set[str]:
    return {f"{t.source}.{t.port}>{t.target}" for t in document(campaign).transitions}
