"""The tab “Document”: the whole campaign as text, saved as a whole, with every error at its line."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.admin.conflicts import save
from campaigns.admin.page import CampaignPage, Route, Tab
from campaigns.document_text import Form, read_document, write_document
from campaigns.drafts import read_draft
from campaigns.problems import Problem, ProblemsError


def document(page: CampaignPage) -> HttpResponse:
    draft = read_draft(page.campaign.slug)
    if not page.is_sent:
        return _show(page, write_document(draft.document, Form.YAML), draft.hash)
    text = page.request.POST.get("text", "").replace("\r\n", "\n")
    try:
        reading = read_document(text.encode(), Form.YAML)
        conflict = save(page, lambda _before: reading.document, done=_("The document is saved."))
    except ProblemsError as error:
        return _show(page, text, page.request.POST.get("if_match", ""), error.problems)
    return conflict or page.redirect("document")


def _show(page: CampaignPage, text: str, seen: str, problems: Iterable[Problem] = ()) -> HttpResponse:
    found = sorted(problems, key=lambda problem: problem.line)
    context = {"text": text, "seen": seen, "problems": found}
    return page.render("campaigns/admin/document.html", context, status=422 if found else 200)


def download(page: CampaignPage, form: str) -> HttpResponse:
    """The draft as a file."""
    if form not in set(Form):
        raise Http404
    wanted = Form(form)
    text = write_document(read_draft(page.campaign.slug).document, wanted)
    answer = HttpResponse(text, content_type=f"application/{wanted}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{page.campaign.slug}.{wanted}"'
    return answer


TAB = Tab(
    gettext_lazy("Document"),
    "data_object",
    (Route("document", "document/", document), Route("download", "document/<slug:form>/", download)),
)
