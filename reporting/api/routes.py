"""The routes of reporting; the composition root hands `register` to the API's router."""

from __future__ import annotations

from rest_framework.routers import BaseRouter

from reporting.api.exports import CampaignExports, LedgerExports
from reporting.api.ledger import Ledger
from reporting.api.reports import Reports
from reporting.api.traces import Traces

_CAMPAIGN = r"campaigns/(?P<campaign>[a-z0-9_-]{1,80})"


def register(router: BaseRouter) -> None:
    router.register(f"{_CAMPAIGN}/report", Reports, basename="report")
    router.register(f"{_CAMPAIGN}/exports", CampaignExports, basename="campaign-export")
    router.register("messages/export", LedgerExports, basename="ledger-export")
    router.register("messages", Ledger, basename="message")
    router.register(r"runs/(?P<run>[0-9]{1,18})/trace", Traces, basename="trace")
