"""An e-mail's content as one of the people would get it, before anything is saved.

A message has inline styles, which no page of the admin's own scripts may have: so it is shown in a frame with an address
and a policy of its own. What was rendered is sent there and comes back as a document in which nothing runs, nothing is
loaded and no link leads away, whoever opens it and however.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pydantic
from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from campaigns.admin.page import VIEW, CampaignPage, Route
from campaigns.admin.rules import asked_of
from campaigns.catalogue import load_catalogue
from campaigns.content.email_content import EmailContent
from campaigns.content.examples import EXAMPLES
from campaigns.content.preview import preview
from campaigns.content.shown_html import Scheme, shown_document, shown_html
from campaigns.drafts import read_draft
from campaigns.limited_queries import Unanswered
from campaigns.personal_data import MASKED, hidden_fields, may_see
from campaigns.problems import Problem, ProblemsError
from campaigns.rule_questions import RuleQuestion, variables_of
from campaigns.targeting.problems import RuleError
from campaigns.targeting.schema import FieldType
from campaigns.validation import problems_of

FRAMED = {
    "default-src": [NONE],
    "script-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "connect-src": [NONE],
    "font-src": [NONE],
    "frame-src": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": True,
}


def email_preview(page: CampaignPage) -> HttpResponse:
    content = None
    try:
        asked = asked_of(page)
        content = asked.get("content")
        shown = preview(EmailContent.model_validate(content), _values(page, asked))
    except pydantic.ValidationError as error:
        return _refused(problems_of(error, content))
    except ProblemsError as error:
        return _refused(error.problems)
    told = {"subject": shown.subject, "preheader": shown.preheader, "html": shown_html(shown.html)}
    return JsonResponse(told)


def _refused(problems: Any) -> HttpResponse:
    found: list[Problem] = list(problems)
    return JsonResponse({"problems": [f"{p.message} {p.remedy}".strip() for p in found[:5]]})


def _values(page: CampaignPage, asked: Mapping[str, Any]) -> dict[str, Any]:
    document = read_draft(page.campaign.slug).document
    return {
        "profile": _person(page, asked),
        "target": _columns(asked),
        "variables": variables_of(document),
        "unsubscribe_url": "#",
        "postal_address": _("(the postal address of the channel)"),
    }


def _person(page: CampaignPage, asked: Mapping[str, Any]) -> dict[str, Any]:
    """One of the first people of the table; without permission their personal data stay hidden."""
    known, table = load_catalogue(), str(asked.get("table", ""))
    if table not in known.tables:
        return {}
    question = RuleQuestion(None, table, known)
    columns = list(known.tables[table].columns)
    rows = _rows(question, columns)
    if not rows:
        return {}
    number = asked.get("person", 0)
    row = rows[number % len(rows)] if isinstance(number, int) else rows[0]
    hidden = hidden_fields(table, personal=may_see(page.request.user))
    return {slug: MASKED if slug in hidden else value for slug, value in zip(columns, row, strict=True)}


def _rows(question: RuleQuestion, columns: Sequence[str]) -> Sequence[Sequence[Any]]:
    """None where the table does not answer: the e-mail is shown all the same."""
    try:
        return question.sample(columns).rows
    except (RuleError, Unanswered):
        return ()


def _columns(asked: Mapping[str, Any]) -> dict[str, Any]:
    listed = asked.get("columns")
    types = {kind.value: kind for kind in FieldType}
    return {
        str(each.get("name", "")).lstrip("@"): EXAMPLES[types[each["type"]]]
        for each in (listed if isinstance(listed, list) else ())
        if isinstance(each, dict) and each.get("type") in types
    }


@csp_replace(FRAMED)  # type: ignore[untyped-decorator]
def email_frame(page: CampaignPage) -> HttpResponse:
    """The rendered message that is sent here, as a document for a frame."""
    sent = page.request.POST
    scheme = Scheme.DARK if sent.get("scheme") == Scheme.DARK else Scheme.LIGHT
    answer = HttpResponse(shown_document(sent.get("html", ""), scheme))
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


ROUTE = Route("email_preview", "emails/preview/", email_preview, may_write=VIEW, only_acts=True)
FRAME = Route(
    "email_frame", "emails/frame/", xframe_options_sameorigin(email_frame), may_write=VIEW, only_acts=True
)
