"""Takes out of a CREATE TABLE what is not read anyway: default and generated values, whatever they compute.

A default may hold any expression of any dialect; a cast may name a type of some schema. Neither says anything
about the data, so nothing of them has to be understood.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot.tokenizer_core import Token, TokenType

_GO_ON = (
    "NOT", "NULL", "CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "REFERENCES", "COLLATE", "GENERATED", "COMMENT",
    "ON", "AUTO_INCREMENT", "KEY", "ENCODE",
)  # fmt: skip


def without_defaults(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without DEFAULT … and GENERATED … inside parentheses, and casts without the schema of their type."""
    return list(_unqualified(list(_kept(tokens))))


def _kept(tokens: Sequence[Token]) -> Iterator[Token]:
    depth, place = 0, 0
    while place < len(tokens):
        token = tokens[place]
        if depth and _is_word(token, "DEFAULT", "GENERATED"):
            place = _end_of_default(tokens, place + 1)
            continue
        depth += _step(token)
        yield token
        place += 1


def _end_of_default(tokens: Sequence[Token], start: int) -> int:
    """The place after the default: at a comma or bracket of the level around it, or at the next clause."""
    depth = 0
    for place in range(start, len(tokens)):
        token = tokens[place]
        if depth == 0 and place > start and _is_word(token, *_GO_ON):
            return place
        if depth == 0 and token.token_type in (TokenType.COMMA, TokenType.R_PAREN):
            return place
        depth += _step(token)
    return len(tokens)


def _unqualified(tokens: Sequence[Token]) -> Iterator[Token]:
    """`x::public.state` and `x public.state` without the schema: a column is (or ,) name schema . type."""
    depth, place = 0, 0
    while place < len(tokens):
        token = tokens[place]
        before = tokens[place - 2].token_type if place > 1 else None
        begins = depth == 1 and before in (TokenType.L_PAREN, TokenType.COMMA) and _is_dot(tokens, place + 1)
        place += 2 if begins else 0
        depth += _step(token)
        yield tokens[place]
        qualified = token.token_type is TokenType.DCOLON and _is_dot(tokens, place + 2)
        place += 3 if qualified else 1


def _is_dot(tokens: Sequence[Token], place: int) -> bool:
    return place < len(tokens) and tokens[place].token_type is TokenType.DOT


def _is_word(token: Token, *words: str) -> bool:
    return token.token_type not in (TokenType.IDENTIFIER, TokenType.STRING) and token.text.upper() in words


def _step(token: Token) -> int:
    if token.token_type is TokenType.L_PAREN:
        return 1
    return -1 if token.token_type is TokenType.R_PAREN else 0
