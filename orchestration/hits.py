"""Who knocked: what a request to a public address tells of its sender, cleaned for the database."""

from __future__ import annotations

import ipaddress
import time
from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest

from orchestration.events import OWN, NewEvent, hit_id
from orchestration.models import EventKind

LONGEST_AGENT = 400


@dataclass(frozen=True, slots=True)
class Hit:
    """One request, with the moment it arrived, which tells it from the next one."""

    method: str
    ip: str | None
    user_agent: str
    received_ns: int = field(default_factory=time.time_ns)

    def event(self, kind: EventKind, message_id: int, link_number: int | None = None) -> NewEvent:
        origin = f"{self.method} {self.ip} {self.user_agent}"
        return NewEvent(
            message_id=message_id,
            kind=kind,
            provider=OWN,
            provider_event_id=hit_id(
                kind,
                message_id=message_id,
                link_number=link_number,
                origin=origin,
                received_ns=self.received_ns,
            ),
            link_number=link_number,
            method=self.method,
            ip=self.ip,
            user_agent=self.user_agent,
        )


def read_hit(request: HttpRequest) -> Hit:
    agent = request.META.get("HTTP_USER_AGENT", "").replace("\0", "")[:LONGEST_AGENT]
    return Hit((request.method or "")[:8], client_address(request), agent)


def client_address(request: HttpRequest) -> str | None:
    """The peer, or what the outermost trusted proxy saw; None when that is no address at all.

    `TRUSTED_PROXIES` proxies of one's own stand in front of the server, 0 by default: a header that anybody
    may send is believed only as far as they wrote it.
    """
    proxies = getattr(settings, "TRUSTED_PROXIES", 0)
    seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if proxies else []
    told = seen[-proxies] if 0 < proxies <= len(seen) else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(told.strip()))
    except ValueError:
        return None
