"""The built-in filter on a campaign's feedback: what can be asked, and the rule that asks it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from campaigns.api.door import Door
from campaigns.api.permissions import Need
from campaigns.api.rules import one_of
from campaigns.catalogue import load_catalogue
from campaigns.models import TargetingDimension
from campaigns.plain_data import normal
from campaigns.problems import Problem, ProblemsError
from campaigns.rule_questions import RuleQuestion
from orchestration.feedback.choices import feedback_choices, refuse_unknown
from orchestration.feedback.filters import BEHAVIOUR_LABELS, Behaviour, FeedbackFilter
from orchestration.verdicts import People

VIEW = Need("read", "campaigns.view_campaign")
PEOPLE_LABELS = {
    People.HUMAN: _("Opens and clicks of people"),
    People.ALL: _("All opens and clicks, those of software too"),
}


class FeedbackQuery(serializers.Serializer[Any]):
    """Whose feedback, and of which campaign activities and links are listed."""

    dimension = serializers.CharField(max_length=63)
    campaign = serializers.CharField(required=False, max_length=80)


class FeedbackBody(serializers.Serializer[Any]):
    """A behaviour in a campaign, as narrow as wished."""

    dimension = serializers.CharField(max_length=63)
    behaviour = serializers.ChoiceField(choices=[each.value for each in Behaviour])
    campaign = serializers.CharField(max_length=80)
    activity = serializers.CharField(required=False, allow_blank=True, max_length=60)
    link = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=2_000,
        help_text=_("Its label or address; for clicks only."),
    )
    period = serializers.JSONField(
        required=False,
        allow_null=True,
        help_text=_("Such as {last: 30, unit: day}; ever where it is left out."),
    )
    people = serializers.ChoiceField(choices=[each.value for each in People], required=False)


class ChoiceShape(serializers.Serializer[Any]):
    """A value and its words."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer


class FeedbackChoicesShape(serializers.Serializer[Any]):
    """What a form offers."""

    behaviours = ChoiceShape(many=True)
    people = ChoiceShape(many=True)
    campaigns = ChoiceShape(many=True)
    activities = ChoiceShape(many=True)
    links = ChoiceShape(many=True)


class FeedbackShape(serializers.Serializer[Any]):
    """The rule over the dimension's table, and what it says."""

    table = serializers.CharField()
    rule = serializers.JSONField()
    sentence = serializers.CharField()


class Feedback(Door):
    """Rules on who was sent, opened, clicked, bounced, left, or did none of these."""

    needs: ClassVar = {"list": VIEW, "create": VIEW}
    pagination_class = None
    filter_backends = ()

    @extend_schema(
        parameters=[FeedbackQuery],
        responses=forced_singular_serializer(FeedbackChoicesShape),  # type: ignore[no-untyped-call]
    )
    def list(self, request: Any) -> Response:
        """The behaviours, and the campaigns that sent to the dimension; of one, its activities and links."""
        query = FeedbackQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        dimension = _dimension(query.validated_data["dimension"])
        found = feedback_choices(dimension, query.validated_data.get("campaign", ""))
        return Response(
            {
                "behaviours": _listed(BEHAVIOUR_LABELS),
                "people": _listed(PEOPLE_LABELS),
                "campaigns": _listed(found.campaigns),
                "activities": _listed(found.activities),
                "links": _listed(found.links),
            }
        )

    @extend_schema(request=FeedbackBody, responses={200: FeedbackShape})
    def create(self, request: Any) -> Response:
        """The rule for a behaviour. Nothing is stored: put it where you need it."""
        body = FeedbackBody(data=request.data)
        body.is_valid(raise_exception=True)
        return Response(feedback_rule(body.validated_data))


def feedback_rule(asked: Any) -> dict[str, Any]:
    """Table, rule and sentence; raises ProblemsError at the member that is wrong."""
    dimension = _dimension(asked["dimension"])
    refuse_unknown(asked["campaign"], asked.get("activity", ""))
    wanted = FeedbackFilter(
        behaviour=Behaviour(asked["behaviour"]),
        campaign=asked["campaign"],
        activity=asked.get("activity", ""),
        link=asked.get("link", ""),
        period=_period(asked.get("period")),
        people=People(asked.get("people", People.HUMAN)),
    )
    question = RuleQuestion(wanted.rule(dimension), dimension.table.slug, load_catalogue())
    problems = question.problems()
    if problems:
        # Names and words are the filter's own: only the period can be wrong in itself.
        raise ProblemsError(
            Problem(f"rule.{each.code}", "/period", each.message, each.remedy) for each in problems[:1]
        )
    return {"table": dimension.table.slug, "rule": question.data, "sentence": question.words()}


def _period(given: Any) -> Any:
    if given is None or isinstance(given, dict):
        return normal(given, ("period",))
    remedy = _("Give a period such as {last: 30, unit: day}.")
    raise ProblemsError([Problem("rule.no_period", "/period", str(_("This is no period.")), str(remedy))])


def _dimension(slug: str) -> TargetingDimension:
    known = {row.slug: row for row in TargetingDimension.objects.select_related("table", "key_field")}
    return known[one_of(slug, known, "dimension")]


def _listed(labels: Any) -> Any:
    return [{"value": str(value), "label": str(label)} for value, label in labels.items()]
