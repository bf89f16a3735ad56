"""What the rule editor and the pickers of a form ask the server: attributes, words, counts, people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from campaigns.admin.page import VIEW, Route
from campaigns.attribute_lists import described_table, described_types
from campaigns.catalogue import load_catalogue
from campaigns.document_text import Form, read_source
from campaigns.limited_queries import Unanswered
from campaigns.personal_data import may_see
from campaigns.plain_data import normal
from campaigns.problems import ProblemsError
from campaigns.rule_questions import RuleQuestion, Surroundings, run_needed
from campaigns.targeting.problems import RuleError, RuleProblem
from campaigns.targeting.schema import Column, FieldType
from campaigns.yaml_rendering import write_yaml


class Desk(Protocol):
    """Where somebody writes a rule: the page of a campaign, or of an audience, which has no variables."""

    @property
    def request(self) -> HttpRequest: ...

    def surroundings(self) -> Surroundings: ...


def catalogue(page: Desk) -> HttpResponse:
    """A table as pickers show it, and once the operators of each type."""
    known = load_catalogue()
    table = page.request.GET.get("table", "")
    if table not in known.tables:
        return JsonResponse({"table": table, "label": table, "attributes": [], "collections": []})
    return JsonResponse({**described_table(known, table), "types": described_types()})


def check(page: Desk) -> HttpResponse:
    """The rule in words and as SQL, or what is wrong with it; a text is read as the document would read it."""
    try:
        asked = asked_of(page)
        data = _data(asked)
    except ProblemsError as error:
        return JsonResponse({"problems": [problem.as_dict() for problem in error.problems]})
    question = _question(page, data, asked)
    if question is None:
        return _no_table()
    problems = [_said(problem) for problem in question.problems()]
    shown = {} if problems or question.needs_a_run else {"sql": question.sql()}
    words = {} if problems else {"sentence": question.words()}
    text = {"text": write_yaml(data)} if isinstance(data, Mapping) else {}
    return JsonResponse({"problems": problems, "rule": data, **words, **shown, **text})


def count(page: Desk) -> HttpResponse:
    """How many, and the first of them; addresses only for those who may see them."""
    try:
        asked = asked_of(page)
    except ProblemsError as error:
        return JsonResponse({"problem": " ".join(problem.message for problem in error.problems)})
    question = _question(page, asked.get("rule"), asked)
    if question is None:
        return _no_table()
    if question.needs_a_run:
        return JsonResponse({"problem": run_needed()})
    try:
        counted = question.count()
        found = {"count": counted.rows[0][0], "seconds": round(counted.seconds, 2)}
        return JsonResponse(found | (_sample(page, question) if asked.get("sample") else {}))
    except RuleError as error:
        return JsonResponse({"problem": " ".join(problem.message for problem in error.problems)})
    except Unanswered as error:
        return JsonResponse({"problem": str(error)})


def _sample(page: Desk, question: RuleQuestion) -> dict[str, Any]:
    found = question.people(personal=may_see(page.request.user))
    return {
        "columns": [column.label for column in found.columns.values()],
        "rows": [["" if value is None else value for value in row] for row in found.rows],
    }


def asked_of(page: Desk) -> dict[str, Any]:
    """What the page asks; raises ProblemsError for what it never sends, such as bottomless nesting."""
    asked = normal(read_source(page.request.body, Form.JSON).data)
    return asked if isinstance(asked, dict) else {}


def _data(asked: Mapping[str, Any]) -> Any:
    """The rule as data; a text that somebody typed wins."""
    if "text" not in asked:
        return asked.get("rule")
    text = str(asked["text"])
    return read_source(text.encode(), Form.YAML).data if text.strip() else None


def _question(page: Desk, data: Any, asked: Mapping[str, Any]) -> RuleQuestion | None:
    known, table = load_catalogue(), str(asked.get("table", ""))
    if table not in known.tables:
        return None
    return RuleQuestion(data, table, known, page.surroundings(), _columns(asked))


def _columns(asked: Mapping[str, Any]) -> dict[str, Column]:
    """The columns the page knows of at the rule's place; their values are never read here."""
    listed = asked.get("columns")
    described = (each for each in listed if isinstance(each, dict)) if isinstance(listed, list) else ()
    types = {kind.value: kind for kind in FieldType}
    return {
        slug: Column(slug, slug, types[each["type"]], str(each.get("label", slug)))
        for each in described
        if (slug := str(each.get("name", "")).lstrip("@")) and each.get("type") in types
    }


def _no_table() -> HttpResponse:
    message = _("Choose the dimension first: a rule is about its people.")
    return JsonResponse({"problems": [{"path": "", "message": message, "remedy": ""}], "problem": message})


def _said(problem: RuleProblem) -> dict[str, str]:
    return {"path": problem.path, "code": problem.code, "message": problem.message, "remedy": problem.remedy}


ROUTES = (
    Route("catalogue", "rules/catalogue/", catalogue),
    Route("rule_check", "rules/check/", check, may_write=VIEW, only_acts=True),
    Route("rule_count", "rules/count/", count, may_write=VIEW, only_acts=True),
)
