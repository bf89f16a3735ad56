"""The parts of one CREATE TABLE: columns, keys, references, lists of values, comments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from campaigns.ddl.choices import choices_of
from campaigns.ddl.model import Code, Column, ForeignKey, Notice, Table
from campaigns.ddl.types import field_type_of, user_type_of


@dataclass(slots=True)
class TableParts:
    """A table being read, what is wrong with it, and its columns of types that the text may define."""

    table: Table
    user_types: list[tuple[Column, str]] = field(default_factory=list)
    refused: list[Notice] = field(default_factory=list)
    ignored: list[Notice] = field(default_factory=list)
    columns: dict[str, Column] = field(default_factory=dict)

    @classmethod
    def of(cls, create: exp.Expr, line: int) -> TableParts:
        schema = create.this
        parts = cls(Table(name=name_of(schema), line=line))
        for each in schema.expressions if isinstance(schema, exp.Schema) else ():
            parts.take(each, line)
        if not parts.table.columns:
            parts.refused.append(Notice(line=line, code=Code.NO_COLUMNS))
        comment = create.find(exp.SchemaCommentProperty)
        parts.table.comment = comment.name if comment else ""
        return parts

    def take(self, part: exp.Expr, line: int) -> None:
        """A column or a constraint; what else may stand in a table means nothing to rules."""
        if isinstance(part, exp.Constraint):
            for inner in part.expressions:
                self.take(inner, line)
            return
        take = _TAKERS.get(type(part))
        if take:
            take(self, part, line)

    def take_column(self, part: exp.Expr, line: int) -> None:
        line = int(part.this.meta.get("line") or line)
        if part.name in self.columns:
            words = {"column": part.name[:80]}
            self.refused.append(Notice(line=line, code=Code.REPEATED_COLUMN, words=words))
            return
        kind = part.args.get("kind")
        column = _column(part.name, kind, line)
        self.table.columns.append(column)
        self.columns[part.name] = column
        if kind is not None and user_type_of(kind):
            self.user_types.append((column, user_type_of(kind)))
        for constraint in part.args.get("constraints") or ():
            self._take_of_column(column, constraint.args.get("kind"))

    def _take_of_column(self, column: Column, part: exp.Expr | None) -> None:
        match part:
            case exp.PrimaryKeyColumnConstraint():
                self._set_key([column.name], column.line)
            case exp.UniqueColumnConstraint():
                self.table.unique.append([column.name])
            case exp.Reference():
                self._add_reference([column.name], part, column.line)
            case exp.CommentColumnConstraint():
                column.comment = part.name
            case exp.CheckColumnConstraint():
                self.take_check(part, column.line)

    def take_primary_key(self, part: exp.Expr, line: int) -> None:
        self._set_key([each.name for each in part.expressions], line)

    def take_unique(self, part: exp.Expr, line: int) -> None:
        if isinstance(part.this, exp.Schema):
            self.table.unique.append([each.name for each in part.this.expressions])

    def take_foreign_key(self, part: exp.Expr, line: int) -> None:
        self._add_reference([each.name for each in part.expressions], part.args["reference"], line)

    def take_check(self, part: exp.Expr, line: int) -> None:
        found = choices_of(part.this)
        column = self.table.column(found[0]) if found else None
        if found and column:
            column.choices = found[1]

    def _set_key(self, names: list[str], line: int) -> None:
        if self.table.key:
            words = {"table": ".".join(self.table.name)}
            self.refused.append(Notice(line=line, code=Code.TWO_KEYS, words=words))
        else:
            self.table.key = names

    def _add_reference(self, columns: list[str], reference: exp.Expr, line: int) -> None:
        named = reference.this
        there = [each.name for each in named.expressions] if isinstance(named, exp.Schema) else []
        self.table.foreign_keys.append(
            ForeignKey(line=line, columns=columns, target=name_of(named), target_columns=there)
        )


def name_of(named: exp.Expr) -> tuple[str, ...]:
    """A table's name as it was written, part by part."""
    table = named.this if isinstance(named, exp.Schema) else named
    return tuple(part.name for part in table.parts) if isinstance(table, exp.Table) else (table.name,)


def _column(name: str, kind: exp.Expr | None, line: int) -> Column:
    if not isinstance(kind, exp.DataType):
        return Column(name=name, line=line, type=None, written=str(kind or "–")[:80])
    type_, digits = field_type_of(kind)
    column = Column(name=name, line=line, type=type_, digits=digits, written=kind.sql()[:80])
    if kind.this is exp.DType.ENUM:
        column.choices = [value.name for value in kind.expressions]
    return column


_TAKERS: Mapping[type, Callable[[TableParts, exp.Expr, int], None]] = {
    exp.ColumnDef: TableParts.take_column,
    exp.PrimaryKey: TableParts.take_primary_key,
    exp.UniqueColumnConstraint: TableParts.take_unique,
    exp.ForeignKey: TableParts.take_foreign_key,
    exp.CheckColumnConstraint: TableParts.take_check,
}
