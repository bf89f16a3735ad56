"""What a provider of a channel promises. Providers know this module and the package of their channel, and nothing of
each other.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Generic, Protocol, Self, TypeVar

import pydantic
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orchestration.transport import Outcome, Unavailable

SECRET_VARIABLE = r"^((MAIL|SMS)_SECRET_[A-Z0-9_]{1,50})?$"  # noqa: S105 - the shape of a variable's name
"""Secrets come from variables with these prefixes only: a configuration cannot send any other to its server."""


SECRET_HELP = gettext_lazy(
    "Its name begins with MAIL_SECRET_ or SMS_SECRET_; it is set where the workers and the web server run."
)

SecretVariable = Annotated[str, pydantic.Field(pattern=SECRET_VARIABLE)]


class Outgoing(Protocol):
    """A message made for one recipient, in whatever form its channel has."""

    @property
    def id(self) -> int:
        """The caller's number of it."""


M = TypeVar("M", bound=Outgoing)


class Settings(pydantic.BaseModel):
    """A provider's configuration. Each provider derives its own; secrets are named, never held."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


class Session(ABC, Generic[M]):
    """A conversation with a provider, used by one thread. Begun open; when it has ended, open another."""

    @property
    @abstractmethod
    def is_open(self) -> bool:
        """Whether `send` may succeed."""

    @abstractmethod
    def send(self, messages: Sequence[M]) -> list[Outcome]:
        """One outcome for each of at most MICRO_BATCH messages, in their order.

        Never raises for what the provider does. *Sent* means that the provider has confirmed it; *unknown*
        that it may have the message; anything else that it has not.
        """

    @abstractmethod
    def close(self) -> None:
        """May be called more than once."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


class Provider(ABC):
    """One way of getting messages out. Its file bears its name."""

    name: ClassVar[str]
    label: ClassVar[Any]
    channel: ClassVar[str]
    Settings: ClassVar[type[Settings]]

    @classmethod
    @abstractmethod
    def open(cls, settings: Any) -> Session[Any]:
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
