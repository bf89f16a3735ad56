"""Who may see people's data, and what everybody else sees in their place. Every door asks here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from campaigns.models import Field, TargetingDimension
from campaigns.targeting.attributes import POPULATION_MARK
from campaigns.targeting.expressions.attribute import attributes_in
from campaigns.targeting.operands import Expression
from campaigns.targeting.rules import JsonAttribute
from campaigns.targeting.schema import Catalogue, FieldType

PERMISSION = "campaigns.view_personal_data"
MASKED = "•••"
OPEN_TYPES = (FieldType.BOOLEAN, FieldType.INTEGER, FieldType.DECIMAL, FieldType.FLOAT)
"""Of columns that people carry, those that everybody sees."""


def may_see(user: Any) -> bool:
    return bool(user.has_perm(PERMISSION))


def hidden_fields(table: str, *, personal: bool) -> frozenset[str]:
    """Slugs of the fields of a table whose values are masked; none for whoever may see them."""
    if personal:
        return frozenset()
    rows = Field.objects.filter(table__slug=table, personal=True)
    return frozenset(rows.values_list("slug", flat=True))


def hides_carried(kind: FieldType | None, *, personal: bool) -> bool:
    """Whether a column that people carry is masked: nobody marks those, so that any text may be an address."""
    return not personal and kind not in OPEN_TYPES


def hides_key(dimension: TargetingDimension, *, personal: bool) -> bool:
    """Whether the key that people of the dimension are known by is itself a personal field."""
    return not personal and dimension.key_field.personal


@dataclass
class PersonalFields:
    """Which attributes are masked for somebody, wherever links lead to them."""

    catalogue: Catalogue
    personal: bool
    carried: Mapping[str, FieldType] = field(default_factory=dict)
    """The types of the columns that people carry, by slug, as far as they are known."""

    def hides(self, table: str, attribute: str | JsonAttribute | Expression) -> bool:
        """Whether the attribute, seen from the table, is a personal field, lies inside one or is made of one."""
        if isinstance(attribute, Expression):
            return any(self.hides(table, name) for name in attributes_in(attribute.expression))
        name = attribute if isinstance(attribute, str) else attribute.name
        if name.startswith(POPULATION_MARK):
            return hides_carried(self._carried_type(attribute), personal=self.personal)
        path, _dot, slug = name.rpartition(".")
        return not self.personal and (self._end(table, path), slug) in self._fields

    def _carried_type(self, attribute: str | JsonAttribute) -> FieldType | None:
        """None where it is not known, and inside JSON, of which nobody knows what it holds."""
        if not isinstance(attribute, str):
            return None
        return self.carried.get(attribute.removeprefix(POPULATION_MARK))

    @cached_property
    def _fields(self) -> frozenset[tuple[str, str]]:
        return frozenset(Field.objects.filter(personal=True).values_list("table__slug", "slug"))

    def _end(self, table: str, path: str) -> str:
        for step in path.split(".") if path else ():
            link = self.catalogue.links.get((table, step))
            table = link.target if link else ""
        return table
