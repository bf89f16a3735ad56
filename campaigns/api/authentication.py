"""Who calls: the bearer of a token, or whoever is signed in by the session.

A page that is open for long outlives sessions. What it sends after another sign-in has a token of the session before,
and a code of its own says so; and where it names the person it was opened by, nothing is done in the name of another.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied

from campaigns.models import ApiToken
from campaigns.tokens import find_token, note_use

OPENED_BY = "X-Opened-By"


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer tutti_…`; `request.auth` is then the token."""

    def authenticate(self, request: Any) -> tuple[Any, ApiToken] | None:
        scheme, _blank, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = find_token(secret.strip())
        if token is None:
            raise AuthenticationFailed(
                _("This token opens nothing: it is unknown, expired or revoked. Issue a new one.")
            )
        note_use(token)
        return token.user, token

    def authenticate_header(self, request: Any) -> str:
        return "Bearer"


class EarlierSession(PermissionDenied):
    """What was sent has no token of this session."""

    default_code = "csrf_failed"
    default_detail = gettext_lazy(
        "This page belongs to an earlier session. Sign in again, or reload the page."
    )


class OtherUser(PermissionDenied):
    """The page was opened by somebody else than who is signed in."""

    default_code = "other_user"


class PageAuthentication(SessionAuthentication):
    """The session of a page of this site; `X-Opened-By` is the number of the account that the page belongs to."""

    def authenticate(self, request: Any) -> tuple[Any, None] | None:
        found = super().authenticate(request)
        if found and request.headers.get(OPENED_BY, str(found[0].pk)) != str(found[0].pk):
            raise OtherUser(_other(found[0]))
        return found

    def enforce_csrf(self, request: Any) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied as refusal:
            raise EarlierSession from refusal


def _other(user: Any) -> str:
    said = _(
        "Meanwhile %(name)s has signed in in this browser, and nothing is done under that name from here."
    )
    return said % {"name": user.get_username()}
