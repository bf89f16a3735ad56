"""The Content-Security-Policy of each page: strict, but for what the admin's theme needs on its own pages.

Unfold's Alpine evaluates the expressions in its attributes, and its templates carry inline styles without a
nonce. So admin pages alone allow eval and inline styles; inline scripts need a nonce there as everywhere.
"""

from __future__ import annotations

from dataclasses import replace

from csp.constants import NONCE, NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

STRICT = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
ADMIN = {
    "script-src": [SELF, NONCE, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "frame-src": [SELF],
}


class ContentSecurityMiddleware(CSPMiddleware):  # type: ignore[misc]
    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if report_only or not request.path_info.startswith(reverse("admin:index")):
            return parts
        return replace(parts, replace={**ADMIN, **(parts.replace or {})})
