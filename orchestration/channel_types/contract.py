"""What a channel promises to everything that prepares, sends and tries out messages without knowing which channel it is.

A channel knows how its addresses are read from people's rows, how one person's message is made and what the
administrator's part of it is. Ledger, claims, consent and settlement are the same for all of them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from psycopg import sql

from campaigns.models import ChannelConfiguration
from orchestration.channels.contract import Outgoing
from orchestration.models import Delivery
from orchestration.senders import Sender


@dataclass(frozen=True, slots=True)
class People:
    """Those who were targeted, as SQL names them: the population `p`, joined by its key with the dimension's rows `t`."""

    population: sql.Composable
    dimension: sql.Composable
    key: sql.Composable
    address: sql.Composable
    """The column of `t` that holds the address as the company wrote it."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """How to read addresses in SQL over `p` and `t`.

    `address` is never NULL, and empty for whoever has none; `malformed` is asked only of others. `joined` are further
    joins, of at most one row for each `t`.
    """

    address: sql.Composable
    malformed: sql.Composable
    joined: sql.Composable = field(default_factory=lambda: sql.SQL(""))


MakeProof = Callable[[int, str, Any], Outgoing]
"""Makes the proof with this (negative) number to this address for this session; raises Unsendable."""


class ChannelType(ABC):
    """One channel. Its file bears its name."""

    name: ClassVar[str]
    role: ClassVar[str]
    """Which field of a dimension holds the addresses."""
    lacks_address: ClassVar[Any]
    """Said of a dimension, %(slug)s, without such a field."""
    example: ClassVar[str]
    """An address that somebody could type."""

    @classmethod
    @abstractmethod
    def addresses(cls, people: People, configuration: ChannelConfiguration) -> Addresses:
        """Called in the transaction that prepares a delivery; what it makes there must not outlast it."""

    @classmethod
    @abstractmethod
    def frozen_sender(cls, configuration: ChannelConfiguration) -> dict[str, str]:
        """The configuration as it was when the delivery was prepared."""

    @classmethod
    @abstractmethod
    def open_sender(cls, delivery: Delivery) -> Sender:
        """Sends a delivery's messages."""

    @classmethod
    @abstractmethod
    def typed_address(cls, text: str, configuration: ChannelConfiguration) -> str:
        """What somebody typed, in the form it is sent to; raises Unsendable."""

    @classmethod
    @abstractmethod
    def proof_maker(
        cls, config: Any, configuration: ChannelConfiguration, values: Mapping[str, Any]
    ) -> MakeProof:
        """For an activity's settings and one person's values; raises ProblemsError where the content fails for them."""
