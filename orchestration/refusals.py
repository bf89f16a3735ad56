"""What the engine's exceptions mean to a caller of the API."""

from __future__ import annotations

from http import HTTPStatus

from campaigns.api.problem_details import Details, details_of
from campaigns.problems import Problem
from orchestration.exceptions import Refused


@details_of.register
def _refused(error: Refused) -> Details:
    problem = Problem(error.code, "", error.message, error.remedy)
    return Details(HTTPStatus.CONFLICT, "conflict", error.message, (problem,))
