"""The verb that sends a proof."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from config.management.campaign_verbs.operands import find_campaign, find_user
from config.management.campaign_verbs.outcome import Exit, Outcome
from orchestration.proofs import Proofs, send_proof


def proof_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("slug")
    parser.add_argument("activity", help=_("the id of an e-mail activity of the draft"))
    parser.add_argument(
        "--to", metavar="ADDRESS", action="append", required=True, help=_("where it goes; repeat it for more")
    )
    parser.add_argument(
        "--as",
        metavar="KEY",
        default="",
        dest="recipient",
        help=_("the person it is rendered for; the first"),
    )


def proof(
    slug: str, activity: str, to: Sequence[str], recipient: str, by: str | None, **_options: Any
) -> Outcome:
    found = send_proof(find_campaign(slug), activity, to=to, by=find_user(by), recipient=recipient)
    data = {
        "ok": found.are_sent,
        "recipient": found.recipient,
        "examples": list(found.examples),
        "proofs": [
            {"address": each.address, "state": each.state, "reply": each.reply} for each in found.proofs
        ],
    }
    return Outcome(data, tuple(_lines(found)), Exit.DONE if found.are_sent else Exit.REFUSED)


def _lines(found: Proofs) -> Iterator[str]:
    for each in found.proofs:
        yield f"{each.address}: {each.state} ({each.reply})"
    yield _("Rendered for %(recipient)s.") % {"recipient": found.recipient}
    if found.examples:
        names = ", ".join(found.examples)
        yield _("Examples stand for %(names)s: no run has made them yet.") % {"names": names}
