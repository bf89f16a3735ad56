"""A list of texts for each person: what goes into it, and how it is read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sqlglot import exp

from campaigns.decisions import FLAGS, LONGEST_KEPT, Entry
from campaigns.targeting import trees
from campaigns.targeting.schema import FieldType
from orchestration.working_tables import DECIDED

_BOUNDED = (
    FieldType.INTEGER,
    FieldType.FLOAT,
    FieldType.BOOLEAN,
    FieldType.DATE,
    FieldType.DATETIME,
    FieldType.UUID,
)
"""Types whose texts are short whatever they say."""


@dataclass(slots=True)
class Record:
    """One list under way. Flags are packed, many to a text, since most of a list is flags."""

    entries: list[Entry] = field(default_factory=list)
    _texts: list[exp.Expr] = field(default_factory=list)
    _flags: int = 0
    _packed: dict[int, list[exp.Expr]] = field(default_factory=dict)

    def text(self, entry: Entry, sql: exp.Expr) -> int:
        """Adds a text; answers its number."""
        number = len(self._texts)
        self.entries.append(replace(entry, number=number))
        self._texts.append(sql)
        return number

    def flag(self, entry: Entry, condition: exp.Expr) -> None:
        """Adds whether a condition holds; unknown is no."""
        bit = self._flags % FLAGS
        if bit == 0:
            self._packed[len(self._texts)] = []
            self._texts.append(exp.null())
        number = max(self._packed)
        self._flags += 1
        self.entries.append(replace(entry, number=number, bit=bit))
        weight = exp.Literal.number(1 << bit)
        self._packed[number].append(
            exp.Case(ifs=[exp.If(this=condition, true=weight)], default=exp.Literal.number(0))
        )

    def column(self) -> exp.Alias:
        """The list, under the name that working tables have for it."""
        for number, weights in self._packed.items():
            self._texts[number] = as_text(_sum(weights))
        return trees.named(trees.cast(exp.Array(expressions=self._texts), "text[]"), DECIDED)


def _sum(weights: list[exp.Expr]) -> exp.Expr:
    first: exp.Expr = trees.cast(weights[0], "bigint")
    for weight in weights[1:]:
        first = exp.Add(this=first, expression=weight)
    return exp.Paren(this=first)


def as_text(value: exp.Expr, kind: FieldType = FieldType.INTEGER) -> exp.Expr:
    """A value as a text that is no longer than what is ever shown of it, and shows where it was."""
    text = trees.cast(value, "text")
    return text if kind in _BOUNDED else trees.call("LEFT", text, exp.Literal.number(LONGEST_KEPT))
