"""Fixes of the drawing: arrows that lead wrong, activities where nobody can arrive.

None is offered that would leave an activity with fewer arrows than it needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from campaigns.document import Document, TransitionPart
from campaigns.fixes import Fix, Fixes, changing, leaving_out, near, writing
from campaigns.graph import Graph
from campaigns.json_patch import Operation


class Room(NamedTuple):
    """What arrows an activity takes, and by which ports they leave it (None: not known yet)."""

    least: int
    most: int | None
    ports: tuple[str, ...] | None
    back_to: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """The drawing of a document, with the rooms of those activities whose type is known."""

    document: Document
    graph: Graph
    rooms: Mapping[str, Room]

    def begun_elsewhere(self, number: int) -> Fixes:
        """For an arrow whose beginning is not there."""
        arrow = self.document.transitions[number]
        source = near(arrow.source, self.graph.ids)
        if not self._may_be_drawn(source, arrow.port, arrow.target):
            return self._without_arrow(number)
        label = _("Let it begin at “%(id)s”") % {"id": source}
        return (
            changing(f"/transitions/{number}/from", arrow.source, source, label),
            *self._without_arrow(number),
        )

    def led_elsewhere(self, number: int) -> Fixes:
        """For an arrow whose end is not there."""
        arrow = self.document.transitions[number]
        target = near(arrow.target, self.graph.ids)
        if not self._may_be_drawn(arrow.source, arrow.port, target):
            return self._without_arrow(number)
        label = _("Let it lead to “%(id)s”") % {"id": target}
        return (
            changing(f"/transitions/{number}/to", arrow.target, target, label),
            *self._without_arrow(number),
        )

    def by_another_port(self, number: int) -> Fixes:
        """For an arrow that leaves by a port which is not there, or from where none may leave."""
        arrow = self.document.transitions[number]
        port = self._port_meant(arrow)
        if not port:
            return self._without_arrow(number)
        label = _("Let it leave by “%(port)s”") % {"port": port}
        return (writing(f"/transitions/{number}/port", port, label), *self._without_arrow(number))

    def without_loop(self, activity_id: str) -> Fixes:
        """Without the arrows that lead from the activity to itself."""
        loops = [n for n, arrow in self._arrows() if arrow.source == arrow.target == activity_id]
        if not loops or not self._spares(activity_id, len(loops)):
            return ()
        label = _("Remove the transition from it to itself")
        return (Fix(label, tuple(_out_of("transitions", loops))),)

    def without(self, activity_id: str) -> Fixes:
        """Without an activity that leads nowhere, and what leads to it."""
        if self.graph.out_of(activity_id) or len(self.graph.ids) == 1 or self._is_way_back(activity_id):
            return ()
        place = next(n for n, part in enumerate(self.document.activities) if part.id == activity_id)
        arrows = [n for n, arrow in self._arrows() if activity_id in (arrow.source, arrow.target)]
        steps = (*_out_of("transitions", arrows), *_out_of("activities", [place]))
        return (Fix(_("Remove this activity"), steps),)

    def _without_arrow(self, number: int) -> Fixes:
        arrow = self.document.transitions[number]
        is_drawn = arrow.source in self.graph.ids and arrow.target in self.graph.ids
        if is_drawn and not self._spares(arrow.target, 1):
            return ()
        return (leaving_out(f"/transitions/{number}", _("Remove this transition")),)

    def _port_meant(self, arrow: TransitionPart) -> str:
        room = self.rooms.get(arrow.source)
        taken = {each.port for each in self.document.transitions if _ends(each) == _ends(arrow)}
        ports = (room.ports if room else None) or ()
        port = ports[0] if len(ports) == 1 else near(arrow.port, ports)
        return port if port not in taken else ""

    def _may_be_drawn(self, source: str, port: str, target: str) -> bool:
        if not {source, target} <= set(self.graph.ids) or (source, port, target) in self._keys():
            return False
        room, begin = self.rooms.get(target), self.rooms.get(source)
        is_full = room is not None and room.most is not None and len(self.graph.into(target)) >= room.most
        has_port = begin is None or begin.ports is None or port in begin.ports
        return not is_full and has_port and source != target and source not in self.graph.downstream(target)

    def _spares(self, activity_id: str, count: int) -> bool:
        room = self.rooms.get(activity_id)
        return room is None or len(self.graph.into(activity_id)) - count >= room.least

    def _is_way_back(self, activity_id: str) -> bool:
        return any(room.back_to == activity_id for room in self.rooms.values())

    def _keys(self) -> set[tuple[str, str, str]]:
        return {arrow.key for arrow in self.document.transitions}

    def _arrows(self) -> Iterable[tuple[int, TransitionPart]]:
        return enumerate(self.document.transitions)


def _ends(arrow: TransitionPart) -> tuple[str, str]:
    return arrow.source, arrow.target


def _out_of(section: str, numbers: Iterable[int]) -> Iterator[Operation]:
    """The last one first, so that the others keep their numbers."""
    for number in sorted(numbers, reverse=True):
        yield Operation("remove", f"/{section}/{number}")
