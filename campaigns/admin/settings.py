"""The tab “Settings”: name, tags and time zone; variables; what happens when an activity fails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import available_timezones

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.admin.conflicts import save
from campaigns.admin.page import CampaignPage, Route, Tab
from campaigns.document import Document, as_data, parse_document
from campaigns.drafts import read_draft
from campaigns.forms.drawing import draw_form
from campaigns.forms.reading import read_form
from campaigns.forms.schemas import Choice
from campaigns.lint import lint_document
from campaigns.problems import Problem, ProblemsError
from campaigns.world import load_world

PLACE = "settings"


def settings(page: CampaignPage) -> HttpResponse:
    if not page.is_sent:
        return _show(page)
    read = read_form(schema(), page.request.POST, place=PLACE)
    try:
        conflict = save(
            page, lambda document: _changed(document, read.data), done=_("The settings are saved.")
        )
    except ProblemsError as error:
        conflict = _show(page, read.data, error.problems)
    return conflict or page.redirect("settings")


def _show(
    page: CampaignPage, data: Mapping[str, Any] | None = None, refused: Iterable[Problem] = ()
) -> HttpResponse:
    draft = read_draft(page.campaign.slug)
    shown = data or _as_form(draft.document)
    found = list(refused) or list(lint_document(draft.document, load_world(draft.document)))
    context = {
        "draft": draft,
        "fields": draw_form(
            schema(), shown, place=PLACE, options={"zone": zones}, problems=_in_form(found, shown)
        ),
    }
    return page.render("campaigns/admin/settings.html", context, status=422 if data else 200)


def _as_form(document: Document) -> dict[str, Any]:
    """The document's parts as the form has them: variables in a list, each with its name."""
    data = as_data(document)
    variables = [{"name": name, **each} for name, each in data.get("variables", {}).items()]
    return {
        "header": data["campaign"],
        "variables": [{**each, "value": _text(each.get("value"))} for each in variables],
        "errors": data.get("errors", {}),
    }


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value or ""


def _changed(document: Document, form: Mapping[str, Any]) -> Document:
    """The document with what was sent; its slug is never part of a form."""
    header = {**form.get("header", {}), "slug": document.campaign.slug}
    variables = {str(each.get("name", "")): _variable(each) for each in form.get("variables", ())}
    if len(variables) < len(form.get("variables", ())):
        message = _("Two variables have the same name.")
        raise ProblemsError([Problem("variable.repeated", "/variables", message, _("Rename one of them."))])
    changed = {"campaign": header, "variables": variables, "errors": form.get("errors", {})}
    return parse_document({**as_data(document), **changed})


def _variable(each: Mapping[str, Any]) -> dict[str, Any]:
    plain = {key: value for key, value in each.items() if key != "name"}
    if plain.get("type") == "boolean" and plain.get("value") in ("true", "false"):
        plain["value"] = plain["value"] == "true"
    return plain


def _in_form(problems: Iterable[Problem], form: Mapping[str, Any]) -> list[Problem]:
    """Problems of the document at the places of the form that shows them."""
    names = [each.get("name") for each in form.get("variables", ())]
    return [moved for problem in problems if (moved := _moved(problem, names))]


def _moved(problem: Problem, names: list[Any]) -> Problem | None:
    _root, section, *rest = [*problem.path.split("/"), ""]
    match section:
        case "campaign":
            return replace(problem, path=f"/{PLACE}/header/{'/'.join(rest).rstrip('/')}")
        case "variables" if rest and rest[0] in names:
            inner = "/".join([str(names.index(rest[0])), *rest[1:]]).rstrip("/")
            return replace(problem, path=f"/{PLACE}/variables/{inner}")
        case "variables" | "errors":
            return replace(problem, path=f"/{PLACE}/{section}/{'/'.join(rest)}".rstrip("/"))
    return None


def zones() -> list[Choice]:
    return [Choice(zone, zone) for zone in sorted(available_timezones())]


def schema() -> dict[str, Any]:
    """The form's JSON Schema; limits of values are the document's own to judge."""
    text = {"type": "string"}
    return {
        "type": "object",
        "required": ["header"],
        "properties": {
            "header": {
                "type": "object",
                "title": _("Campaign"),
                "required": ["name", "time_zone"],
                "properties": {
                    "name": {**text, "title": _("Name")},
                    "description": {**text, "title": _("Description"), "widget": "long_text"},
                    "time_zone": {
                        **text,
                        "title": _("Time zone"),
                        "widget": "zone",
                        "default": "UTC",
                        "description": _("Schedules and relative dates use its clock."),
                    },
                    "tags": {"type": "array", "items": text, "title": _("Tags")},
                },
            },
            "variables": {
                "type": "array",
                "title": _("Variables"),
                "description": _("Values that rules, tests and messages use by name."),
                "items": _variable_schema(text),
            },
            "errors": _errors_schema(),
        },
    }


def _variable_schema(text: Mapping[str, Any]) -> dict[str, Any]:
    types = [
        ("text", _("text")),
        ("number", _("number")),
        ("date", _("date")),
        ("boolean", _("true or false")),
    ]
    return {
        "type": "object",
        "required": ["name", "type"],
        "properties": {
            "name": {**text, "title": _("Name"), "pattern": "[a-z][a-z0-9_]*"},
            "type": {
                "type": "string",
                "title": _("Type"),
                "default": "text",
                "oneOf": [{"const": value, "title": title} for value, title in types],
            },
            "value": {
                **text,
                "title": _("Value"),
                "description": _("Dates as 2018-01-31, numbers as 12.50."),
            },
            "label": {**text, "title": _("Label")},
        },
    }


def _errors_schema() -> dict[str, Any]:
    policies = [
        ("suspend", _("Suspend: the run stops there and can be retried")),
        ("ignore", _("Ignore: go on, up to a number of failures in a row")),
        ("abort", _("Abort: the run ends")),
    ]
    return {
        "type": "object",
        "title": _("When an activity fails"),
        "properties": {
            "policy": {
                "type": "string",
                "title": _("Policy"),
                "default": "suspend",
                "oneOf": [{"const": value, "title": title} for value, title in policies],
            },
            "consecutive": {
                "type": "integer",
                "title": _("Failures ignored in a row"),
                "default": 3,
                "minimum": 0,
                "maximum": 1000,
                "description": _("0 means without end."),
            },
        },
    }


TAB = Tab(gettext_lazy("Settings"), "tune", (Route("settings", "settings/", settings),))
