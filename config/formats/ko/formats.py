"""Korean: what differs from Django's own."""

from __future__ import annotations

DATETIME_FORMAT = "Y년 n월 j일 A g:i T"
SHORT_DATETIME_FORMAT = "Y-n-j. A g:i T"
