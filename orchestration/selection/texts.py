"""Values as the text of a file that people or machines read: numbers and dates in a notation, formulas guarded.

Times are shown in the zone of the session, which whoever executes this sets.
"""

from __future__ import annotations

from sqlglot import exp

from campaigns.files.formats import DateFormat, NumberFormat, mark
from campaigns.files.outputs import CsvOutput
from campaigns.formula_guard import LINE_LIKE_A_FORMULA
from campaigns.targeting import trees
from campaigns.targeting.attributes import Subject
from campaigns.targeting.bound import bound
from campaigns.targeting.schema import FieldType

_PARTS = {"y": "YYYY", "m": "MM", "d": "DD"}
_TIME = "HH24:MI:SS"
_GROUPS = r"(\d)(?=(\d{3})+$)"


def as_text(subject: Subject, output: CsvOutput) -> exp.Expr:
    """The value as a cell; NULL stays NULL."""
    match subject.type:
        case FieldType.INTEGER | FieldType.DECIMAL | FieldType.FLOAT:
            return _number(subject, output.numbers)
        case FieldType.DATE:
            return _shown(subject.value(), date_pattern(output.dates))
        case FieldType.DATETIME:
            pattern = f"{date_pattern(output.dates)} {_TIME}{'TZH:TZM' if output.offset else ''}"
            return _shown(instant(subject), pattern)
        case FieldType.TEXT | FieldType.JSON:
            text = trees.cast(subject.value(), "text")
            return guarded(text) if output.guard_formulas else text
    return trees.cast(subject.value(), "text")


def plain(subject: Subject) -> exp.Expr:
    """The value as PostgreSQL writes it, which other engines read without loss."""
    value = instant(subject) if subject.type is FieldType.DATETIME else subject.value()
    return trees.cast(value, "text")


def instant(subject: Subject) -> exp.Expr:
    """A time stored without a zone is meant in the one that the catalogue names."""
    if not subject.stored_zone:
        return subject.value()
    return exp.AtTimeZone(this=subject.value(), zone=bound(subject.stored_zone))


def guarded(text: exp.Expr) -> exp.Expr:
    """What `campaigns.formula_guard.guard` makes of it."""
    return trees.call("REGEXP_REPLACE", text, bound(LINE_LIKE_A_FORMULA), bound("'"), bound("gw"))


def date_pattern(format_: DateFormat) -> str:
    return mark(format_.separator).join(_PARTS[part] for part in format_.order)


def _shown(value: exp.Expr, pattern: str) -> exp.Expr:
    return trees.call("TO_CHAR", value, bound(pattern))


def _number(subject: Subject, format_: NumberFormat) -> exp.Expr:
    text = trees.cast(subject.value(), "text")
    if format_.is_plain:
        return text
    if format_.thousands == "none":
        return trees.call("REPLACE", text, bound("."), bound(format_.decimal))
    whole = trees.call("SPLIT_PART", text, bound("."), exp.Literal.number(1))
    grouped = trees.call(
        "REGEXP_REPLACE", whole, bound(_GROUPS), bound(rf"\1{mark(format_.thousands)}"), bound("g")
    )
    fraction = trees.call("SUBSTRING", text.copy(), bound(r"\..*$"))
    written = trees.call("REPLACE", fraction, bound("."), bound(format_.decimal))
    return _joined(grouped, written)


def _joined(whole: exp.Expr, fraction: exp.Expr) -> exp.Expr:
    """NULL where there is no number, the whole alone where there is no fraction."""
    return exp.DPipe(this=whole, expression=exp.Coalesce(this=fraction, expressions=[exp.Literal.string("")]))
