"""What the theme asks of this project: its stylesheet and the sidebar."""

from __future__ import annotations

from django.http import HttpRequest
from django.templatetags.static import static


def stylesheet(request: HttpRequest) -> str:
    return static("campaigns/admin.css")
