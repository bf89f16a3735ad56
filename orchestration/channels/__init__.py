"""Providers of channels, one in each file; a file that is put here is found by itself."""

from orchestration.channels.contract import Provider, Session
from orchestration.channels.registry import (
    check_settings,
    open_configured,
    open_session,
    provider_named,
    registered,
)

__all__ = [
    "Provider",
    "Session",
    "check_settings",
    "open_configured",
    "open_session",
    "provider_named",
    "registered",
]
