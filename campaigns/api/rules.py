"""What a rule says, whom it finds and how many: asked, never stored. A POST, because rules are long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any, ClassVar

import pydantic
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from campaigns.api.door import Door
from campaigns.api.permissions import Need
from campaigns.api.problem_details import Details, Refusal
from campaigns.api.rule_shapes import CheckShape, CountShape, PreviewShape, RuleBody
from campaigns.catalogue import load_catalogue, load_dimensions
from campaigns.document import Variable
from campaigns.drafts import load_draft
from campaigns.models import Campaign
from campaigns.personal_data import may_see
from campaigns.plain_data import normal
from campaigns.problems import Problem, ProblemsError
from campaigns.rule_questions import RuleQuestion, Surroundings, run_needed, surroundings_of, typed_value
from campaigns.targeting.attributes import POPULATION_MARK
from campaigns.targeting.problems import as_problems, nearest, shown
from campaigns.targeting.schema import Catalogue, Column, FieldType
from campaigns.validation import pointer, problems_of

VIEW = Need("read", "campaigns.view_campaign")


class Rules(Door):
    """Questions on one rule. Nothing is stored, statements only read and end after five seconds."""

    needs: ClassVar = {"check": VIEW, "count": VIEW, "preview": VIEW}
    pagination_class = None
    filter_backends = ()

    @extend_schema(request=RuleBody, responses={200: CheckShape})
    @action(detail=False, methods=["post"])
    def check(self, request: Any) -> Response:
        """The rule as a sentence and as SQL, or everything that is wrong with it."""
        question = question_of(request.data)
        problems = tuple(as_problems(question.problems(), "/rule"))
        is_whole = not problems and not question.needs_a_run
        return Response(
            {
                "problems": [problem.as_dict() for problem in problems],
                "sentence": None if problems else question.words(),
                "sql": question.sql() if is_whole else None,
                "needs_a_run": question.needs_a_run,
            }
        )

    @extend_schema(request=RuleBody, responses={200: CountShape})
    @action(detail=False, methods=["post"])
    def count(self, request: Any) -> Response:
        """How many rows the rule holds for."""
        found = answerable(question_of(request.data)).count()
        return Response({"count": found.rows[0][0], "seconds": round(found.seconds, 3)})

    @extend_schema(request=RuleBody, responses={200: PreviewShape})
    @action(detail=False, methods=["post"])
    def preview(self, request: Any) -> Response:
        """The first of the rows the rule holds for."""
        found = answerable(question_of(request.data)).people(personal=may_see(request.user))
        columns = [
            {"name": slug, "label": column.label, "type": column.type.value}
            for slug, column in found.columns.items()
        ]
        return Response({"columns": columns, "rows": found.rows, "seconds": round(found.seconds, 3)})


def question_of(data: Any) -> RuleQuestion:
    """What a body asks; 400, 404 and 422 as they are due."""
    body = RuleBody(data=data)
    body.is_valid(raise_exception=True)
    asked = body.validated_data
    known = load_catalogue()
    table = _table(asked, known)
    return RuleQuestion(normal(asked["rule"], ("rule",)), table, known, _surroundings(asked), _columns(asked))


def answerable(question: RuleQuestion) -> RuleQuestion:
    """The question, where there is something to count already; refused where only a run has the columns."""
    if not question.needs_a_run:
        return question
    raise Refusal(Details(HTTPStatus.UNPROCESSABLE_ENTITY, "run_needed", run_needed()))


def _table(asked: Mapping[str, Any], known: Catalogue) -> str:
    """The slug of the table, which is registered."""
    if "dimension" not in asked:
        return _one_of(asked["table"], known.tables, "table")
    dimensions = load_dimensions()
    return dimensions[_one_of(asked["dimension"], dimensions, "dimension")].table


def _one_of(name: str, known: Mapping[str, Any], member: str) -> str:
    if name in known:
        return name
    message = _("“%(name)s” is not known here.") % {"name": shown(name)}
    raise ProblemsError([Problem(f"{member}.unknown", pointer(member), message, nearest(name, known))])


def _surroundings(asked: Mapping[str, Any]) -> Surroundings:
    slug = asked.get("campaign")
    base = surroundings_of(load_draft(get_object_or_404(Campaign, slug=slug))) if slug else Surroundings()
    variables = {name: _value(name, given) for name, given in asked.get("variables", {}).items()}
    return replace(base, variables={**base.variables, **variables}, now=asked.get("anchor", base.now))


def _value(name: str, given: Mapping[str, Any]) -> Any:
    place = pointer("variables", name)
    try:
        return typed_value(Variable.model_validate(normal(given, ("variables", name))))
    except pydantic.ValidationError as error:
        raise ProblemsError(problem.under(place) for problem in problems_of(error, given)) from None


def _columns(asked: Mapping[str, Any]) -> dict[str, Column]:
    named = ((each["name"].removeprefix(POPULATION_MARK), each) for each in asked.get("columns", ()))
    return {
        slug: Column(slug, slug, FieldType(each["type"]), each.get("label") or slug) for slug, each in named
    }
