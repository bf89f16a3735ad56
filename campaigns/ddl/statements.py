"""A text as statements, each with its tokens and its line, and which of them matter.

What a dump of a schema holds besides tables (settings, sequences, functions, indexes, owners …) is passed over:
nothing of it is ever executed. Everything else that makes no table is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from sqlglot.dialects.dialect import Dialect
from sqlglot.tokenizer_core import Token, TokenType

HEAD = 12
_META_COMMAND = re.compile(r"^\\[a-z].*$", re.MULTILINE)


class Kind(Enum):
    """What is to be done with a statement."""

    TABLE = "table"
    TYPE = "type"
    DOMAIN = "domain"
    CONSTRAINT = "constraint"
    COMMENT = "comment"
    PARTITION = "partition"
    IGNORED = "ignored"
    DATA = "data"
    REFUSED = "refused"


_NAME = r"(?:\S+(?: \. \S+)*)"
_ALTERED = rf"ALTER TABLE (?:IF EXISTS )?(?:ONLY )?{_NAME}"
# By the first words of a statement, joined by blanks; the first that fits counts.
_KINDS: Sequence[tuple[str, Kind]] = (
    (r"CREATE (?:OR REPLACE )?(?:GLOBAL |LOCAL |TEMP |TEMPORARY |TRANSIENT |UNLOGGED )*TABLE\b", Kind.TABLE),
    (rf"CREATE TYPE {_NAME} AS ENUM\b", Kind.TYPE),
    (r"CREATE DOMAIN\b", Kind.DOMAIN),
    (r"CREATE (?:OR REPLACE )?(?:FOREIGN |EXTERNAL )TABLE\b", Kind.REFUSED),
    (r"COMMENT ON (?:TABLE|COLUMN)\b", Kind.COMMENT),
    (rf"{_ALTERED} ADD (?:CONSTRAINT|PRIMARY|FOREIGN|UNIQUE|CHECK)\b", Kind.CONSTRAINT),
    (rf"{_ALTERED} ATTACH PARTITION\b", Kind.PARTITION),
    (rf"{_ALTERED} (?:OWNER|ENABLE|DISABLE|FORCE|NO FORCE|REPLICA|CLUSTER|VALIDATE|SET)\b", Kind.IGNORED),
    (rf"{_ALTERED} ALTER (?:COLUMN )?\S+ (?:SET (?!DATA)|DROP DEFAULT|ADD GENERATED)", Kind.IGNORED),
    (r"ALTER TABLE\b", Kind.REFUSED),
    (r"(?:CREATE|ALTER) (?!TABLE\b)", Kind.IGNORED),
    (r"(?:SET|USE|GRANT|REVOKE|COMMENT|BEGIN|START|COMMIT|ANALYZE|LOCK|UNLOCK)\b", Kind.IGNORED),
    (r"SELECT PG_CATALOG \. (?:SET_CONFIG|SETVAL)\b", Kind.IGNORED),
    (r"(?:COPY|INSERT)\b", Kind.DATA),
)
_COMPILED = [(re.compile(pattern), kind) for pattern, kind in _KINDS]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement without its semicolon."""

    tokens: Sequence[Token]
    kind: Kind

    @property
    def line(self) -> int:
        return self.tokens[0].line

    @property
    def words(self) -> str:
        """Its beginning, for people."""
        return " ".join(token.text for token in self.tokens[:6])[:80]


def read_statements(text: str, dialect: Dialect) -> Iterator[Statement]:
    """Every statement of the text; raises sqlglot's TokenError where a quote or a comment never ends."""
    gathered: list[Token] = []
    for token in dialect.tokenize(_without_meta_commands(text)):
        if token.token_type is not TokenType.SEMICOLON or _is_inside_body(gathered):
            gathered.append(token)
        elif gathered:
            yield Statement(gathered, _kind_of(gathered))
            gathered = []
    if gathered:
        yield Statement(gathered, _kind_of(gathered))


def data_line(text: str) -> int:
    """The line where rows follow that are no SQL, as in a full dump; 0 where there is none."""
    found = re.search(r"^COPY .* FROM stdin;", text, re.MULTILINE | re.IGNORECASE)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def _without_meta_commands(text: str) -> str:
    """Lines such as “\\connect” speak to a program, not to the database; what follows stays where it is."""
    return _META_COMMAND.sub(lambda found: " " * len(found[0]), text)


def _is_inside_body(tokens: Sequence[Token]) -> bool:
    """The body of a function may be written BEGIN ATOMIC … END, with semicolons in it."""
    if not tokens or tokens[0].text.upper() != "CREATE":
        return False
    begun = any(
        one.text.upper() == "BEGIN" and two.text.upper() == "ATOMIC" for one, two in pairwise(tokens[:200])
    )
    return begun and tokens[-1].text.upper() != "END"


def _kind_of(tokens: Sequence[Token]) -> Kind:
    head = " ".join(_word(token) for token in tokens[:HEAD])
    return next((kind for pattern, kind in _COMPILED if pattern.match(head)), Kind.REFUSED)


def _word(token: Token) -> str:
    """A quoted name is no keyword, and holds no blank that could be taken for the end of a word."""
    if token.token_type in (TokenType.IDENTIFIER, TokenType.STRING):
        return "¤"
    return token.text.upper()
