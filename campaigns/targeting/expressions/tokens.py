"""The text of an expression as tokens, each with its offset.

A tokenizer of its own and not sqlglot's: that one takes comments, dollar quotes and hints for SQL's, drops some of
them silently, and changes with its releases what a stored expression would mean.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from campaigns.targeting.expressions.places import ExpressionError
from campaigns.targeting.problems import shown

MAX_LENGTH = 5_000
MAX_DIGITS = 50


class Kind(StrEnum):
    """What a token is."""

    NUMBER = "number"
    TEXT = "text"
    NAME = "name"
    QUOTED = "quoted"
    VARIABLE = "variable"
    CARRIED = "carried"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """`text` is the meaning: a quoted text without its quotes, a variable without its mark."""

    kind: Kind
    text: str
    at: int

    def is_word(self, word: str) -> bool:
        """Whether it is a word of the language, whatever its case."""
        return self.kind is Kind.NAME and self.text.lower() == word

    def is_sign(self, *signs: str) -> bool:
        return self.kind is Kind.SIGN and self.text in signs


_PATTERN = re.compile(
    r"""
    (?P<blank>[ \t\r\n]+)
  | (?P<number>[0-9]+(?:\.[0-9]+)?(?![\w.]))
  | (?P<text>'(?:[^']|'')*')
  | (?P<quoted>\[[^\[\]\r\n]+\])
  | \$(?P<variable>[^\W\d]\w*)
  | (?P<carried>@[^\W\d]\w*)
  | (?P<name>[^\W\d]\w*)
  | (?P<sign>\|\||<>|!=|<=|>=|[-+*/%=<>(),.])
    """,
    re.VERBOSE,
)


def tokens_of(text: str) -> list[Token]:
    """Every token, the last of them an END; raises ExpressionError."""
    if len(text) > MAX_LENGTH:
        message = _("The expression has more than %(most)d characters.") % {"most": MAX_LENGTH}
        raise ExpressionError(MAX_LENGTH, "too_long", message, _("Move a part of it into an enrichment."))
    found, at = [], 0
    while at < len(text):
        match = _PATTERN.match(text, at)
        if match is None:
            raise _unreadable(text, at)
        if match.lastgroup != "blank":
            found.append(_token(match))
        at = match.end()
    return [*found, Token(Kind.END, "", len(text))]


def speaks_of_columns(text: str) -> bool:
    """Whether it names a column of the population; a text that cannot be read does not."""
    try:
        return any(token.kind is Kind.CARRIED for token in tokens_of(text))
    except ExpressionError:
        return False


def _token(match: re.Match[str]) -> Token:
    kind = Kind(match.lastgroup or "")
    text, at = match[kind.value], match.start()
    if kind is Kind.TEXT:
        return Token(kind, _storable(text[1:-1].replace("''", "'"), at), at)
    if kind is Kind.NUMBER and len(text) > MAX_DIGITS:
        message = _("%(value)s is too long a number.") % {"value": shown(text)}
        raise ExpressionError(
            at, "long_number", message, _("Use at most %(n)d digits.") % {"n": MAX_DIGITS - 1}
        )
    return Token(kind, text[1:-1] if kind is Kind.QUOTED else text, at)


def _storable(text: str, at: int) -> str:
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        remedy = _("Remove the NUL character or the unpaired surrogate.")
        raise ExpressionError(
            at, "bad_character", _("This text holds a character that no text can hold."), remedy
        )
    return text


def _unreadable(text: str, at: int) -> ExpressionError:
    if text[at] == "'":
        return ExpressionError(
            at, "open_text", _("This text has no end."), _("Close it with a single quote.")
        )
    if text[at] == '"':
        remedy = _("Put texts in single quotes, and names that are no words in [brackets].")
        return ExpressionError(at, "double_quote", _("Double quotes mean nothing here."), remedy)
    message = _("“%(text)s” cannot be read here.") % {"text": shown(text[at : at + 12])}
    remedy = _("Use names, numbers, 'texts', $variables, @columns, operators and brackets only.")
    return ExpressionError(at, "unreadable", message, remedy)
