"""A proof: a message of a draft, rendered for one real person, sent to an address that somebody types.

It goes through the activity's own channel, by the code that sends everything else, and is marked. It leaves no row in
the ledger and nothing in reports; who sent what where, and what the server said, is in the audit log. The attempt is
written down before the first byte leaves, and attempts are what the limit counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.activity_parts import type_of
from campaigns.audit import record
from campaigns.conflicts import refuse
from campaigns.document import ActivityPart, Document
from campaigns.drafts import EDITABLE, load_draft
from campaigns.limited_queries import Unanswered
from campaigns.lint import lint_document
from campaigns.models import AuditEntry, Campaign, ChannelConfiguration, Suppression
from campaigns.personal_data import may_see
from campaigns.problems import ProblemsError, errors_of
from campaigns.rule_questions import variables_of
from campaigns.validation import nearest
from campaigns.world import load_world
from orchestration.channel_activities import ChannelActivity, personal_values
from orchestration.channel_types import ChannelType, MakeProof, channel_type
from orchestration.channels.registry import open_configured
from orchestration.compilation import executable
from orchestration.deliveries import configuration_of
from orchestration.exceptions import ActivityFailed
from orchestration.proof_values import Place, Rendered, place_of, values_for
from orchestration.transport import Outcome, Unavailable, Unsendable, not_attempted

MOST_ADDRESSES = 5
MOST_AN_HOUR = 20
"""Of one person, over all campaigns: one for each address."""
ATTEMPT, OUTCOME = "campaign.proof", "campaign.proof_outcome"
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of the proof to one address: *sent* or another outcome of a channel, with the server's reply."""

    address: str
    state: str
    reply: str

    @property
    def is_sent(self) -> bool:
        return self.state == "sent"


@dataclass(frozen=True, slots=True)
class Proofs:
    """The proofs of one act. `recipient` is the key of the person they were rendered for."""

    recipient: str
    examples: tuple[str, ...]
    proofs: tuple[Proof, ...]

    @property
    def are_sent(self) -> bool:
        return all(proof.is_sent for proof in self.proofs)


def send_proof(
    campaign: Campaign, activity_id: str, *, to: Sequence[str], by: Any = None, recipient: str = ""
) -> Proofs:
    """Send the draft's message to at most five addresses, as the person with the key `recipient`, or the first, gets it.

    Without `by`, which only somebody at a shell may leave out, personal data is shown. Raises ProblemsError for
    addresses, a draft, a channel, a person or a rate that will not do. What a server refuses is no exception but the
    state of a proof.
    """
    _refuse_closed(campaign)
    document = load_draft(campaign)
    part = _message_of(document, activity_id)
    channel = channel_type(part.type)
    config: Any = executable(part.type).Config.model_validate(part.config)
    configuration = _configuration(config.channel, channel)
    addresses = _addresses(to, channel, configuration)
    rendered = _rendered(_place(campaign, document, part), config.content, recipient, by)
    values = {**rendered.values, "variables": variables_of(document)}
    make = channel.proof_maker(config, configuration, values)
    attempts = _noted(campaign, addresses, by, {"activity": part.id, "recipient": rendered.recipient})
    outcomes = zip(attempts, _deliver(configuration, make, attempts), strict=True)
    proofs = tuple(_settled(entry, outcome, by) for entry, outcome in outcomes)
    return Proofs(rendered.recipient, rendered.examples, proofs)


def addresses_in(text: str) -> list[str]:
    """The addresses in what somebody typed, with commas or semicolons between them."""
    return [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]


def _refuse_closed(campaign: Campaign) -> None:
    if campaign.state not in EDITABLE:
        message = _("The campaign is %(state)s and cannot be edited.")
        state = campaign.get_state_display()
        remedy = _("Duplicate it and edit the copy.")
        refuse("campaign.not_editable", "", message % {"state": state}, remedy)


def _addresses(
    to: Iterable[str], channel: type[ChannelType], configuration: ChannelConfiguration
) -> list[str]:
    """In the form they are sent in, each once; refused as a whole when one of them will not do."""
    given = list(dict.fromkeys(to))
    if not given:
        message = _("No address was given.")
        refuse("proof.no_address", "/to", message, _("Type the address the proof is to go to."))
    if len(given) > MOST_ADDRESSES:
        message = _("A proof goes to at most %(most)d addresses; these are %(count)d.")
        words = {"most": MOST_ADDRESSES, "count": len(given)}
        refuse("proof.too_many_addresses", "/to", message % words, _("Take some of them out."))
    typed = [_address(number, text, channel, configuration) for number, text in enumerate(given)]
    return list(dict.fromkeys(typed))


