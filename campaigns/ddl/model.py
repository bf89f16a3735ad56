"""What a CREATE TABLE text says, as plain values that pass between processes; nothing here is put into words.

Names are kept as they were written. `campaigns.ddl.planning` decides what becomes of them.
"""

from __future__ import annotations

from enum import StrEnum

import pydantic

from campaigns.targeting.schema import FieldType


class Code(StrEnum):
    """Everything that may be said of a line; `campaigns.ddl.words` has the words and the remedies."""

    NOT_UNDERSTOOD = "not_understood"
    SYNTAX = "syntax"
    UNREADABLE = "unreadable"
    TOO_DEEP = "too_deep"
    TOO_MANY_TABLES = "too_many_tables"
    DATA = "data"
    NO_TABLES = "no_tables"
    NO_COLUMNS = "no_columns"
    COPIED = "copied"
    REPEATED_TABLE = "repeated_table"
    REPEATED_COLUMN = "repeated_column"
    TWO_KEYS = "two_keys"
    UNKNOWN_TABLE = "unknown_table"
    UNKNOWN_COLUMN = "unknown_column"
    IGNORED = "ignored"
    PARTITION = "partition"
    UNUSABLE_TYPE = "unusable_type"


class Notice(pydantic.BaseModel):
    """One thing to say about a line; `words` fill the sentence."""

    line: int
    code: Code
    words: dict[str, str] = {}


class Column(pydantic.BaseModel):
    """A column; without `type` rules cannot use what was written, which is `written`."""

    name: str
    line: int
    type: FieldType | None
    written: str = ""
    digits: tuple[int, int] | None = None
    comment: str = ""
    choices: list[str] = []


class ForeignKey(pydantic.BaseModel):
    """Columns of the table that hold the key of a row of `target`; no `target_columns` mean its key."""

    line: int
    columns: list[str]
    target: tuple[str, ...]
    target_columns: list[str] = []


class Table(pydantic.BaseModel):
    """A table by its name, qualified as it was written: ("public", "person")."""

    name: tuple[str, ...]
    line: int
    columns: list[Column] = []
    key: list[str] = []
    unique: list[list[str]] = []
    foreign_keys: list[ForeignKey] = []
    comment: str = ""

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)


class Model(pydantic.BaseModel):
    """The whole text: its tables, what was passed over, and what keeps it from being used."""

    tables: list[Table] = []
    ignored: list[Notice] = []
    refused: list[Notice] = []
