"""Functions of numbers, their bits and the earth's surface. Numbers are exact decimals."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.translation import gettext_lazy as _
from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.expressions import pieces
from campaigns.targeting.expressions.functions import Family, Function, family, of_sql
from campaigns.targeting.expressions.typed import Typed, Writing
from campaigns.targeting.schema import FieldType

_EARTH = "6371.0088"
"""The mean radius in kilometres (IUGG)."""

Column = Callable[[], exp.Expr]


def add(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.Paren(this=exp.Add(this=left, expression=right))


def subtract(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.Paren(this=exp.Sub(this=left, expression=right))


def multiply(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    product = exp.Mul(this=left, expression=right)
    return pieces.bounded(trees.call("ROUND", product, pieces.number(pieces.DECIMALS)))


def divide(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """Exact to its last digit: DIV cuts off a whole quotient, made large enough before."""
    enlarged = exp.Mul(this=left, expression=pieces.numeric(pieces.number(f"1e{pieces.DECIMALS}")))
    whole = trees.call("DIV", enlarged, exp.Nullif(this=right, expression=pieces.number(0)))
    return pieces.bounded(
        exp.Paren(
            this=exp.Mul(this=whole, expression=pieces.number("0." + "0" * (pieces.DECIMALS - 1) + "1"))
        )
    )


def remainder(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return trees.call("MOD", left, exp.Nullif(this=right, expression=pieces.number(0)))


def percent(part: exp.Expr, whole: exp.Expr) -> exp.Expr:
    return divide(exp.Paren(this=exp.Mul(this=part, expression=pieces.number(100))), whole)


def _rounded(name: str) -> Callable[..., exp.Expr]:
    def write(value: exp.Expr, decimals: exp.Expr | None = None) -> exp.Expr:
        digits = pieces.number(0) if decimals is None else pieces.whole(decimals, -60, 60)
        return trees.call(name, value, digits)

    return write


def _called(name: str) -> Callable[..., exp.Expr]:
    return lambda *arguments: trees.call(name, *arguments)


def _flags(operator: type[exp.Binary]) -> Callable[..., exp.Expr]:
    def write(value: exp.Expr, flags: exp.Expr) -> exp.Expr:
        return pieces.numeric(exp.Paren(this=operator(this=pieces.big(value), expression=pieces.big(flags))))

    return write


def _is_set(value: exp.Expr, flags: exp.Expr) -> exp.Expr:
    common = exp.Paren(this=exp.BitwiseAnd(this=pieces.big(value), expression=pieces.big(flags)))
    return pieces.is_true(exp.NEQ(this=common, expression=pieces.number(0)))


def _cleared(value: exp.Expr, flags: exp.Expr) -> exp.Expr:
    kept = exp.Paren(this=exp.BitwiseNot(this=pieces.big(flags)))
    return pieces.numeric(exp.Paren(this=exp.BitwiseAnd(this=pieces.big(value), expression=kept)))


def _distance(lon_a: exp.Expr, lat_a: exp.Expr, lon_b: exp.Expr, lat_b: exp.Expr) -> exp.Expr:
    kilometres = exp.Mul(
        this=exp.Mul(this=pieces.number(2), expression=pieces.number(_EARTH)),
        expression=trees.call(
            "ASIN", trees.call("LEAST", pieces.number(1), _half_chord(lon_a, lat_a, lon_b, lat_b))
        ),
    )
    return trees.call("ROUND", pieces.numeric(exp.Paren(this=kilometres)), pieces.number(3))


def _half_chord(lon_a: exp.Expr, lat_a: exp.Expr, lon_b: exp.Expr, lat_b: exp.Expr) -> exp.Expr:
    # Each angle twice: those who call bind them to columns first.
    turned = _square_of_half(subtract(lon_b, lon_a))
    cosines = exp.Mul(this=trees.call("COSD", lat_a.copy()), expression=trees.call("COSD", lat_b.copy()))
    across = exp.Mul(this=cosines, expression=turned)
    return trees.call("SQRT", exp.Add(this=_square_of_half(subtract(lat_b, lat_a)), expression=across))


def _square_of_half(angle: exp.Expr) -> exp.Expr:
    half = exp.Paren(this=exp.Div(this=angle, expression=pieces.number(2)))
    return trees.call("POWER", trees.call("SIND", half), pieces.number(2))


def _degrees(most: int) -> Callable[[exp.Expr], exp.Expr]:
    """An angle as floating-point number; beyond the limits there is no such place."""

    def write(value: exp.Expr) -> exp.Expr:
        edge = f"{most}.00000000000000000001"
        return trees.cast(within_edge(value, edge), "double precision")

    return write


def within_edge(value: exp.Expr, edge: str) -> exp.Expr:
    return pieces.within(value, pieces.number("-" + edge), pieces.number(edge))


_longitude, _latitude = _degrees(180), _degrees(90)


def _between_places(lon_a: exp.Expr, lat_a: exp.Expr, lon_b: exp.Expr, lat_b: exp.Expr) -> list[exp.Expr]:
    return [_longitude(lon_a), _latitude(lat_a), _longitude(lon_b), _latitude(lat_b)]


def _write_distance(writing: Writing, arguments: Sequence[Typed]) -> exp.Expr:
    angles = _between_places(*(each.sql for each in arguments))
    return writing.let(angles, lambda a, b, c, d: _known(_distance(a(), b(), c(), d()), [a, b, c, d]))


def _known(distance: exp.Expr, angles: list[Column]) -> exp.Expr:
    """LEAST passes over NULL, so a missing angle is asked for."""
    there = trees.every(trees.known(angle()) for angle in angles)
    return exp.Case(ifs=[exp.If(this=there, true=distance)])


_number = family(Family.NUMBER)
_bits = family(Family.LOGIC)
_LEFT_OUT = _("Empty arguments are left out; empty if all are.")

NUMBER_FUNCTIONS: tuple[Function, ...] = (
    _number(
        "Abs", "number number", None, of_sql(_called("ABS")), _("The number without its sign."), "Abs(credit)"
    ),
    _number(
        "Ceil",
        "number number",
        FieldType.INTEGER,
        of_sql(_called("CEIL")),
        _("The least integer that is not less."),
        "Ceil(credit)",
    ),
    _number(
        "Floor",
        "number number",
        FieldType.INTEGER,
        of_sql(_called("FLOOR")),
        _("The greatest integer that is not greater."),
        "Floor(credit)",
    ),
    _number(
        "Greatest",
        "first ordered, second ordered",
        None,
        of_sql(_called("GREATEST")),
        _("The greatest of the values."),
        "Greatest(credit, 0)",
        of_empty=_LEFT_OUT,
        repeats=1,
    ),
    _number(
        "Least",
        "first ordered, second ordered",
        None,
        of_sql(_called("LEAST")),
        _("The least of the values."),
        "Least(credit, 100)",
        of_empty=_LEFT_OUT,
        repeats=1,
    ),
    _number(
        "Mod",
        "number number, divisor number",
        None,
        of_sql(remainder),
        _("What division leaves, with the sign of the number; empty for 0 as divisor. The same as %."),
        "Mod(age, 10)",
    ),
    _number(
        "Percent",
        "part number, whole number",
        FieldType.DECIMAL,
        of_sql(percent),
        _("The part as percentage of the whole: 100 × part / whole; empty for 0 as whole."),
        "Percent(credit, 200)",
    ),
    _number(
        "Round",
        "number number, [decimals whole]",
        FieldType.DECIMAL,
        of_sql(_rounded("ROUND")),
        _(
            "Rounded to so many decimals (0, or negative: tens, hundreds…), halves away from zero; empty beyond 60."
        ),
        "Round(credit, 1)",
    ),
    _number(
        "Sign", "number number", FieldType.INTEGER, of_sql(_called("SIGN")), _("1, 0 or -1."), "Sign(credit)"
    ),
    _number(
        "Trunc",
        "number number, [decimals whole]",
        FieldType.DECIMAL,
        of_sql(_rounded("TRUNC")),
        _("Cut off after so many decimals (0); empty beyond 60."),
        "Trunc(credit, 1)",
    ),
    _bits(
        "ClearBit",
        "number whole, flags whole",
        FieldType.INTEGER,
        of_sql(_cleared),
        _("The number without the bits of the flags. Empty beyond 64 bits, as for every function of bits."),
        "ClearBit(age, 4)",
    ),
    _bits(
        "IsBitSet",
        "number whole, flags whole",
        FieldType.BOOLEAN,
        of_sql(_is_set),
        _("Whether the number has any bit of the flags."),
        "IsBitSet(age, 4)",
        of_empty=_("False if an argument is empty."),
    ),
    _bits(
        "SetBit",
        "number whole, flags whole",
        FieldType.INTEGER,
        of_sql(_flags(exp.BitwiseOr)),
        _("The number with the bits of the flags."),
        "SetBit(age, 4)",
    ),
    family(Family.GEOGRAPHY)(
        "Distance",
        "lon_a number, lat_a number, lon_b number, lat_b number",
        FieldType.DECIMAL,
        _write_distance,
        _(
            "Kilometres between two places in degrees, along the great circle (haversine, radius 6371.0088 km), "
            "rounded to 3 decimals; empty where a longitude is beyond ±180 or a latitude beyond ±90."
        ),
        "Distance(-74, 40.7, credit, 37.5)",
    ),
)
