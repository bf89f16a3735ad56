"""What the engine's exceptions mean to a caller of the API."""

from __future__ import annotations

from http import HTTPStatus

from campaigns.api.problem_details import Details, details_of
from orchestration.exceptions import Refused


@details_of.register
def _refused(error: Refused) -> Details:
    return Details(HTTPStatus.CONFLICT, "conflict", str(error))
