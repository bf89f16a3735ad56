"""Everything as CSV, streamed. Each export is written into the audit log, with what was in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.http import StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action

from campaigns import audit
from campaigns.api.door import Door
from campaigns.api.downloads import AnyAccept
from campaigns.api.permissions import Need
from reporting.api.ledger import search_of
from reporting.api.reports import BY, CAMPAIGN, VIEW, by_of, question_of, sees_personal_data
from reporting.api.shapes import LedgerQuery, ReportQuery
from reporting.exports import events_csv, ledger_csv, table_csv
from reporting.reports import table

CSV = {(200, "text/csv"): OpenApiTypes.STR}
MESSAGES = Need("read", "orchestration.view_message")


class CampaignExports(Door):
    """The tables of a report, and the raw events behind it."""

    needs: ClassVar = {"retrieve": VIEW, "events": MESSAGES}
    lookup_field = "by"
    lookup_value_regex = "[a-z_]+"
    content_negotiation_class = AnyAccept
    filter_backends = ()

    @extend_schema(parameters=[CAMPAIGN, ReportQuery, BY], responses=CSV)
    def retrieve(self, request: Any, campaign: str, by: str) -> StreamingHttpResponse:
        """One table of the report."""
        question = question_of(request, campaign)
        return csv_answer(table_csv(table(question, by_of(by))), f"{campaign}-{by}")

    @extend_schema(parameters=[CAMPAIGN, ReportQuery], responses=CSV)
    @action(detail=False, url_path="events")
    def events(self, request: Any, campaign: str) -> StreamingHttpResponse:
        """Every event with its verdict, in the order they occurred."""
        scope = question_of(request, campaign).scope
        personal = sees_personal_data(request)
        audit.record("report.export_events", f"campaign {campaign}", by=request.user, personal=personal)
        return csv_answer(events_csv(scope, personal=personal), f"{campaign}-events")


class LedgerExports(Door):
    """The ledger as it was searched."""

    needs: ClassVar = {"list": MESSAGES}
    content_negotiation_class = AnyAccept
    pagination_class = None
    filter_backends = ()

    @extend_schema(parameters=[LedgerQuery], responses=CSV)
    def list(self, request: Any) -> StreamingHttpResponse:
        """Every message that matches."""
        search, personal = search_of(request), sees_personal_data(request)
        audit.record("report.export_ledger", "ledger", by=request.user, personal=personal)
        return csv_answer(ledger_csv(search, personal=personal), "ledger")


def csv_answer(lines: Iterator[str], name: str) -> StreamingHttpResponse:
    """A download named after what it is and when it was made; nothing may keep a copy of it."""
    stamp = timezone.now().strftime("%Y%m%d-%H%M")
    headers = {
        "Content-Disposition": f'attachment; filename="{name}-{stamp}.csv"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)
