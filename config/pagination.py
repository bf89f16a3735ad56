"""How every list of the API is paged: by a cursor over a unique key, so that each page costs the same."""

from __future__ import annotations

from rest_framework.pagination import CursorPagination


class KeysetPagination(CursorPagination):
    """Newest first; a view orders otherwise by its own subclass, by a unique column last."""

    ordering = "-pk"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500
