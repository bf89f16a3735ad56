"""What each exception means to a caller of the API: status, code, and where the fault is.

Whoever answers exceptions takes `answer_exception` from here, so that all of these are known to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions

from campaigns.api.problem_details import Details, answer_exception, details_of
from campaigns.conflicts import DraftConflict
from campaigns.limited_queries import CalledOff, TookTooLong, Unanswered
from campaigns.predefined_filters import FilterConflict
from campaigns.problems import Problem, ProblemsError
from campaigns.publishing import UnconfirmedWarnings
from campaigns.states import StateConflict
from campaigns.targeting.problems import RuleError, as_problems
from campaigns.validation import pointer

__all__ = ["answer_exception"]

# Refused for the state a thing is in, not for what was asked.
STATE_CODES = frozenset(
    {
        "audience.composed",
        "audience.in_use",
        "audience.no_members",
        "audience.not_composed",
        "audience.nothing_to_put_back",
        "audience.taken",
        "audience.wrong_state",
        "campaign.slug_taken",
        "campaign.not_editable",
        "campaign.not_publishable",
        "campaign.not_deletable",
        "campaign.wrong_state",
        "campaign.unchanged",
        "campaign.executed",
        "filter.slug_taken",
        "filter.in_use",
        "folder.name_taken",
        "folder.not_empty",
        "question.in_use",
        "template.slug_taken",
    }
)


@details_of.register
def _problems(error: ProblemsError) -> Details:
    codes = {problem.code for problem in error.problems}
    if codes <= STATE_CODES:
        return Details(HTTPStatus.CONFLICT, "conflict", _said(error), error.problems)
    if any(code.startswith("text.") for code in codes):
        return Details(HTTPStatus.BAD_REQUEST, "unreadable", _said(error), error.problems)
    return Details(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", _said(error), error.problems)


def _said(error: ProblemsError) -> str:
    if len(error.problems) == 1:
        return error.problems[0].message
    return _("%(count)d problems were found; each says where and what to do.") % {
        "count": len(error.problems)
    }


@details_of.register
def _warnings(error: UnconfirmedWarnings) -> Details:
    detail = _("There are warnings. Read them, then publish again with “confirm_warnings”.")
    return Details(HTTPStatus.CONFLICT, "warnings_unconfirmed", detail, error.problems)


@details_of.register
def _draft_conflict(error: DraftConflict) -> Details:
    more = {
        "remedy": error.remedy,
        "yours": error.yours,
        "current": error.current,
        "mergeable": error.mergeable,
        "parts": [part.as_dict() for part in error.parts],
    }
    headers = {"ETag": f'"{error.current}"'}
    return Details(HTTPStatus.PRECONDITION_FAILED, "draft_conflict", str(error), more=more, headers=headers)


@details_of.register
def _filter_conflict(error: FilterConflict) -> Details:
    more = {"yours": error.yours, "current": error.current}
    headers = {"ETag": f'"{error.current}"'}
    return Details(HTTPStatus.PRECONDITION_FAILED, "filter_conflict", str(error), more=more, headers=headers)


@details_of.register
def _state_conflict(error: StateConflict) -> Details:
    detail = _("Somebody else was first: the state has changed meanwhile.")
    problem = Problem("state.changed", "", detail, _("Look at it again."))
    return Details(HTTPStatus.CONFLICT, "state_conflict", detail, (problem,))


@details_of.register
def _rule(error: RuleError) -> Details:
    return _problems(ProblemsError(as_problems(error.problems, "/rule")))


_UNANSWERED = {TookTooLong: "took_too_long", CalledOff: "called_off"}


@details_of.register
def _unanswered(error: Unanswered) -> Details:
    code = _UNANSWERED.get(type(error), "not_computable")
    problem = Problem(f"question.{code}", "", error.message, error.remedy)
    return Details(HTTPStatus.UNPROCESSABLE_ENTITY, code, error.message, (problem,))


@details_of.register
def _not_found(error: Http404) -> Details:
    return Details(
        HTTPStatus.NOT_FOUND, "not_found", _("There is nothing here. Check the address and the slug in it.")
    )


@details_of.register
def _forbidden(error: PermissionDenied) -> Details:
    return _details(exceptions.PermissionDenied())


@details_of.register
def _suspicious(error: SuspiciousOperation) -> Details:
    return Details(
        HTTPStatus.BAD_REQUEST, "unreadable", _("This request cannot be read. Check how it is made.")
    )


@details_of.register
def _too_big(error: RequestDataTooBig) -> Details:
    detail = _("The request is too large. Send documents of at most 2,000,000 bytes.")
    return Details(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", detail)


@details_of.register
def _details(error: exceptions.APIException) -> Details:
    headers = {}
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    code = str(error.default_code)
    return Details(error.status_code, code, _plain(error.detail), headers=headers)


@details_of.register
def _invalid(error: exceptions.ValidationError) -> Details:
    problems = tuple(_fields(error.detail, ()))
    detail = _("%(count)d values are not accepted; each says where and what to do.") % {
        "count": len(problems)
    }
    return Details(error.status_code, "invalid", detail, problems)


def _fields(detail: Any, place: tuple[str | int, ...]) -> Iterator[Problem]:
    """The serializer's complaints, each at its JSON pointer."""
    match detail:
        case Mapping():
            for name, inner in detail.items():
                yield from _fields(inner, place if name == "non_field_errors" else (*place, name))
        case list() | tuple():
            for number, inner in enumerate(detail):
                yield from _fields(inner, place if isinstance(inner, str) else (*place, number))
        case _:
            code = getattr(detail, "code", "invalid")
            yield Problem(
                f"request.{code}", pointer(*place), str(detail), _("Correct this value and send it again.")
            )


def _plain(detail: Sequence[Any] | Mapping[str, Any] | str) -> str:
    return (
        detail if isinstance(detail, str) else "; ".join(problem.message for problem in _fields(detail, ()))
    )
