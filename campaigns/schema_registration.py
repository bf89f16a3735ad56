"""A whole schema registered in one act, and followed when it changes; each table as `campaigns.registration` does.

One table that cannot be registered does not keep the others out: it is named with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from campaigns.foreign_key_links import link_foreign_keys
from campaigns.introspection import CatalogueError, Relation, relations_of, unregistered_relations
from campaigns.models import Table
from campaigns.problems import Problem
from campaigns.registration import Registration, TableChanges, refresh_table, register_table

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class SchemaRegistration:
    """What became of each table: new here, changed since, unchanged, gone from the database, or refused."""

    registered: tuple[Registration, ...] = ()
    changed: tuple[tuple[Table, TableChanges], ...] = ()
    unchanged: tuple[Table, ...] = ()
    gone: tuple[Table, ...] = ()
    refused: tuple[Problem, ...] = ()


@transaction.atomic
def register_schema(schema: str) -> SchemaRegistration:
    """Register what is new in the schema and refresh what is known; doing it again changes nothing.

    Raises CatalogueError where the schema has nothing to register and nothing registered.
    """
    waiting = [relation for relation in unregistered_relations() if relation.schema == schema]
    known = list(Table.objects.filter(schema_name=schema).exclude(origin=Table.Origin.SYSTEM))
    if not waiting and not known:
        raise CatalogueError(
            "catalogue.empty_schema",
            schema[:200],
            _("Schema “%(schema)s” has nothing to register.") % {"schema": schema[:80]},
            _("Check the spelling, and that Tutti's account may use the schema and read its tables."),
        )
    there = {relation.name: relation for relation in relations_of(schema)}
    present = [table for table in known if table.table_name in there]
    refused: list[Problem] = []
    made = tuple(_each(waiting, _register, refused))
    refreshed = tuple(_each(present, _refresh, refused))
    link_foreign_keys(there.values())
    return SchemaRegistration(
        registered=made,
        changed=tuple((table, changes) for table, changes in refreshed if changes),
        unchanged=tuple(table for table, changes in refreshed if not changes),
        gone=tuple(table for table in known if table.table_name not in there),
        refused=tuple(refused),
    )


Thing = TypeVar("Thing")


def _each(things: Iterable[Thing], act: Callable[[Thing], Made], refused: list[Problem]) -> Iterable[Made]:
    """What the act makes of each thing; a thing it fails for leaves nothing but its problem."""
    for thing in things:
        try:
            with transaction.atomic():
                made = act(thing)
        except CatalogueError as error:
            refused.extend(error.problems)
        except DatabaseError as error:
            refused.append(_unreadable(str(thing), error))
        else:
            yield made


def _register(relation: Relation) -> Registration:
    return register_table(relation.schema, relation.name, link=False)


def _refresh(table: Table) -> tuple[Table, TableChanges]:
    return table, refresh_table(table, link=False)


def _unreadable(place: str, error: DatabaseError) -> Problem:
    """A view may fail when it is read, a foreign server may be away."""
    reason = str(error).strip().partition("\n")[0]
    return Problem(
        "catalogue.unreadable",
        place[:200],
        _("“%(place)s” cannot be read: %(reason)s") % {"place": place[:80], "reason": reason[:300]},
        _("Make it readable, then register the schema again: the others stay as they are."),
    )
