"""Who calls: the bearer of a token. People who are signed in are known by their session, which Django
checks.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from campaigns.models import ApiToken
from campaigns.tokens import find_token, note_use


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
