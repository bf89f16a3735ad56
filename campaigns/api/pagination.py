"""How lists are paged: by a cursor over a unique key, so that each page costs the same."""

from __future__ import annotations

from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    ordering: str | tuple[str, ...] = "-pk"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500


class LatestChangeFirst(NewestFirst):
    ordering = ("-modified_at", "-pk")


class BySlug(NewestFirst):
    ordering = ("slug",)
