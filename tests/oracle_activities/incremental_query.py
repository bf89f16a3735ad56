"""Who is new since a marker, written the slow way: one row after the other, one reading after the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo


def moment(value: Any, zone: ZoneInfo) -> datetime:
    """A date and time as it is; a date as the end of its day on the zone's clocks."""
    if isinstance(value, datetime):
        return value
    assert isinstance(value, date)
    return datetime.combine(value + timedelta(days=1), time(), zone).astimezone(UTC)


@dataclass
class Reader:
    """An incremental query over several runs; settings as in the activity."""

    zone: ZoneInfo
    exclude_returned: bool = False
    history_days: int = 0
    look_back: int = 0
    marker: datetime | None = None
    returned: list[tuple[Any, Any, datetime]] = field(default_factory=list)

    def read(self, rows: Iterable[tuple[Any, Any]], anchor: datetime, *, completes: bool) -> set[Any]:
        """The keys that a run at `anchor` returns of (key, date) rows."""
        found = {
            (key, dated) for key, dated in rows if dated is not None and self._is_new(key, dated, anchor)
        }
        if completes:
            self.marker = anchor
            self.returned += [(key, dated, anchor) for key, dated in found]
        return {key for key, _dated in found}

    def _is_new(self, key: Any, dated: Any, anchor: datetime) -> bool:
        at = moment(dated, self.zone)
        if at > anchor or (self.marker and at <= self.marker - timedelta(minutes=self.look_back)):
            return False
        if self.marker and at <= self.marker and (key, dated) in [(k, d) for k, d, _at in self.returned]:
            return False
        return not (self.exclude_returned and self._was_returned(key, anchor))

    def _was_returned(self, key: Any, anchor: datetime) -> bool:
        since = anchor - timedelta(days=self.history_days)
        return any(k == key and (not self.history_days or at > since) for k, _dated, at in self.returned)
