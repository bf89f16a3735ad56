"""A message sent to try it out: as a recipient would get it, but marked, and without a trace in anybody's record.

Links lead straight to where they would lead in the end, there is no open pixel and no bait, and the unsubscribe link
opens a page that says that it is one of a proof.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from campaigns.content.links import target_of
from orchestration.mail.messages import Letter, MessageTemplate, line_of
from orchestration.tokens import PROOF, Purpose, make_token, url_of


class ProofTemplate(MessageTemplate):
    """Made by `compile_message(…, template=ProofTemplate)`."""

    __slots__ = ()
    counts_opens: ClassVar[bool] = False
    marks: ClassVar[bytes] = b"X-Tutti-Proof: yes\r\n"

    def _subject(self, values: Mapping[str, Any]) -> str:
        return _("[Proof] %(subject)s") % {"subject": line_of(self.subject, values)}

    def _unsubscribe_url(self, letter: Letter) -> str:
        return url_of(Purpose.UNSUBSCRIBE, make_token(Purpose.UNSUBSCRIBE, message=PROOF), base=self.base_url)

    def _urls(self, letter: Letter) -> list[bytes]:
        """Nothing in the place of the pixel; a link that would lead nowhere for this person leads to the site."""
        targets = (target_of(link.url, letter.values) or self.base_url for link in self.links)
        return [b"", *(escape(target).encode("utf-8") for target in targets)]
