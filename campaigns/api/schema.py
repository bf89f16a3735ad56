"""What the generated OpenAPI description cannot see by itself: bearer tokens, and problems as every
refusal's form.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.authentication import SessionScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension

from campaigns.api.problem_details import MEDIA_TYPE

_PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details; some kinds have members of their own beside these.",
    "required": ["type", "title", "status", "code", "detail", "problems", "correlation_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "problems": {"type": "array", "items": {"$ref": "#/components/schemas/ProblemShape"}},
        "correlation_id": {"type": "string"},
    },
}


class PageScheme(SessionScheme):  # type: ignore[no-untyped-call]  # registers itself
    """Also where the session is checked more closely than the framework does."""

    target_class = "campaigns.api.authentication.PageAuthentication"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    target_class = "campaigns.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "tutti_…"}


def add_problems(result: Any, generator: Any, request: Any, public: bool) -> Any:
    """Every operation may be refused, and every refusal is a problem."""
    result["components"]["schemas"]["ProblemDetails"] = _PROBLEM
    answer = {
        "description": "Refused: what is wrong, where, and what to do.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
    }
    for operations in result["paths"].values():
        for operation in operations.values():
            operation["responses"].setdefault("default", answer)
    return result
