"""Which tabs a campaign's page has, and which acts stand in its head."""

from __future__ import annotations

from campaigns.admin import (
    activities,
    audit,
    canvas,
    checks,
    creation,
    document_text,
    email_preview,
    gallery,
    lifecycle,
    publishing,
    rules,
    schedule,
    settings,
    versions,
)
from campaigns.admin.acts import Act
from campaigns.admin.flow import flow_tab
from campaigns.admin.page import Route, Tab
from orchestration.admin import deliveries, markers, proofs, unknowns
from orchestration.admin.runs import runs_tab
from reporting.admin import report

TABS: tuple[Tab, ...] = (
    canvas.TAB,
    flow_tab(
        *activities.ROUTES,
        *rules.ROUTES,
        email_preview.ROUTE,
        email_preview.FRAME,
        proofs.ROUTE,
        publishing.ROUTE,
        creation.DUPLICATE,
        gallery.SAVE,
    ),
    schedule.TAB,
    settings.TAB,
    checks.TAB,
    document_text.TAB,
    versions.TAB,
    runs_tab(*deliveries.ROUTES, unknowns.ROUTE, markers.ROUTE),
    report.TAB,
    audit.TAB,
)
ACTS: tuple[Act, ...] = lifecycle.ACTS
ROUTES: tuple[Route, ...] = tuple(route for tab in TABS for route in tab.routes)
