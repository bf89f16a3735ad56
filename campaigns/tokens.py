"""Bearer tokens of the API: made once, shown once, kept as a hash, narrowed to scopes, gone at once when
revoked.

A token is `tutti_`, 256 random bits and a checksum, so that scanners find leaked ones and typing errors are
noticed without asking the database.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.audit import record
from campaigns.conflicts import refuse
from campaigns.models import ApiToken

SCOPES = ("read", "write", "publish", "confirm")
LONGEST_LIFE = timedelta(days=366)

_FORM = re.compile(r"tutti_([A-Za-z0-9_-]{43})([0-9a-f]{8})")
_USE_NOTED_EVERY = timedelta(minutes=1)


class NewToken(NamedTuple):
    """A token and its secret, which is nowhere kept."""

    token: ApiToken
    secret: str


@transaction.atomic
def issue_token(user: Any, *, name: str, scopes: Iterable[str], expires_at: datetime) -> NewToken:
    """A new token that acts as `user`; raises ProblemsError for scopes or an expiry it may not have."""
    wanted = sorted(set(scopes))
    if not wanted or set(wanted) - set(SCOPES):
        remedy = _("Choose at least one of: %(scopes)s.") % {"scopes": ", ".join(SCOPES)}
        refuse("token.scopes", "/scopes", _("These are not scopes of a token."), remedy)
    if not timezone.now() < expires_at <= timezone.now() + LONGEST_LIFE:
        remedy = _("Choose a time within the next %(days)d days.") % {"days": LONGEST_LIFE.days}
        refuse("token.expiry", "/expires_at", _("A token cannot expire then."), remedy)
    secret = _new_secret()
    token = ApiToken.objects.create(
        user=user, name=name, digest=_digest(secret), hint=secret[-6:], scopes=wanted, expires_at=expires_at
    )
    record("token.issue", f"token {token.pk}", by=user, name=name, scopes=wanted)
    return NewToken(token, secret)


@transaction.atomic
def revoke_token(token: ApiToken, *, by: Any) -> None:
    """The token opens nothing any more, from the next request on."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=Now()):
        record("token.revoke", f"token {token.pk}", by=by, name=token.name)
    token.refresh_from_db()


def find_token(secret: str) -> ApiToken | None:
    """The token that opens now, with its user; None for one that is unknown, revoked or expired."""
    if not is_well_formed(secret):
        return None
    valid = Q(revoked_at=None, expires_at__gt=Now(), user__is_active=True)
    return ApiToken.objects.select_related("user").filter(valid, digest=_digest(secret)).first()


def note_use(token: ApiToken) -> None:
    """Remember that the token was used, at most once a minute."""
    stale = Q(last_used_at=None) | Q(last_used_at__lt=timezone.now() - _USE_NOTED_EVERY)
    ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=Now())


def is_well_formed(secret: str) -> bool:
    found = _FORM.fullmatch(secret)
    return bool(found) and _checksum(found[1]) == found[2] if found else False


def _new_secret() -> str:
    random = secrets.token_urlsafe(32)
    return f"tutti_{random}{_checksum(random)}"


def _checksum(random: str) -> str:
    return f"{zlib.crc32(random.encode()):08x}"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
