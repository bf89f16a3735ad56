"""Creates what a text was planned to: every table and every link, or nothing."""

from __future__ import annotations

from django.db import transaction

from campaigns.ddl.planning import DdlPlan, PlannedLink
from campaigns.links import LinkNames, save_inverse, save_link
from campaigns.managed_tables import add_primary_key, create_managed_table
from campaigns.models import Link, Table
from campaigns.targeting.schema import Cardinality


@transaction.atomic
def create_tables(plan: DdlPlan) -> tuple[Table, ...]:
    """The tables, empty and with their keys, linked as the text said. Raises CatalogueError."""
    tables = {wanted.slug: create_managed_table(wanted) for wanted in plan.tables}
    for wanted in plan.tables:
        if wanted.key:
            add_primary_key(tables[wanted.slug], wanted.key)
    # What the text names comes first: an inverse takes a slug that is left.
    links = [_link(tables, planned) for planned in plan.links]
    for planned, link in zip(plan.links, links, strict=True):
        save_inverse(link, Cardinality.ONE if planned.alone else Cardinality.MANY, LinkNames())
    return tuple(tables.values())


def _link(tables: dict[str, Table], planned: PlannedLink) -> Link:
    link = Link(
        source=tables[planned.source],
        target=tables[planned.target],
        on=[list(pair) for pair in planned.on],
        cardinality=Cardinality.ONE,
    )
    return save_link(link, LinkNames(slug=planned.slug))
