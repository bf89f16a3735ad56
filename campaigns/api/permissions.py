"""What a caller may do: the permissions of the account, narrowed by the scopes of its token.

An endpoint that does not say what it needs is closed to everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, NamedTuple

from rest_framework.permissions import BasePermission

from campaigns.models import ApiToken

# What answers these methods is 405, which does nothing.
_NOT_SERVED = (None, "metadata")


class Need(NamedTuple):
    """The scope a token must have and the permission its account must have; "" for none but signing in.

    Where it depends on the thing that is acted on, `by_thing` says what is needed besides.
    """

    scope: str
    permission: str = ""
    by_thing: Callable[[Any], Need] | None = None


class Allowed(BasePermission):
    """Checks `view.needs`: for each action of the viewset what it needs."""

    def has_permission(self, request: Any, view: Any) -> bool:
        needs: Mapping[str, Need] = view.needs
        if view.action in _NOT_SERVED:
            return bool(request.user and request.user.is_authenticated)
        need = needs.get(view.action)
        return need is not None and is_allowed(request, need)

    def has_object_permission(self, request: Any, view: Any, obj: Any) -> bool:
        need: Need | None = view.needs.get(view.action)
        return need is not None and (need.by_thing is None or is_allowed(request, need.by_thing(obj)))


def is_allowed(request: Any, need: Need) -> bool:
    user = request.user
    if not user or not user.is_authenticated:
        return False
    if isinstance(request.auth, ApiToken) and need.scope and need.scope not in request.auth.scopes:
        return False
    return not need.permission or user.has_perm(need.permission)


class SignedIn(BasePermission):
    """Only people with a session: a token never makes another token."""

    message: ClassVar[Any]

    def has_permission(self, request: Any, view: Any) -> bool:
        return bool(request.user and request.user.is_authenticated) and request.auth is None
