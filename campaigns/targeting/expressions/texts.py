"""Functions of texts. Positions count characters (code points) from 1."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _
from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.expressions import pieces
from campaigns.targeting.expressions.functions import EMPTY, Family, Function, family, of_let, of_sql
from campaigns.targeting.schema import FieldType

_MOST_PADDED = 1_000
_MOST_REPLACED = 1_000_000
_LAST_CHARACTER = 0x10FFFF
_FIRST_SURROGATE, _LAST_SURROGATE = 0xD800, 0xDFFF

Column = Callable[[], exp.Expr]


def concatenated(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.Paren(this=exp.DPipe(this=left, expression=right))


def _cased(function: type[exp.Func]) -> Callable[[exp.Expr], exp.Expr]:
    return lambda value: pieces.by_code_point(function(this=trees.collated(value, trees.CASE_FOLDING)))


def _called(name: str, *constants: str) -> Callable[..., exp.Expr]:
    return lambda *arguments: trees.call(name, *arguments, *map(pieces.text, constants))


def _text(name: str, *constants: str) -> Callable[..., exp.Expr]:
    """A function that may give '', which is empty."""
    return lambda *arguments: pieces.filled(trees.call(name, *arguments, *map(pieces.text, constants)))


def _counted(name: str) -> Callable[[exp.Expr], exp.Expr]:
    return lambda value: pieces.numeric(trees.call(name, value))


def _position(value: exp.Expr, sought: exp.Expr) -> exp.Expr:
    return pieces.numeric(trees.call("STRPOS", value, sought))


def _contains(value: exp.Expr, sought: exp.Expr) -> exp.Expr:
    return pieces.is_true(exp.GT(this=trees.call("STRPOS", value, sought), expression=pieces.number(0)))


def _end(name: str) -> Callable[..., exp.Expr]:
    return lambda value, number: pieces.filled(trees.call(name, value, pieces.characters(number)))


def _substring(value: exp.Expr, start: exp.Expr, length: exp.Expr | None = None) -> exp.Expr:
    first = pieces.whole(start, 1, pieces.MOST_CHARACTERS)
    count = pieces.number(pieces.MOST_CHARACTERS) if length is None else pieces.characters(length)
    return pieces.filled(trees.call("SUBSTR", value, first, count))


def _padded(name: str) -> Callable[..., exp.Expr]:
    return lambda value, length, fill: pieces.filled(
        trees.call(name, value, pieces.whole(length, 0, _MOST_PADDED), fill)
    )


def _joined(*values: exp.Expr) -> exp.Expr:
    return pieces.filled(trees.call("CONCAT_WS", pieces.text(" "), *values))


def _digest(name: str) -> Callable[[exp.Expr], exp.Expr]:
    def write(value: exp.Expr) -> exp.Expr:
        octets = trees.call("CONVERT_TO", value, pieces.text("UTF8"))
        return trees.call("ENCODE", trees.call(name, octets), pieces.text("hex"))

    return write


def _domain(value: exp.Expr) -> exp.Expr:
    return trees.call("SUBSTRING", value, pieces.text("@([^@]+)$"))


def _line(value: exp.Expr, number: exp.Expr) -> exp.Expr:
    piece = trees.call(
        "SPLIT_PART",
        value,
        trees.call("CHR", pieces.number(10)),
        pieces.whole(number, 1, pieces.MOST_CHARACTERS),
    )
    return pieces.filled(trees.call("RTRIM", piece, trees.call("CHR", pieces.number(13))))


def _character(code: Column) -> exp.Expr:
    surrogate = exp.Between(
        this=code(), low=pieces.number(_FIRST_SURROGATE), high=pieces.number(_LAST_SURROGATE)
    )
    made = trees.call("CHR", pieces.whole(code(), 1, _LAST_CHARACTER))
    return exp.Case(ifs=[exp.If(this=exp.Not(this=exp.Paren(this=surrogate)), true=made)])


def _replaced(value: Column, sought: Column, by: Column) -> exp.Expr:
    """Where every character might be replaced, the result could outgrow the memory: such a text is empty."""
    instead = exp.Coalesce(this=by(), expressions=[pieces.text("")])
    most = exp.Mul(
        this=trees.cast(trees.call("CHAR_LENGTH", value()), "bigint"),
        expression=exp.Coalesce(this=trees.call("CHAR_LENGTH", by()), expressions=[pieces.number(0)]),
    )
    fits = exp.LTE(this=most, expression=pieces.number(_MOST_REPLACED))
    made = pieces.filled(trees.call("REPLACE", value(), sought(), instead))
    return exp.Case(ifs=[exp.If(this=fits, true=made)])


def _code(value: exp.Expr) -> exp.Expr:
    return pieces.numeric(trees.call("ASCII", value))


_function = family(Family.TEXT)
_T, _I, _B = FieldType.TEXT, FieldType.INTEGER, FieldType.BOOLEAN
_NEVER = _("False if an argument is empty.")
_LEFT_OUT = _("Empty arguments are left out; empty if all are.")
_IS_MEMO_NULL = _("Whether the text is empty.")


def _all_known(*values: exp.Expr) -> exp.Expr:
    return exp.Paren(this=trees.every(exp.Not(this=pieces.is_empty(value)) for value in values))


TEXT_FUNCTIONS: tuple[Function, ...] = (
    _function(
        "AllNonNull2",
        "first any, second any",
        _B,
        of_sql(_all_known),
        _("Whether both have a value."),
        "AllNonNull2(name, born)",
        of_empty=_NEVER,
    ),
    _function(
        "AllNonNull3",
        "first any, second any, third any",
        _B,
        of_sql(_all_known),
        _("Whether all three have a value."),
        "AllNonNull3(name, nick, born)",
        of_empty=_NEVER,
    ),
    _function(
        "Ascii", "text text", _I, of_sql(_code), _("The code point of the first character."), "Ascii(name)"
    ),
    _function(
        "Char",
        "code whole",
        _T,
        of_let(_character),
        _("The character of a code point; empty where there is none."),
        "Char(age)",
    ),
    _function(
        "Charindex",
        "text text, sought text",
        _I,
        of_sql(_position),
        _("Where the sought text begins, 0 if nowhere."),
        "Charindex(name, 'n')",
    ),
    _function(
        "dataLength",
        "text text",
        _I,
        of_sql(_counted("OCTET_LENGTH")),
        _("Its length in bytes of UTF-8."),
        "dataLength(name)",
    ),
    _function(
        "GetLine",
        "text text, number whole",
        _T,
        of_sql(_line),
        _("The n-th line, from 1; empty if there is none."),
        "GetLine(name, 1)",
    ),
    _function(
        "JuxtWords",
        "first text, second text",
        _T,
        of_sql(_joined),
        _("Both with a blank between."),
        "JuxtWords(name, nick)",
        of_empty=_LEFT_OUT,
    ),
    _function(
        "JuxtWords3",
        "first text, second text, third text",
        _T,
        of_sql(_joined),
        _("All three with blanks between."),
        "JuxtWords3(name, nick, segment)",
        of_empty=_LEFT_OUT,
    ),
    _function(
        "Left",
        "text text, number whole",
        _T,
        of_sql(_end("LEFT")),
        _("The first n characters."),
        "Left(name, 2)",
    ),
    _function(
        "Length",
        "text text",
        _I,
        of_sql(_counted("CHAR_LENGTH")),
        _("Its length in characters."),
        "Length(name)",
    ),
    _function(
        "Line", "text text, number whole", _T, of_sql(_line), _("The same as GetLine."), "Line(name, 1)"
    ),
    _function(
        "Lower",
        "text text",
        _T,
        of_sql(_cased(exp.Lower)),
        _("In small letters, one character for one as comparisons without case fold."),
        "Lower(name)",
    ),
    _function(
        "LPad",
        "text text, length whole, fill text",
        _T,
        of_sql(_padded("LPAD")),
        _("Filled from the left, or cut off at the right, to n characters; empty beyond 1,000."),
        "LPad(name, 6, '*')",
    ),
    _function(
        "Ltrim",
        "text text",
        _T,
        of_sql(_text("LTRIM", " ")),
        _("Without blanks at its beginning."),
        "Ltrim(name)",
    ),
    _function(
        "Md5Digest",
        "text text",
        _T,
        of_sql(_called("MD5")),
        _("The MD5 digest of its UTF-8, in hexadecimal digits."),
        "Md5Digest(name)",
    ),
    _function(
        "MemoContains",
        "text text, sought text",
        _B,
        of_sql(_contains),
        _("Whether the sought text is in it, case told apart."),
        "MemoContains(name, 'nn')",
        of_empty=_NEVER,
    ),
    _function(
        "Replace",
        "text text, sought text, by text",
        _T,
        of_let(_replaced),
        _(
            "Every occurrence of the sought text replaced; '' takes it away. "
            "Empty where the result could have more than a million characters."
        ),
        "Replace(name, 'n', '-')",
        of_empty=_("Empty if the text or what is sought is empty."),
    ),
    _function(
        "Right",
        "text text, number whole",
        _T,
        of_sql(_end("RIGHT")),
        _("The last n characters."),
        "Right(name, 2)",
    ),
    _function(
        "RPad",
        "text text, length whole, fill text",
        _T,
        of_sql(_padded("RPAD")),
        _("Filled or cut off at the right to n characters; empty beyond 1,000."),
        "RPad(name, 6, '*')",
    ),
    _function(
        "Rtrim", "text text", _T, of_sql(_text("RTRIM", " ")), _("Without blanks at its end."), "Rtrim(name)"
    ),
    _function(
        "Sha256Digest",
        "text text",
        _T,
        of_sql(_digest("SHA256")),
        _("The SHA-256 digest of its UTF-8, in hexadecimal digits."),
        "Sha256Digest(name)",
    ),
    _function(
        "Sha512Digest",
        "text text",
        _T,
        of_sql(_digest("SHA512")),
        _("The SHA-512 digest of its UTF-8, in hexadecimal digits."),
        "Sha512Digest(name)",
    ),
    _function(
        "Smart",
        "text text",
        _T,
        of_sql(_cased(exp.Initcap)),
        _("Each word with a capital first and small letters after; words are letters and digits."),
        "Smart(name)",
    ),
    _function(
        "Substring",
        "text text, start whole, [length whole]",
        _T,
        of_sql(_substring),
        _("So many characters from a position on; empty if that is less than 1."),
        "Substring(name, 2, 3)",
    ),
    _function(
        "Upper",
        "text text",
        _T,
        of_sql(_cased(exp.Upper)),
        _("In capitals, one character for one."),
        "Upper(name)",
    ),
    _function(
        "GetEmailDomain",
        "address text",
        _T,
        of_sql(_domain),
        _("What follows the last @; empty without one."),
        "GetEmailDomain(name || '@x.org')",
        of_empty=EMPTY,
    ),
    _function(
        "IsMemoNull",
        "text text",
        _B,
        of_sql(pieces.is_empty),
        _IS_MEMO_NULL,
        "IsMemoNull(name)",
        of_empty=_("True if it is empty."),
    ),
)
