"""The tab “Runs”: starting a test, every run of the campaign, and the page of one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns import personal_data
from campaigns.activity_parts import known_ports, title_of
from campaigns.admin.acts import Act, possible
from campaigns.admin.confirming import Places, confirm_act
from campaigns.admin.page import VIEW, CampaignPage, Route, Tab
from campaigns.admin.painting import Painter
from campaigns.document import ActivityPart, Document
from campaigns.problems import Problem, ProblemsError
from orchestration.admin.run_acts import ACTS as RUN_ACTS
from orchestration.admin.run_acts import act_named
from orchestration.exceptions import Refused
from orchestration.log_words import detail_words, event_words
from orchestration.markers import markers_of
from orchestration.models import CampaignRun, Delivery, Population
from orchestration.people import read_people
from orchestration.run_counts import ActivityCounts, RoundCounts, round_counts
from orchestration.run_pictures import duration_words, picture_tag, run_picture, run_words, shown
from orchestration.runs import document_of, start_test_run

SHOWN_RUNS = 50
SHOWN_LOG = 200
SHOWN_ROUNDS = 30


def runs(page: CampaignPage) -> HttpResponse:
    found = page.campaign.runs.select_related("version", "started_by").defer("definition")[:SHOWN_RUNS]
    occurrences = page.campaign.occurrences.exclude(state="launched").order_by("-planned_at")[:10]
    context = {
        "runs": [_listed(page, run) for run in found],
        "occurrences": occurrences,
        "may_test": page.may_edit,
        "markers": [
            {"shown": each, "url": page.url("marker", activity=each.activity)}
            for each in markers_of(page.campaign)
        ],
    }
    return page.render("orchestration/admin/runs.html", context)


def _listed(page: CampaignPage, run: CampaignRun) -> dict[str, Any]:
    length = run.finished_at - run.started_at if run.finished_at else None
    return {"run": run, "url": page.url("run", run_id=run.pk), "duration": duration_words(length)}


def start_test(page: CampaignPage) -> HttpResponse:
    """Run the draft as it is, without one side effect."""
    try:
        run = start_test_run(
            page.campaign, by=page.request.user, real_waits="real_waits" in page.request.POST
        )
    except Refused as error:
        page.refuse([Problem(error.code, "", error.message, error.remedy)])
        return page.redirect("runs")
    except ProblemsError as error:
        page.refuse(error.problems)
        return page.redirect("runs")
    page.succeed(_("The test run has begun. Nothing is sent, whatever it finds."))
    return page.redirect("run", run_id=run.pk)


def run(page: CampaignPage, run_id: int) -> HttpResponse:
    found = run_of(page, run_id)
    document = document_of(found)
    context = {
        "run": found,
        "title_words": run_words(found),
        "painted": Painter(page, may_edit=False).paint(document),
        "run_state_url": page.url("run_state", run_id=found.pk),
        **_rounds(page, found, document),
        "log": _log(found, document),
        "acts": _acts(page, found),
        "deliveries": _deliveries(page, found),
    }
    return page.render("orchestration/admin/run.html", context)


def _log(run: CampaignRun, document: Document) -> list[dict[str, Any]]:
    titles = {part.id: title_of(part) for part in document.activities}
    entries = run.log.select_related("actor").order_by("-pk")[:SHOWN_LOG]
    return [
        {
            "entry": entry,
            "activity": titles.get(entry.activity_id, entry.activity_id),
            "words": event_words(entry),
            "detail": detail_words(entry),
        }
        for entry in entries
    ]


def run_of(page: CampaignPage, run_id: int) -> CampaignRun:
    runs_of_campaign = CampaignRun.objects.select_related("version", "started_by", "campaign")
    return get_object_or_404(runs_of_campaign, pk=run_id, campaign=page.campaign)


def _acts(page: CampaignPage, run: CampaignRun) -> list[dict[str, Any]]:
    found: Iterable[Act] = possible(RUN_ACTS, run, page.request.user)
    return [{"act": act, "url": page.url("run_act", run_id=run.pk, name=act.name)} for act in found]


def _deliveries(page: CampaignPage, run: CampaignRun) -> list[dict[str, Any]]:
    found = Delivery.objects.filter(activity_run__run=run).select_related("activity_run").order_by("pk")
    return [
        {"delivery": each, "people": shown(each.targeted), "url": page.url("delivery", delivery_id=each.pk)}
        for each in found
    ]


def _rounds(page: CampaignPage, run: CampaignRun, document: Document) -> dict[str, Any]:
    """Every activity of each round in the order of the flow: its state, its counts, its SQL, its error."""
    found = round_counts(run, document)
    statements = dict(run.activity_runs.values_list("pk", "statements"))
    shown_rounds = [
        {
            "title": _round_title(each, document) if len(found) > 1 else "",
            "rows": [_row(page, run, document, counted, statements) for counted in each.activities],
        }
        for each in found[-SHOWN_ROUNDS:]
    ]
    return {"rounds": shown_rounds, "all_rounds": len(found), "left_out": len(found) - len(shown_rounds)}


def _round_title(counted: RoundCounts, document: Document) -> str:
    if counted.begun is None:
        return _("At first")
    words = {
        "number": counted.number,
        "to": title_of(document.activity(counted.begun.to)),
        "jump": counted.begun.jump.title,
    }
    if counted.begun.jump.iteration == 0:
        return _("Round %(number)d: from “%(jump)s” back to “%(to)s”") % words
    words["parent"] = counted.begun.jump.iteration
    return _("Round %(number)d: from “%(jump)s” in round %(parent)d back to “%(to)s”") % words


def _row(
    page: CampaignPage,
    run: CampaignRun,
    document: Document,
    counted: ActivityCounts,
    statements: Mapping[int, str],
) -> dict[str, Any]:
    done = counted.done
    arrives = document.graph.into(counted.part.id)
    length = done.finished_at - done.started_at if done and done.finished_at and done.started_at else None
    return {
        "id": counted.part.id,
        "title": title_of(counted.part),
        "done": done,
        "statements": statements.get(done.pk, "") if done else "",
        "came": shown(done.rows_in) if arrives and done and done.rows_in is not None else "",
        "duration": duration_words(length),
        "ports": [
            _port(page, run, counted.part, each) for each in counted.ports if isinstance(each, Population)
        ],
    }


def _port_title(population: Population, part: ActivityPart) -> str:
    """What the drawing calls the port; one that the settings do not know is called by its name."""
    labels = {port.name: str(port.label) for port in known_ports(part)}
    return labels.get(population.port) or population.port


def _port(page: CampaignPage, run: CampaignRun, part: ActivityPart, population: Population) -> dict[str, Any]:
    url = page.url("people", run_id=run.pk, population_id=population.pk) if population.is_kept else ""
    count = "" if population.row_count is None else shown(population.row_count)
    return {
        "name": _port_title(population, part),
        "count": count,
        "activated": population.activated,
        "url": url,
    }


def run_state(page: CampaignPage, run_id: int) -> HttpResponse:
    """What the drawing shows, as JSON; 304 where nothing has changed."""
    picture = run_picture(run_of(page, run_id))
    tag = picture_tag(picture)
    if page.request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    answer = JsonResponse(picture)
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    return answer


def run_act(page: CampaignPage, run_id: int, name: str) -> HttpResponse:
    act = act_named(name)
    if act is None:
        raise Http404
    back = page.url("run", run_id=run_id)
    return confirm_act(page, act, run_of(page, run_id), Places(back, back))


def people(page: CampaignPage, run_id: int, population_id: int) -> HttpResponse:
    """The people who left an activity by a port; their data only for those who may see them."""
    population = get_object_or_404(
        Population.objects.select_related("activity_run__run"),
        pk=population_id,
        activity_run__run=run_of(page, run_id),
    )
    if not population.is_kept:
        raise Http404(_("These people are no longer kept; their number is."))
    found = read_people(population, after=page.request.GET.get("after", ""))
    may_see = personal_data.may_see(page.request.user)
    rows = found.rows if may_see else [[personal_data.MASKED for _value in row] for row in found.rows]
    context = {
        "population": population,
        "port": _port_title(population, _part(population)),
        "people": found,
        "rows": rows,
        "may_see": may_see,
        "back": page.url("run", run_id=run_id),
        "count": shown(population.row_count or 0),
    }
    return page.render("orchestration/admin/people.html", context)


def _part(population: Population) -> ActivityPart:
    activity_run = population.activity_run
    return document_of(activity_run.run).activity(activity_run.activity_id)


def latest_run(request: HttpRequest, campaign: Any) -> CampaignRun | None:
    """The run whose numbers the drawing of the draft shows."""
    found: CampaignRun | None = campaign.runs.defer("definition").order_by("-pk").first()
    return found


ROUTES = (
    Route("runs", "runs/", runs),
    Route("start_test", "runs/test/", start_test, only_acts=True),
    Route("run", "runs/<int:run_id>/", run),
    Route("run_state", "runs/<int:run_id>/state/", run_state),
    Route("run_act", "runs/<int:run_id>/acts/<slug:name>/", run_act, may_read=VIEW, may_write=VIEW),
    Route("people", "runs/<int:run_id>/people/<int:population_id>/", people),
)


def runs_tab(*more: Route) -> Tab:
    return Tab(gettext_lazy("Runs"), "play_circle", (*ROUTES, *more))
