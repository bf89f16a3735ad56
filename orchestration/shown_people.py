"""People by their keys, with the first columns of their table as they are now: enough to recognise somebody by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db import ProgrammingError, connection, transaction
from django.utils.translation import gettext as _
from psycopg import sql

from campaigns.activity_types import Dimension
from campaigns.catalogue import load_catalogue, load_dimensions
from campaigns.personal_data import MASKED, hidden_fields
from campaigns.previews import ShownColumn
from campaigns.rule_questions import MOST_COLUMNS
from campaigns.targeting.schema import Column, FieldType, Table

Row = Sequence[str | None]
TYPES = {FieldType.INTEGER: "bigint", FieldType.UUID: "uuid"}
"""Types of keys; any other is text."""

# A text that cannot be a key of the table any more finds nobody.
QUERY = sql.SQL(
    """
SELECT {columns}
  FROM unnest(%s::text[]) WITH ORDINALITY AS wanted (key, number)
  LEFT JOIN {table} AS t
    ON t.{key} = CASE WHEN pg_input_is_valid(wanted.key, {named}) THEN CAST(wanted.key AS {type}) END
 ORDER BY wanted.number
"""
)


@dataclass
class ShownPeople:
    """People of one dimension: the key, then the first columns of the table; masked for whoever may not see them.

    Of people who are no longer in the table the key is all there is to show, and so it is where it cannot be read.
    """

    dimension: str
    personal: bool

    @cached_property
    def columns(self) -> Sequence[ShownColumn]:
        if self._table is None:
            return [ShownColumn("key", _("Key"), FieldType.TEXT.value)]
        return [ShownColumn(each.slug, each.label, each.type.value) for each in self._shown]

    def rows(self, keys: Sequence[str]) -> Sequence[Row]:
        """One for each key, in their order."""
        if not keys:
            return []
        hidden = [each.name in self._hidden for each in self.columns]
        return [[_said(*cell) for cell in zip(row, hidden, strict=True)] for row in self._read(keys)]

    def _read(self, keys: Sequence[str]) -> Sequence[Row]:
        if self._table is None:
            return [[key] for key in keys]
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(self._query(self._table), [list(keys)])
                return list(cursor.fetchall())
        except ProgrammingError:
            return [[key, *(None for _other in self.columns[1:])] for key in keys]

    def _query(self, table: Table) -> sql.Composed:
        key, *others = self._shown
        type_name = TYPES.get(key.type, "text")
        read = [sql.SQL("{}::text").format(sql.Identifier("t", each.name)) for each in others]
        return QUERY.format(
            columns=sql.SQL(", ").join([sql.Identifier("wanted", "key"), *read]),
            table=sql.Identifier(table.schema, table.name),
            key=sql.Identifier(key.name),
            named=sql.Literal(type_name),
            type=sql.SQL(type_name),
        )

    @cached_property
    def _shown(self) -> Sequence[Column]:
        """The key first."""
        if self._table is None or self._known is None:
            return []
        key = self._table.columns[self._known.key]
        others = [each for each in self._table.columns.values() if each.slug != key.slug]
        return [key, *others[: MOST_COLUMNS - 1]]

    @cached_property
    def _known(self) -> Dimension | None:
        return load_dimensions().get(self.dimension)

    @cached_property
    def _table(self) -> Table | None:
        return load_catalogue().tables.get(self._known.table) if self._known else None

    @cached_property
    def _hidden(self) -> frozenset[str]:
        """The key of a dimension that is gone may be anything."""
        if self._table is None:
            return frozenset() if self.personal else frozenset({"key"})
        return hidden_fields(self._table.slug, personal=self.personal)


def _said(value: str | None, is_hidden: bool) -> str | None:
    return MASKED if is_hidden and value is not None else value
