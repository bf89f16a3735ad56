"""What a provider of a channel promises. Providers know this module and the mail package, and nothing of each
other.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

import pydantic
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orchestration.mail.transport import Outcome, OutgoingMessage, Unavailable

SECRET_VARIABLE = r"^(MAIL_SECRET_[A-Z0-9_]{1,50})?$"  # noqa: S105 - the shape of a variable's name
"""Secrets come from variables with this prefix only: a configuration cannot send any other to its server."""


SECRET_HELP = gettext_lazy("Its name begins with MAIL_SECRET_; it is set where the workers run.")

SecretVariable = Annotated[str, pydantic.Field(pattern=SECRET_VARIABLE)]


class Settings(pydantic.BaseModel):
    """A provider's configuration. Each provider derives its own; secrets are named, never held."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


class Session(ABC):
    """A conversation with a provider, used by one thread. Begun open; when it has ended, open another."""

    takes_eight_bit: bool = False
    """Whether messages may hold bytes above 127."""

    @property
    @abstractmethod
    def is_open(self) -> bool:
        """Whether `send` may succeed."""

    @abstractmethod
    def send(self, messages: Sequence[OutgoingMessage]) -> list[Outcome]:
        """One outcome for each of at most MICRO_BATCH messages, in their order.

        Never raises for what the provider does. *Sent* means that the provider has confirmed it; *unknown*
        that it may have the message; anything else that it has not.
        """

    @abstractmethod
    def close(self) -> None:
        """May be called more than once."""

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


class Provider(ABC):
    """One way of getting messages out. Its file bears its name."""

    name: ClassVar[str]
    label: ClassVar[Any]
    channel: ClassVar[str] = "email"
    Settings: ClassVar[type[Settings]]

    @classmethod
    @abstractmethod
    def open(cls, settings: Any) -> Session:
        """An open session; raises Unavailable, permanent when only another configuration would help."""


def secret_from(variable: str) -> str:
    """The value of an environment variable that a configuration names; Unavailable when it has none."""
    if not variable:
        return ""
    value = os.environ.get(variable)
    if value is None:
        text = _(
            "The environment variable %(name)s is not set. Set it where the workers run, and restart them."
        )
        raise Unavailable(text % {"name": variable}, permanent=True)
    return value
