"""The picture of a campaign with addresses: where a click on a box, a way out or an arrow leads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from campaigns.admin.page import CampaignPage
from campaigns.document import Document
from campaigns.drawing.picture import Box, Line, Outlet, draw
from campaigns.lint import by_activity
from campaigns.problems import Problem


@dataclass(frozen=True, slots=True)
class Painter:
    """Addresses for one page; those of changes are left out where this person may not make any."""

    page: CampaignPage
    may_edit: bool

    def paint(self, document: Document, problems: Iterable[Problem] = ()) -> dict[str, Any]:
        counted = {activity: len(found) for activity, found in by_activity(problems).items()}
        picture = draw(document, counted)
        return {
            "picture": picture,
            "boxes": [self._box(box) for box in picture.boxes],
            "lines": [self._line(line) for line in picture.lines],
            "may_edit": self.may_edit,
        }

    def _box(self, box: Box) -> dict[str, Any]:
        url = self.page.url("activity", activity_id=box.id)
        return {"box": box, "url": url, "outlets": [self._outlet(outlet) for outlet in box.outlets]}

    def _outlet(self, outlet: Outlet) -> dict[str, Any]:
        query = {"after": outlet.activity, "port": outlet.port}
        return {"outlet": outlet, "url": self._palette(query)}

    def _line(self, line: Line) -> dict[str, Any]:
        query = {"after": line.source, "port": line.port, "before": line.target}
        return {"line": line, "url": "" if line.leads_back else self._palette(query)}

    def _palette(self, query: dict[str, str]) -> str:
        return f"{self.page.url('palette')}?{urlencode(query)}" if self.may_edit else ""
