"""The tab “Report”: the numbers of a campaign, of one of its runs or activities, with every table to download."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _

from campaigns.admin.page import CampaignPage, Route, Tab, Text
from campaigns.audit import record
from campaigns.personal_data import may_see
from orchestration.models import Delivery
from orchestration.run_pictures import shown
from orchestration.verdicts import People
from reporting.admin.charts import Chart, chart, shares
from reporting.cells import Source
from reporting.exports import events_csv, shown_measures, table_csv
from reporting.metrics import RATES
from reporting.reports import By, Line, Question, Totals, table, totals
from reporting.scopes import Scope

FUNNEL = ("targeted", "sends", "delivered", "unique_opens", "unique_clicks")
TABLES: Mapping[By, Text] = {
    By.ACTIVITY: _("By activity"),
    By.RUN: _("By run"),
    By.LINK: _("By link"),
    By.DOMAIN: _("By domain of the address"),
    By.EXCLUSION_REASON: _("Excluded, by reason"),
    By.BOUNCE_REASON: _("Bounced, by reason"),
    By.DAY: _("By day"),
}
COLUMNS: Mapping[By, tuple[str, ...]] = {
    By.LINK: ("unique_clicks", "clicks"),
    By.EXCLUSION_REASON: ("excluded",),
    By.BOUNCE_REASON: ("bounces",),
    By.DAY: ("sends", "unique_opens", "unique_clicks", "unsubscribes"),
}
USUAL = (
    "targeted",
    "excluded",
    "sends",
    "delivered",
    "bounces",
    "unique_opens",
    "unique_clicks",
    "unsubscribes",
)


def report(page: CampaignPage) -> HttpResponse:
    question = _question(page)
    has_sent = question.scope.deliveries().exists()
    context = {"question": question, "has_sent": has_sent, "choices": _choices(page, question)}
    if has_sent:
        context |= _numbers(page, question)
    return page.render("reporting/admin/report.html", context)


def _question(page: CampaignPage) -> Question:
    """What the address asks; what it cannot mean is left out."""
    asked = page.request.GET
    run = asked.get("run", "")
    people = asked.get("people", "")
    scope = Scope(page.campaign, int(run) if run.isdecimal() else None, asked.get("activity", ""))
    return Question(scope, People(people) if people in set(People) else People.HUMAN, Source.LIVE)


def _choices(page: CampaignPage, question: Question) -> dict[str, Any]:
    everything = Delivery.objects.filter(campaign=page.campaign, kind=Delivery.Kind.LIVE)
    activities = {each.activity_id: each.title for each in _named(everything)}
    runs = everything.order_by("-activity_run__run").values_list("activity_run__run", flat=True).distinct()
    return {
        "activities": list(activities.items()),
        "runs": [str(run) for run in runs[:100]],
        "run": str(question.scope.run or ""),
        "activity": question.scope.activity,
        "people": str(question.people),
    }


def _named(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return deliveries.order_by("pk").only("activity_id", "label", "channel")


def _numbers(page: CampaignPage, question: Question) -> dict[str, Any]:
    found = totals(question)
    labels = dict(shown_measures())
    funnel = [(str(labels[name]), found.numbers[name]) for name in FUNNEL if name in labels]
    return {
        "as_of": found.as_of,
        "figures": _figures(found, labels),
        "rates": [(rate.label, percent(found.rates[rate.name]), rate.formula) for rate in RATES],
        "funnel": [(label, shown(value), share) for label, value, share in shares(funnel)],
        "estimated_opens": found.estimated_opens,
        "days": _days(question),
        "tables": [_table(page, question, by) for by in TABLES],
        "events_url": page.url("report_events") + _query(page),
    }


def _figures(found: Totals, labels: Mapping[str, Text]) -> list[tuple[Text, str]]:
    return [(label, shown(found.numbers[name])) for name, label in labels.items() if found.numbers.get(name)]


def _days(question: Question) -> Chart | None:
    """Unique opens and unique clicks of every day from the first to the last that has any number."""
    numbers = {date.fromisoformat(line.value): line.numbers for line in table(question, By.DAY)}
    if not numbers:
        return None
    first, last = min(numbers), max(numbers)
    days = [first + timedelta(days=each) for each in range((last - first).days + 1)]
    return chart([(date_format(day, "MONTH_DAY_FORMAT"), _pair(numbers.get(day, {}))) for day in days])


def _pair(numbers: Mapping[str, int]) -> tuple[int, int]:
    return numbers.get("unique_opens", 0), numbers.get("unique_clicks", 0)


def _table(page: CampaignPage, question: Question, by: By) -> dict[str, Any]:
    labels = dict(shown_measures())
    names = [name for name in COLUMNS.get(by, USUAL) if name in labels]
    lines: Iterable[Line] = table(question, by)
    return {
        "title": TABLES[by],
        "columns": [labels[name] for name in names],
        "lines": [(_words(by, line), [shown(line.numbers[name]) for name in names]) for line in lines],
        "csv": page.url("report_table", by=str(by)) + _query(page),
    }


def _words(by: By, line: Line) -> str:
    return date_format(date.fromisoformat(line.value)) if by is By.DAY else line.label


def _query(page: CampaignPage) -> str:
    kept = {
        name: page.request.GET[name] for name in ("run", "activity", "people") if page.request.GET.get(name)
    }
    return f"?{urlencode(kept)}" if kept else ""


def percent(share: Decimal | None) -> str:
    return "–" if share is None else f"{number_format(share * 100, decimal_pos=2)} %"


def report_table(page: CampaignPage, by: str) -> HttpResponse:
    """One table as CSV."""
    if by not in set(By):
        raise Http404
    lines = table(_question(page), By(by))
    return _csv(table_csv(lines), f"{page.campaign.slug}-{by}")


def report_events(page: CampaignPage) -> HttpResponse:
    """Every event with its verdict as CSV; the export is written into the audit log."""
    personal = may_see(page.request.user)
    subject = f"campaign {page.campaign.slug}"
    record("report.export_events", subject, by=page.request.user, personal=personal)
    return _csv(events_csv(_question(page).scope, personal=personal), f"{page.campaign.slug}-events")


def _csv(lines: Iterable[str], name: str) -> HttpResponse:
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer  # type: ignore[return-value]


TAB = Tab(
    _("Report"),
    "monitoring",
    (
        Route("report", "report/", report),
        Route("report_table", "report/<slug:by>.csv", report_table),
        Route("report_events", "report/events/", report_events, may_read="orchestration.view_message"),
    ),
)
