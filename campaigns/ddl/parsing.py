"""Statements into the model: sqlglot parses each, and what it says of tables is gathered.

Runs in a process that may be killed; it neither knows the database nor speaks to people.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ErrorLevel, ParseError, TokenError

from campaigns.ddl.defaults import without_defaults
from campaigns.ddl.model import Code, Column, Model, Notice, Table
from campaigns.ddl.statements import Kind, Statement, data_line, read_statements
from campaigns.ddl.table_parts import TableParts, name_of
from campaigns.ddl.types import field_type_of
from campaigns.targeting.schema import FieldType

MOST_TABLES = 200


def parse_ddl(text: str, dialect: str) -> Model:
    """What the text says; faults stand in the model's `refused`, each with its line."""
    if line := data_line(text):
        return Model(refused=[Notice(line=line, code=Code.DATA)])
    reader = _Reader(Dialect.get_or_raise(dialect), text)
    try:
        for statement in read_statements(text, reader.dialect):
            reader.take(statement)
    except TokenError as error:
        reader.refuse(1, Code.UNREADABLE, reason=str(error)[:200])
    reader.finish()
    return reader.model


@dataclass(slots=True)
class _Reader:
    """What was read so far; types may be defined before or after the tables that use them."""

    dialect: Dialect
    text: str
    model: Model = field(default_factory=Model)
    tables: dict[tuple[str, ...], Table] = field(default_factory=dict)
    enumerations: dict[str, list[str]] = field(default_factory=dict)
    domains: dict[str, exp.DataType] = field(default_factory=dict)
    user_types: list[tuple[Column, str]] = field(default_factory=list)

    def take(self, statement: Statement) -> None:
        read = _READERS.get(statement.kind)
        if read is None:
            self._refuse_statement(statement)
            return
        try:
            read(self, statement)
        except ParseError as error:
            line = int(error.errors[0].get("line") or 0) if error.errors else 0
            reason = str(error.errors[0].get("description") or "") if error.errors else str(error)
            self.refuse(line or statement.line, Code.SYNTAX, reason=reason[:200], words=statement.words)
        except RecursionError:
            self.refuse(statement.line, Code.TOO_DEEP, words=statement.words)

    def finish(self) -> None:
        if len(self.tables) > MOST_TABLES:
            found = str(len(self.tables))
            self.refuse(1, Code.TOO_MANY_TABLES, most=str(MOST_TABLES), found=found)
        for column, name in self.user_types:
            self._settle_type(column, name)
        for table in self.tables.values():
            self._check(table)
        self.model.tables = list(self.tables.values())
        if not self.tables and not self.model.refused:
            self.refuse(1, Code.NO_TABLES)

    def refuse(self, line: int, code: Code, **words: str) -> None:
        self.model.refused.append(Notice(line=line, code=code, words=words))

    def pass_over(self, line: int, code: Code, **words: str) -> None:
        self.model.ignored.append(Notice(line=line, code=code, words=words))

    def parsed(self, statement: Statement) -> exp.Expr:
        parser = self.dialect.parser(error_level=ErrorLevel.RAISE)
        (found,) = parser.parse(without_defaults(statement.tokens), sql=self.text)
        if found is None or isinstance(found, exp.Command):
            raise ParseError.new("", description="", line=statement.line)
        return found

    def _refuse_statement(self, statement: Statement) -> None:
        code = Code.DATA if statement.kind is Kind.DATA else Code.NOT_UNDERSTOOD
        self.refuse(statement.line, code, words=statement.words)

    def ignore(self, statement: Statement) -> None:
        self.pass_over(statement.line, Code.IGNORED, words=statement.words)

    def take_table(self, statement: Statement) -> None:
        found = self.parsed(statement)
        if found.find(exp.PartitionedOfProperty):
            self.pass_over(statement.line, Code.PARTITION, words=statement.words)
            return
        if found.find(exp.LikeProperty, exp.InheritsProperty, exp.Query):
            self.refuse(statement.line, Code.COPIED, words=statement.words)
            return
        parts = TableParts.of(found, statement.line)
        if parts.table.name in self.tables:
            self.refuse(statement.line, Code.REPEATED_TABLE, table=".".join(parts.table.name))
        self.tables.setdefault(parts.table.name, parts.table)
        self.user_types += parts.user_types
        self.model.refused += parts.refused
        self.model.ignored += parts.ignored

    def take_type(self, statement: Statement) -> None:
        found = self.parsed(statement)
        self.enumerations[found.this.name] = [value.name for value in found.args["expression"].expressions]

    def take_domain(self, statement: Statement) -> None:
        """CREATE DOMAIN name AS type …, of which sqlglot knows the type alone."""
        tokens = list(statement.tokens)
        start = next((n for n, token in enumerate(tokens) if token.text.upper() == "AS"), 0) + 1
        name = tokens[start - 2].text
        ends = ("CONSTRAINT", "CHECK", "DEFAULT", "NOT", "NULL", "COLLATE")
        end = next((n for n in range(start, len(tokens)) if tokens[n].text.upper() in ends), len(tokens))
        if start in (1, end):
            raise ParseError.new("", description="", line=statement.line)
        written = self.text[tokens[start].start : tokens[end - 1].end + 1]
        self.domains[name] = exp.DataType.build(written, dialect=self.dialect, udt=True)

    def take_constraint(self, statement: Statement) -> None:
        found = self.parsed(statement)
        table = self._known_table(found.this, statement)
        if table:
            parts = TableParts(table)
            for action in found.args["actions"]:
                for constraint in action.expressions:
                    parts.take(constraint, statement.line)
            self.model.refused += parts.refused

    def take_comment(self, statement: Statement) -> None:
        found = self.parsed(statement)
        text = found.args["expression"].name
        if found.args["kind"].upper() == "TABLE":
            table = self._known_table(found.this, statement)
            if table:
                table.comment = text
            return
        *owner, column = [part.name for part in found.this.parts]
        table = self.tables.get(tuple(owner))
        known = table.column(column) if table else None
        if known:
            known.comment = text
        else:
            self.ignore(statement)

    def take_partition(self, statement: Statement) -> None:
        """ALTER TABLE … ATTACH PARTITION name: the rows are those of the partitioned table."""
        words = [token.text for token in statement.tokens]
        start = words.index(next(word for word in words if word.upper() == "PARTITION")) + 1
        ends = (place for place in range(start + 1, len(words)) if words[place].upper() in ("FOR", "DEFAULT"))
        name = tuple(words[start : next(ends, len(words))][::2])
        self.tables.pop(name, None)
        self.pass_over(statement.line, Code.PARTITION, words=".".join(name)[:80])

    def _known_table(self, named: exp.Expr, statement: Statement) -> Table | None:
        """A partition's constraints and comments are passed over with the partition."""
        table = self.tables.get(name_of(named))
        if table is None:
            self.pass_over(statement.line, Code.UNKNOWN_TABLE, words=statement.words)
        return table

    def _settle_type(self, column: Column, name: str) -> None:
        if name in self.enumerations:
            column.type, column.choices = FieldType.TEXT, self.enumerations[name]
        elif name in self.domains:
            column.type, column.digits = field_type_of(self.domains[name])

    def _check(self, table: Table) -> None:
        """Names in constraints are known only once all is read."""
        names = [(table.line, name) for name in table.key]
        names += [(key.line, name) for key in table.foreign_keys for name in key.columns]
        for line, name in names:
            if table.column(name) is None:
                self.refuse(line, Code.UNKNOWN_COLUMN, table=".".join(table.name), column=name[:80])
        for column in table.columns:
            if column.type is None:
                self.pass_over(
                    column.line, Code.UNUSABLE_TYPE, column=column.name[:80], type=column.written[:80]
                )


_READERS: Mapping[Kind, Callable[[_Reader, Statement], None]] = {
    Kind.TABLE: _Reader.take_table,
    Kind.TYPE: _Reader.take_type,
    Kind.DOMAIN: _Reader.take_domain,
    Kind.CONSTRAINT: _Reader.take_constraint,
    Kind.COMMENT: _Reader.take_comment,
    Kind.PARTITION: _Reader.take_partition,
    Kind.IGNORED: _Reader.ignore,
}
