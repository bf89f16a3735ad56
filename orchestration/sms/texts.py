"""Compiles an SMS once and makes each person's text from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from campaigns.content.sms_content import MOST_SEGMENTS, OPT_OUT, SmsContent
from campaigns.content.sms_segments import normal, segments_of
from campaigns.content.templates import RenderError, Template, compile_template
from orchestration.sms.outgoing import OutgoingText
from orchestration.transport import Unsendable

PROOF_MARK = "[Proof] "


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person's message: ledger id, the reference it has at every attempt, number, values of the template."""

    message: int
    reference: str
    number: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TextTemplate:
    """A compiled delivery; raises Unsendable for reasons that lie in one person's data."""

    sender: str
    opt_out_text: str
    template: Template
    mark: str = ""

    def build(self, recipient: Recipient) -> OutgoingText:
        text = self._rendered(recipient.values)
        count = segments_of(text).count
        if not text:
            raise Unsendable("empty_text", _("The message is empty for this person."))
        if count > MOST_SEGMENTS:
            words = {"count": count, "most": MOST_SEGMENTS}
            message = _("The message needs %(count)d segments for this person; at most %(most)d are sent.")
            raise Unsendable("too_many_segments", message % words)
        return OutgoingText(
            recipient.message, self.sender, recipient.number, text, count, recipient.reference
        )

    def _rendered(self, values: Mapping[str, Any]) -> str:
        try:
            text = normal(self.mark + self.template.render({**values, OPT_OUT: self.opt_out_text}))
            text.encode()
        except RenderError as error:
            words = {"line": error.line, "error": error}
            message = _("The text fails for this person in line %(line)d: %(error)s.")
            raise Unsendable("render_failed", message % words) from error
        except UnicodeEncodeError as error:
            raise Unsendable("unencodable", _("A value holds half of a character.")) from error
        return text


def compile_text(content: SmsContent, *, sender: str, opt_out_text: str, mark: str = "") -> TextTemplate:
    """Raises ProblemsError when the content cannot be compiled."""
    return TextTemplate(sender, opt_out_text, compile_template(content.text, where="text"), mark)
