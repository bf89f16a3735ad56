"""Single changes to a document: each gives a new document and leaves the one it was given as it is.

What somebody does by a click is one of these. Whether the result may be published is for the lint to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from campaigns.activity_parts import known_ports
from campaigns.conflicts import refuse
from campaigns.document import ActivityPart, Document, TransitionPart, as_data, parse_document
from campaigns.graph import Arrow

LONGEST_ID = 60


def with_section(document: Document, section: str, value: Any) -> Document:
    """The document with another schedule, other variables, another header or error policy."""
    return parse_document({**as_data(document), section: value})


def with_activity(document: Document, activity_id: str, *, label: str, config: Mapping[str, Any]) -> Document:
    """The activity with another label and other settings."""
    parts = [
        {"id": part.id, "type": part.type, "label": label, "config": dict(config)}
        if part.id == activity_id
        else _plain(part)
        for part in document.activities
    ]
    return _with_parts(document, parts, document.transitions)


def added(document: Document, part: ActivityPart, *, after: Arrow | None = None) -> Document:
    """One more activity. `after` names where it is put: behind a port, or, with a target, into an arrow."""
    arrows = list(document.transitions)
    if after and after.target:
        arrows = [t for t in arrows if t.key != (after.source, after.port, after.target)]
        arrows += [arrow(part.id, port.name, after.target) for port in known_ports(part)[:1]]
    if after:
        arrows.append(arrow(after.source, after.port, part.id))
    return _with_parts(document, [*map(_plain, document.activities), _plain(part)], arrows)


def removed(document: Document, activity_id: str, *, reconnect: bool) -> Document:
    """Without the activity; `reconnect` leads what came in to where it led."""
    before = [t for t in document.transitions if t.target == activity_id and t.source != activity_id]
    behind = [t for t in document.transitions if t.source == activity_id and t.target != activity_id]
    others = [t for t in document.transitions if activity_id not in (t.source, t.target)]
    targets = list(dict.fromkeys(t.target for t in behind)) if reconnect else []
    bridges = [arrow(came.source, came.port, target) for came in before for target in targets]
    parts = [_plain(part) for part in document.activities if part.id != activity_id]
    return _with_parts(document, parts, _once([*others, *bridges]))


def connected(document: Document, new: Arrow) -> Document:
    """With one more arrow; refused where it would lead in a circle."""
    if new.source == new.target or new.source in document.graph.downstream(new.target):
        message = _("This transition would lead in a circle.")
        refuse("graph.cycle", "/transitions", message, _("Choose an activity further on."))
    arrows = [*document.transitions, arrow(new.source, new.port, new.target)]
    return _with_parts(document, map(_plain, document.activities), _once(arrows))


def disconnected(document: Document, old: Arrow) -> Document:
    arrows = [t for t in document.transitions if t.key != (old.source, old.port, old.target)]
    return _with_parts(document, map(_plain, document.activities), arrows)


def arrow(source: str, port: str, target: str) -> TransitionPart:
    """Whether its names are names is judged with the whole document."""
    return TransitionPart.model_construct(source=source, port=port, target=target, label="")


def free_id(document: Document, wanted: str, taken: Iterable[str] = ()) -> str:
    """An id made of `wanted` that no activity has, nor had in a published version."""
    used = {part.id for part in document.activities} | set(taken)
    base = wanted[: LONGEST_ID - 4].strip("-_") or "activity"
    numbered = (base if number == 1 else f"{base}-{number}" for number in range(1, len(used) + 2))
    return next(name for name in numbered if name not in used)


def _plain(part: ActivityPart) -> dict[str, Any]:
    return part.model_dump(mode="json")


def _once(arrows: Iterable[TransitionPart]) -> list[TransitionPart]:
    return list({each.key: each for each in arrows}.values())


def _with_parts(
    document: Document, parts: Iterable[Mapping[str, Any]], arrows: Iterable[TransitionPart]
) -> Document:
    plain = [each.model_dump(mode="json", by_alias=True) for each in arrows]
    return parse_document({**as_data(document), "activities": list(parts), "transitions": plain})
