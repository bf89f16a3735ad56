"""What an SMS provider promises beside what every provider does: some are told what people reply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from orchestration.channels.contract import Provider


@dataclass(frozen=True, slots=True)
class InboundText:
    """A text that somebody sent to us. `reference` is the provider's name for it, empty where it has none."""

    sender: str
    text: str
    reference: str = ""


class Untrusted(Exception):  # noqa: N818 - names what happened
    """A call does not prove that it comes from the provider; nothing of it is read."""


class Unreadable(Exception):  # noqa: N818 - names what happened
    """A call comes from the provider, but is not in the form that the settings describe."""


class TextProvider(Provider):
    """A provider of SMS."""

    channel: ClassVar[str] = "sms"

    @classmethod
    def read_inbound(cls, settings: Any, headers: Mapping[str, str], body: bytes) -> Sequence[InboundText]:
        """The texts in one call of the provider, once it has proved itself; raises Untrusted and Unreadable.

        A provider that nobody replies through trusts nobody.
        """
        raise Untrusted
