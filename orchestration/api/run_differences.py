"""What an edit of a rule would do to people, against the campaign's last run."""

from __future__ import annotations

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from campaigns.api.door import Door
from campaigns.api.explanation_shapes import RuleDifferenceShape
from campaigns.api.rule_shapes import AskedBody
from campaigns.api.rules import VIEW, asked_question, named_question
from campaigns.models import Campaign
from campaigns.personal_data import may_see
from orchestration.api.forecasts import ComparedRunShape, run_data
from orchestration.exceptions import Refused
from orchestration.forecasts import last_run
from orchestration.models import CampaignRun
from orchestration.run_differences import RunDifference, run_difference


class RunDifferenceBody(AskedBody):
    """Of which campaign, whose draft also gives the time zone and the variables, and of which activity."""

    campaign = serializers.CharField(max_length=80)
    activity = serializers.CharField(
        max_length=63, help_text=gettext_lazy("The id of the activity that selects by the rule.")
    )


class RunDifferenceShape(RuleDifferenceShape):
    """What the edit would do to whom the activity selected in the run `compared_with`."""

    compared_with = ComparedRunShape()


class RunDifferences(Door):
    """One rule, asked now, beside the people whom its activity selected in the last completed run."""

    needs: ClassVar = {"create": VIEW}
    queryset = CampaignRun.objects.none()
    pagination_class = None
    filter_backends = ()

    @extend_schema(request=RunDifferenceBody, responses={200: RunDifferenceShape})
    def create(self, request: Any) -> Response:
        """Who would enter, leave and stay if the rule became this one: exact counts, and the first 20 of each."""
        question, asked = asked_question(request.data, RunDifferenceBody)
        run = last_run(get_object_or_404(Campaign, slug=asked["campaign"]).slug)
        if run is None:
            message = _("No run of this campaign has completed.")
            raise Refused(message, _("Run a test first."), code="difference.no_run")
        found = run_difference(
            run,
            asked["activity"],
            question,
            personal=may_see(request.user),
            asked_as=named_question(request, asked),
        )
        return Response(RunDifferenceShape({**_data(found), "compared_with": run_data(run)}).data)


def _data(found: RunDifference) -> dict[str, Any]:
    names = ("at", "columns", "changes", "seconds")
    return {name: getattr(found, name) for name in names}
