"""Creates what a text was planned to: every table and every link, or nothing."""

from __future__ import annotations

from django.db import transaction

from campaigns.ddl.planning import DdlPlan, PlannedLink
from campaigns.links import LinkNames, save_both_ways
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
    for planned in plan.links:
        _link(tables, planned)
    return tuple(tables.values())


def _link(tables: dict[str, Table], planned: PlannedLink) -> None:
    link = Link(
        source=tables[planned.source],
        target=tables[planned.target],
        on=[list(pair) for pair in planned.on],
        cardinality=Cardinality.ONE,
    )
    back = Cardinality.ONE if planned.alone else Cardinality.MANY
    save_both_ways(link, back, LinkNames(slug=planned.slug))
