"""What a function of the language is: its name, what it takes, what it gives, how it is written in SQL.

The families (`dates`, `texts`, `numbers`, `logic`, `collections`) hold one entry for each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from sqlglot import exp

from campaigns.targeting.expressions.typed import Typed, Writing
from campaigns.targeting.schema import FieldType

Words = str | Promise


class Family(StrEnum):
    """The heading a function stands under, as the reference groups them."""

    AGGREGATE = "aggregate"
    DATE = "date"
    GEOGRAPHY = "geography"
    NUMBER = "number"
    LOGIC = "logic"
    TEXT = "text"
    WINDOW = "window"


FAMILY_LABELS: dict[Family, Words] = {
    Family.AGGREGATE: _("Aggregates"),
    Family.DATE: _("Dates"),
    Family.GEOGRAPHY: _("Geography"),
    Family.NUMBER: _("Numbers"),
    Family.LOGIC: _("Conditions and choices"),
    Family.TEXT: _("Texts"),
    Family.WINDOW: _("Windows"),
}


class Takes(StrEnum):
    """What an argument may be, as signatures write it."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE = "integer"
    CONDITION = "boolean"
    MOMENT = "date or datetime"
    INSTANT = "datetime"
    ANY = "any"
    SAME = "same type"
    ORDERED = "same number or date type"
    FIXED_TEXT = "constant text"
    FIXED_WHOLE = "constant integer"
    COLLECTION = "collection"
    COLLECTED = "field of a collection"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named argument; an optional one may be left out, with every one after it."""

    name: str
    takes: Takes
    optional: bool = False


EMPTY: Words = _("Empty if an argument is empty.")

Write = Callable[[Writing, Sequence[Typed]], "exp.Expr | Typed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """One function. `gives` is None where the arguments of one type decide; `repeats` takes the last n again."""

    name: str
    family: Family
    parameters: tuple[Parameter, ...]
    gives: FieldType | None
    write: Write
    description: Words
    example: str
    of_empty: Words = EMPTY
    repeats: int = 0
    has_default: bool = False
    """Whether an argument left over after the repeated ones is what is given otherwise."""

    @property
    def least(self) -> int:
        return sum(not each.optional for each in self.parameters)

    @property
    def most(self) -> int | None:
        """None is no limit."""
        return None if self.repeats else len(self.parameters)

    def parameter(self, number: int, count: int) -> Parameter:
        """The parameter of the n-th of so many arguments."""
        first = len(self.parameters) - self.repeats
        if self.has_default and number == count - 1 and (count - first) % self.repeats:
            return self.parameters[-1]
        if number < len(self.parameters):
            return self.parameters[number]
        return self.parameters[first + (number - first) % self.repeats]

    @property
    def signature(self) -> str:
        """As in `Round(number: number, [decimals: integer])`."""
        named = [f"{each.name}: {each.takes}" for each in self.parameters]
        shown = [
            f"[{word}]" if each.optional else word for word, each in zip(named, self.parameters, strict=True)
        ]
        more = (["…"] if self.repeats else []) + (
            [f"[default: {self.parameters[-1].takes}]"] if self.has_default else []
        )
        return f"{self.name}({', '.join([*shown, *more])})"


@dataclass(frozen=True, slots=True)
class Refused:
    """A name of the reference's list that is not supported, and why; `remedy` says what to use."""

    name: str
    family: Family
    reason: Words
    remedy: Words


def takes(text: str) -> tuple[Parameter, ...]:
    """Parameters from `name type, [name type]`; a type is a member of Takes in lower case."""
    found = []
    for each in filter(None, (piece.strip() for piece in text.split(","))):
        name, kind = each.strip("[]").split()
        found.append(Parameter(name, Takes[kind.upper()], each.startswith("[")))
    return tuple(found)


def of_sql(make: Callable[..., exp.Expr]) -> Write:
    """A function whose SQL is made of the arguments' SQL alone."""

    def write(_writing: Writing, arguments: Sequence[Typed]) -> exp.Expr:
        return make(*(each.sql for each in arguments))

    return write


def of_let(make: Callable[..., exp.Expr]) -> Write:
    """The same, where `make` uses an argument more than once: it gets functions that give fresh columns."""

    def write(writing: Writing, arguments: Sequence[Typed]) -> exp.Expr:
        return writing.let([each.sql for each in arguments], make)

    return write


def family(of: Family) -> Callable[..., Function]:
    """A maker of one family's entries: name, parameters, type, writer, description, example, and what else differs."""

    def make(
        name: str,
        parameters: str,
        gives: FieldType | None,
        write: Write,
        description: Words,
        example: str,
        **further: Any,
    ) -> Function:
        return Function(
            name=name,
            family=of,
            parameters=takes(parameters),
            gives=gives,
            write=write,
            description=description,
            example=example,
            **further,
        )

    return make
