"""The channels that messages leave by, one in each file; a file that is put here is found by itself."""

from orchestration.channel_types.contract import Addresses, ChannelType, MakeProof, People
from orchestration.channel_types.registry import channel_type

__all__ = ["Addresses", "ChannelType", "MakeProof", "People", "channel_type"]
