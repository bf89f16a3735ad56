"""Finds fields by their words, in a table and in those its links lead to, nearest first."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from campaigns.attribute_marks import Marks
from campaigns.models import Field
from campaigns.targeting.schema import Cardinality, Catalogue, Link

LEVELS = 3
MOST_LEVELS = 5
MOST_PLACES = 2_000
MOST_FOUND = 50
MOST_WORDS = 10


@dataclass(frozen=True, slots=True)
class FoundField:
    """A field and the way to it. `many` says that a link to many lies on the way, so that only “exists” or an
    aggregate over `collection` reaches it, where its name is `name`; else `attribute` names it in a condition.
    """

    table: str
    field: str
    links: tuple[str, ...]
    labels: tuple[str, ...]
    label: str
    description: str
    type: str
    enumeration: Mapping[str, str]
    personal: bool
    many: bool
    collection: str
    name: str
    favourite: bool = False
    recent: bool = False

    @property
    def attribute(self) -> str:
        return ".".join((*self.links, self.field))


@dataclass(frozen=True, slots=True)
class _Place:
    """A table reached by links; `collection` counts the links up to the last one to many."""

    table: str
    links: tuple[Link, ...] = ()
    seen: frozenset[str] = frozenset()

    def by(self, link: Link) -> _Place:
        return _Place(link.target, (*self.links, link), self.seen | {self.table})

    @property
    def collection(self) -> int:
        many = [n for n, link in enumerate(self.links, 1) if link.cardinality is Cardinality.MANY]
        return many[-1] if many else 0


@dataclass(frozen=True, slots=True)
class Found:
    """What was found; `partial` where not every table within reach was looked at, or not all is listed."""

    fields: Sequence[FoundField]
    partial: bool


def search_fields(
    catalogue: Catalogue,
    table: str,
    words: str,
    *,
    marks: Marks | None = None,
    levels: int = LEVELS,
) -> Found:
    """Fields whose slug, label or description holds every word (all fields without words).

    Favourites come first, then those used lately, then the nearest; of two as near, what is named so before
    what only mentions it.
    """
    marks = marks or Marks()
    wanted = words.casefold().split()[:MOST_WORDS]
    places = list(_places(catalogue, table, min(levels, MOST_LEVELS)))
    known = _known_fields({place.table for place in places})
    ranked = [
        (_rank(found, wanted, marks), number, found)
        for number, found in enumerate(_matching(places, known, wanted, marks))
    ]
    ranked.sort(key=lambda each: each[:2])
    fields = [found for _rank_, _number, found in ranked[:MOST_FOUND]]
    return Found(fields, len(ranked) > MOST_FOUND or len(places) == MOST_PLACES)


def _places(catalogue: Catalogue, table: str, levels: int) -> Iterator[_Place]:
    """Breadth first, no table twice on one way, and no more ways than a page has patience for."""
    leaving: dict[str, list[Link]] = {}
    for link in catalogue.links.values():
        leaving.setdefault(link.source, []).append(link)
    waiting, given = deque([_Place(table)]), 0
    while waiting and given < MOST_PLACES:
        place = waiting.popleft()
        given += 1
        yield place
        if len(place.links) < levels and len(waiting) < MOST_PLACES:
            known = place.seen | {place.table}
            waiting.extend(
                place.by(link) for link in leaving.get(place.table, ()) if link.target not in known
            )


def _known_fields(tables: set[str]) -> dict[str, list[Field]]:
    rows = Field.objects.filter(table__slug__in=tables, skipped_reason="", hidden=False)
    known: dict[str, list[Field]] = {}
    for row in rows.select_related("table").order_by("table_id", "position"):
        known.setdefault(row.table.slug, []).append(row)
    return known


def _matching(
    places: Sequence[_Place], known: Mapping[str, Sequence[Field]], wanted: Sequence[str], marks: Marks
) -> Iterator[FoundField]:
    for place in places:
        labels = " ".join(link.label for link in place.links).casefold()
        for row in known.get(place.table, ()):
            text = f"{labels} {row.slug} {row.label} {row.description}".casefold()
            if all(word in text for word in wanted):
                yield _found(place, row, marks)


def _found(place: _Place, row: Field, marks: Marks) -> FoundField:
    slugs = tuple(link.slug for link in place.links)
    split = place.collection
    attribute = ".".join((*slugs, row.slug))
    return FoundField(
        table=place.table,
        field=row.slug,
        links=slugs,
        labels=tuple(link.label for link in place.links),
        label=row.label,
        description=row.description,
        type=row.type,
        enumeration=row.enumeration,
        personal=row.personal,
        many=bool(split),
        collection=".".join(slugs[:split]),
        name=".".join((*slugs[split:], row.slug)),
        favourite=attribute in marks.favourites,
        recent=attribute in marks.recents,
    )


def _rank(found: FoundField, wanted: Sequence[str], marks: Marks) -> tuple[int, int, int]:
    own = f"{found.field} {found.label}".casefold()
    exact = found.label.casefold() == " ".join(wanted) or found.field in wanted
    nearness = 0 if exact else 1 if all(word in own for word in wanted) else 2
    liked = 0 if found.favourite else 1 if found.recent else 2
    return liked, len(found.links), nearness
