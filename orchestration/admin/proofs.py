"""Sending a proof from the page of an e-mail activity."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from campaigns.admin.page import CampaignPage, Route
from campaigns.problems import ProblemsError
from orchestration.proofs import Proof, Proofs, addresses_in, send_proof


def proof(page: CampaignPage, activity_id: str) -> HttpResponse:
    """Sends, says what became of it, and goes back to the activity."""
    asked = page.request.POST
    try:
        sent = send_proof(
            page.campaign,
            activity_id,
            to=addresses_in(asked.get("to", "")),
            by=page.request.user,
            recipient=asked.get("recipient", "").strip(),
        )
    except ProblemsError as error:
        page.refuse(error.problems)
    else:
        _tell(page, sent)
    return page.redirect("activity", activity_id=activity_id)


def _tell(page: CampaignPage, sent: Proofs) -> None:
    for each in sent.proofs:
        _tell_one(page, each, sent.recipient)
    if sent.examples:
        words = {"names": ", ".join(sent.examples)}
        messages.info(page.request, _("Examples stand for %(names)s: no run has made them yet.") % words)


def _tell_one(page: CampaignPage, each: Proof, recipient: str) -> None:
    words = {"address": each.address, "recipient": recipient, "reply": each.reply}
    if each.is_sent:
        page.succeed(_("The proof went to %(address)s, as %(recipient)s would get it.") % words)
    else:
        text = _("The proof to %(address)s was not accepted. The server says: %(reply)s")
        messages.error(page.request, text % words)


ROUTE = Route("proof", "activities/<slug:activity_id>/proof/", proof, only_acts=True)
