"""What a rule says, whom it finds and how many: asked, never stored. A POST, because rules are long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any, ClassVar

import pydantic
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from campaigns.activity_types import Dimension
from campaigns.api.door import Door
from campaigns.api.explanation_shapes import (
    DifferenceBody,
    ExplainBody,
    ExplanationShape,
    RuleDifferenceShape,
)
from campaigns.api.permissions import Need
from campaigns.api.problem_details import Details, Refusal
from campaigns.api.rule_shapes import (
    CalledOffShape,
    CheckShape,
    CountsBody,
    CountShape,
    CountsShape,
    DistributionBody,
    DistributionShape,
    ExpressionBody,
    ExpressionShape,
    NodeCountShape,
    OperatorsShape,
    PlanBody,
    PlanShape,
    PreviewBody,
    PreviewShape,
    RuleBody,
)
from campaigns.attribute_lists import described_functions, described_types
from campaigns.cancellable import ID_PATTERN, Question, call_off
from campaigns.catalogue import load_catalogue, load_dimensions
from campaigns.distributions import distribution
from campaigns.document import Variable
from campaigns.drafts import load_draft
from campaigns.explanations import Key, explain_row, key_of, key_of_address
from campaigns.models import Campaign
from campaigns.node_counts import State, count_nodes
from campaigns.personal_data import may_see
from campaigns.plain_data import normal
from campaigns.previews import preview
from campaigns.problems import Problem, ProblemsError
from campaigns.rule_differences import difference
from campaigns.rule_plans import planned
from campaigns.rule_questions import (
    MOST_SHOWN,
    RuleQuestion,
    Surroundings,
    run_needed,
    surroundings_of,
    typed_value,
)
from campaigns.targeting.attributes import POPULATION_MARK
from campaigns.targeting.expressions.attribute import expression_type
from campaigns.targeting.problems import RuleError, as_problems, nearest, shown
from campaigns.targeting.schema import Catalogue, Column, FieldType
from campaigns.validation import pointer, problems_of

VIEW = Need("read", "campaigns.view_campaign")
VIEW_TABLES = Need("read", "campaigns.view_table")


QUESTION = OpenApiParameter(
    "question", str, OpenApiParameter.PATH, description=gettext_lazy("The id you gave the question.")
)


class Rules(Door):
    """Questions on one rule. Nothing is stored, statements only read and end after five seconds."""

    needs: ClassVar = {
        "operators": VIEW,
        "expression": VIEW,
        "check": VIEW,
        "count": VIEW,
        "counts": VIEW,
        "preview": VIEW,
        "distribution": VIEW,
        "plan": VIEW_TABLES,
        "explain": VIEW,
        "difference": VIEW,
        "call_off": VIEW,
    }
    pagination_class = None
    filter_backends = ()

    @extend_schema(responses=OperatorsShape)
    @action(detail=False)
    def operators(self, request: Any) -> Response:
        """What an editor has to know of the language: operators and functions by type."""
        return Response({"types": described_types(), "functions": described_functions()})

    @extend_schema(request=ExpressionBody, responses={200: ExpressionShape})
    @action(detail=False, methods=["post"])
    def expression(self, request: Any) -> Response:
        """What an expression gives on a row of the table, or what is wrong with it and where in its text."""
        asked = _valid(request.data, ExpressionBody)
        try:
            found = expression_type(_question(asked).scope, asked["expression"])
        except RuleError as error:
            problems = as_problems(error.problems, "")
            return Response({"type": None, "problems": [problem.as_dict() for problem in problems]})
        return Response({"type": found.value, "problems": []})

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

    @extend_schema(request=CountsBody, responses={200: CountsShape})
    @action(detail=False, methods=["post"])
    def counts(self, request: Any) -> Response:
        """How many rows each condition and group holds for: outside every `where` of the table the rule is about,
        inside one of the table its link leads to.
        """
        question, asked = asked_question(request.data, CountsBody)
        counts = count_nodes(question, paths=asked.get("nodes"), asked_as=named_question(request, asked))
        complete = all(each.state is State.COUNTED for each in counts)
        return Response({"complete": complete, "counts": NodeCountShape(counts, many=True).data})

    @extend_schema(request=PreviewBody, responses={200: PreviewShape})
    @action(detail=False, methods=["post"])
    def preview(self, request: Any) -> Response:
        """Rows the rule holds for, by key, page by page."""
        question, asked = asked_question(request.data, PreviewBody)
        page = {name: asked[name] for name in ("after", "limit") if name in asked}
        shown = asked.get("show", ())
        found = preview(question, shown, **{"limit": MOST_SHOWN, **page}, personal=may_see(request.user))
        return Response(PreviewShape(found).data)

    @extend_schema(request=DistributionBody, responses={200: DistributionShape})
    @action(detail=False, methods=["post"])
    def distribution(self, request: Any) -> Response:
        """The twenty commonest values of an attribute; of a sample where there is no time for all."""
        question, asked = asked_question(request.data, DistributionBody)
        found = distribution(
            question,
            asked["attribute"],
            search=asked.get("search", ""),
            personal=may_see(request.user),
            asked_as=named_question(request, asked),
        )
        return Response(DistributionShape(found).data)

    @extend_schema(request=PlanBody, responses={200: PlanShape})
    @action(detail=False, methods=["post"])
    def plan(self, request: Any) -> Response:
        """The SQL of the rule, to be read, and how PostgreSQL would go about it."""
        question, asked = asked_question(request.data, PlanBody)
        return Response(PlanShape(planned(question, analyze=asked["analyze"])).data)

    @extend_schema(request=ExplainBody, responses={200: ExplanationShape})
    @action(detail=False, methods=["post"])
    def explain(self, request: Any) -> Response:
        """Why one row is in or out: every condition and group of the rule, asked of that row now."""
        asked = _valid(request.data, ExplainBody)
        question, personal = _question(asked), may_see(request.user)
        found = explain_row(question, _key(question, asked, personal=personal), personal=personal)
        return Response(ExplanationShape(found).data)

    @extend_schema(request=DifferenceBody, responses={200: RuleDifferenceShape})
    @action(detail=False, methods=["post"])
    def difference(self, request: Any) -> Response:
        """Who would enter, leave and stay if the rule became this one: exact counts, and the first of each."""
        question, asked = asked_question(request.data, DifferenceBody)
        before = normal(asked["before"], ("before",))
        answerable(replace(question, data=before))
        found = difference(
            before, question, personal=may_see(request.user), asked_as=named_question(request, asked)
        )
        return Response(RuleDifferenceShape(found).data)

    @extend_schema(parameters=[QUESTION], responses={200: CalledOffShape})
    @action(detail=False, methods=["delete"], url_path=f"questions/(?P<question>{ID_PATTERN})")
    def call_off(self, request: Any, question: str) -> Response:
        """Stop a question of your own. One that has ended by itself meanwhile is no fault of whoever asks."""
        return Response({"called_off": call_off(Question(request.user.pk, question))})


def question_of(data: Any) -> RuleQuestion:
    """What a body asks; 400, 404 and 422 as they are due."""
    return _question(_valid(data, RuleBody))


def asked_question(data: Any, body: type[RuleBody]) -> tuple[RuleQuestion, Mapping[str, Any]]:
    """What a larger body asks of its rule, and the rest of it; refused where only a run could answer."""
    asked = _valid(data, body)
    return answerable(_question(asked)), asked


def named_question(request: Any, asked: Mapping[str, Any]) -> Question | None:
    """By what it can be called off."""
    return Question(request.user.pk, asked["question"]) if "question" in asked else None


def _valid(data: Any, kind: type[RuleBody]) -> Mapping[str, Any]:
    body = kind(data=data)
    body.is_valid(raise_exception=True)
    asked: Mapping[str, Any] = body.validated_data
    return asked


def _question(asked: Mapping[str, Any]) -> RuleQuestion:
    known = load_catalogue()
    table = _table(asked, known)
    return RuleQuestion(normal(asked["rule"], ("rule",)), table, known, _surroundings(asked), _columns(asked))


def _key(question: RuleQuestion, asked: Mapping[str, Any], *, personal: bool) -> Key:
    """Whom the body means; an address is looked up only for those who may see one."""
    dimension = _dimension(question, asked)
    if "key" in asked:
        return key_of(
            question, asked["key"], field=dimension.key if "dimension" in asked and dimension else ""
        )
    if not personal:
        raise PermissionDenied
    if dimension is None or not dimension.email:
        message = _("No dimension of this table has e-mail addresses.")
        raise ProblemsError([Problem("email.none", "/email", message, _("Give the key."))])
    return key_of_address(question, asked["email"], field=dimension.email, key=dimension.key)


def _dimension(question: RuleQuestion, asked: Mapping[str, Any]) -> Dimension | None:
    """The dimension that is named, or else the first of the table that has addresses."""
    known = load_dimensions()
    if "dimension" in asked:
        return known[asked["dimension"]]
    return next((each for each in known.values() if each.table == question.table and each.email), None)


def answerable(question: RuleQuestion) -> RuleQuestion:
    """The question, where there is something to count already; refused where only a run has the columns."""
    if not question.needs_a_run:
        return question
    raise Refusal(Details(HTTPStatus.UNPROCESSABLE_ENTITY, "run_needed", run_needed()))


def _table(asked: Mapping[str, Any], known: Catalogue) -> str:
    """The slug of the table, which is registered."""
    if "dimension" not in asked:
        return one_of(asked["table"], known.tables, "table")
    dimensions = load_dimensions()
    return dimensions[one_of(asked["dimension"], dimensions, "dimension")].table


def one_of(name: str, known: Mapping[str, Any], member: str) -> str:
    """The name, where it is known; else refused at the member of the body, with the nearest."""
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
