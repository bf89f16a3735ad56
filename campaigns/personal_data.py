"""Who may see people's data, and what everybody else sees in their place. Every door asks here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from campaigns.models import Field
from campaigns.targeting.attributes import POPULATION_MARK
from campaigns.targeting.expressions.attribute import attributes_in
from campaigns.targeting.operands import Expression
from campaigns.targeting.rules import JsonAttribute
from campaigns.targeting.schema import Catalogue

PERMISSION = "campaigns.view_personal_data"
MASKED = "•••"


def may_see(user: Any) -> bool:
    return bool(user.has_perm(PERMISSION))


def hidden_fields(table: str, *, personal: bool) -> frozenset[str]:
    """Slugs of the fields of a table whose values are masked; none for whoever may see them."""
    if personal:
        return frozenset()
    rows = Field.objects.filter(table__slug=table, personal=True)
    return frozenset(rows.values_list("slug", flat=True))


@dataclass
class PersonalFields:
    """Which attributes are masked for somebody, wherever links lead to them."""

    catalogue: Catalogue
    personal: bool

    def hides(self, table: str, attribute: str | JsonAttribute | Expression) -> bool:
        """Whether the attribute, seen from the table, is a personal field, lies inside one or is made of one."""
        if isinstance(attribute, Expression):
            return any(self.hides(table, name) for name in attributes_in(attribute.expression))
        name = attribute if isinstance(attribute, str) else attribute.name
        if self.personal or name.startswith(POPULATION_MARK):
            return False
        path, _dot, field = name.rpartition(".")
        return (self._end(table, path), field) in self._fields

    @cached_property
    def _fields(self) -> frozenset[tuple[str, str]]:
        return frozenset(Field.objects.filter(personal=True).values_list("table__slug", "slug"))

    def _end(self, table: str, path: str) -> str:
        for step in path.split(".") if path else ():
            link = self.catalogue.links.get((table, step))
            table = link.target if link else ""
        return table