def _address(number: int, text: str, channel: type[ChannelType], configuration: ChannelConfiguration) -> str:
    try:
        address = channel.typed_address(text, configuration)
    except Unsendable as error:
        message = _("“%(address)s” cannot be written to: %(reason)s") % {
            "address": text[:80],
            "reason": error,
        }
        remedy = _("Type one plain address, such as %(example)s.") % {"example": channel.example}
        refuse(f"proof.{error.code}", f"/to/{number}", message, remedy)
    suppressed = Suppression.objects.filter(channel=channel.name)
    if suppressed.filter(address__in={address.lower(), text.lower()}).exists():
        message = _("“%(address)s” is suppressed: nothing may be sent to it.") % {"address": address}
        refuse(
            "proof.suppressed", f"/to/{number}", message, _("Use another address, or lift the suppression.")
        )
    return address


def _message_of(document: Document, activity_id: str) -> ActivityPart:
    messages = {part.id: part for part in document.activities if _sends(part)}
    if activity_id not in messages:
        message = _("The draft has no activity “%(id)s” that sends messages.") % {"id": activity_id}
        refuse("proof.unknown_activity", "/activity", message, nearest(activity_id, messages))
    problems = errors_of(lint_document(document, load_world(document)))
    if mine := [problem for problem in problems if problem.activity == activity_id]:
        raise ProblemsError(mine)
    return messages[activity_id]


def _sends(part: ActivityPart) -> bool:
    kind = type_of(part)
    return kind is not None and issubclass(kind, ChannelActivity)


def _place(campaign: Campaign, document: Document, part: ActivityPart) -> Place:
    place = place_of(campaign, document, part.id)
    if place is None:
        message = _("It is not known who arrives at “%(id)s”.") % {"id": part.id}
        remedy = _("Connect it with an audience, and mend what the checks find before it.")
        refuse("proof.no_population", "/activity", message, remedy)
    return place


def _rendered(place: Place, content: Any, recipient: str, by: Any) -> Rendered:
    if "\0" in recipient:
        message = _("A key cannot hold a NUL character.")
        refuse(
            "proof.unknown_recipient",
            "/recipient",
            message,
            _("Check the key, or leave it out for the first."),
        )
    paths = sorted(personal_values(content.variables()))
    personal = by is None or may_see(by)
    try:
        return values_for(place, paths, recipient=recipient, personal=personal)
    except Unanswered as error:
        refuse("proof.unanswered", "/recipient", error.message, error.remedy)


def _configuration(slug: str, channel: type[ChannelType]) -> ChannelConfiguration:
    try:
        return configuration_of(slug, channel=channel.name)
    except ActivityFailed as error:
        refuse("proof.no_channel", "/activity", str(error), _("Choose another channel in the activity."))


def _noted(campaign: Campaign, addresses: Sequence[str], by: Any, detail: dict[str, str]) -> list[AuditEntry]:
    """One entry an address, in one transaction: two acts of a person at once do not pass the limit together."""
    with transaction.atomic():
        _refuse_too_often(by, len(addresses))
        subject = f"campaign {campaign.slug}"
        return [record(ATTEMPT, subject, by=by, address=address, **detail) for address in addresses]


def _refuse_too_often(by: Any, wanted: int) -> None:
    person = by.pk if by is not None else None
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [f"proofs of {person}"])
    since = timezone.now() - timedelta(hours=1)
    used = AuditEntry.objects.filter(action=ATTEMPT, actor=person, at__gt=since).count()
    if used + wanted > MOST_AN_HOUR:
        left = max(0, MOST_AN_HOUR - used)
        words = {"most": MOST_AN_HOUR, "left": left}
        message = ngettext(
            "Nobody sends more than %(most)d proofs an hour; %(left)d is left to you.",
            "Nobody sends more than %(most)d proofs an hour; %(left)d are left to you.",
            left,
        )
        refuse("proof.too_often", "/to", message % words, _("Wait, or look at the preview instead."))


def _settled(attempt: AuditEntry, outcome: Outcome, by: Any) -> Proof:
    """What became of an attempt, written down beside it."""
    proof = Proof(attempt.detail["address"], str(outcome.kind), outcome.reply)
    words = {"state": proof.state, "reply": proof.reply}
    record(OUTCOME, attempt.object, by=by, **attempt.detail, **words, attempt=attempt.pk)
    return proof


def _deliver(
    configuration: ChannelConfiguration, make: MakeProof, attempts: Sequence[AuditEntry]
) -> list[Outcome]:
    """Their numbers are those of the audit entries, negative, so that no provider takes them for the ledger's."""
    try:
        with open_configured(configuration) as session:
            return session.send([make(-entry.pk, entry.detail["address"], session) for entry in attempts])
    except (Unavailable, Unsendable) as error:
        return [not_attempted(str(error)) for _each in attempts]
