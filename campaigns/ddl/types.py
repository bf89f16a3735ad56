"""Types of columns, as SQL dialects call them, as the types of rules."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from campaigns.targeting.schema import FieldType

MOST_DIGITS = 1000
LONG_DIGITS = 18

D = exp.DType
_INTEGERS = (
    D.TINYINT, D.SMALLINT, D.MEDIUMINT, D.INT, D.BIGINT, D.UTINYINT, D.USMALLINT, D.UMEDIUMINT, D.UINT,
    D.SERIAL, D.BIGSERIAL, D.SMALLSERIAL, D.YEAR,
)  # fmt: skip
_TEXTS = (
    D.TEXT, D.VARCHAR, D.CHAR, D.NCHAR, D.NVARCHAR, D.BPCHAR, D.NAME, D.TINYTEXT, D.MEDIUMTEXT, D.LONGTEXT,
    D.ENUM,
)  # fmt: skip
_MOMENTS = (
    D.TIMESTAMP, D.TIMESTAMPTZ, D.TIMESTAMPLTZ, D.TIMESTAMPNTZ, D.TIMESTAMP_S, D.TIMESTAMP_MS,
    D.TIMESTAMP_NS, D.DATETIME, D.DATETIME2, D.SMALLDATETIME, D.DATETIME64,
)  # fmt: skip
_DECIMALS = (D.DECIMAL, D.BIGDECIMAL, D.MONEY, D.SMALLMONEY, D.UBIGINT, D.UDECIMAL, D.INT128, D.UINT128)
FIELD_TYPES: Mapping[exp.DType, FieldType] = {
    **dict.fromkeys(_INTEGERS, FieldType.INTEGER),
    **dict.fromkeys(_TEXTS, FieldType.TEXT),
    **dict.fromkeys(_MOMENTS, FieldType.DATETIME),
    **dict.fromkeys(_DECIMALS, FieldType.DECIMAL),
    D.FLOAT: FieldType.FLOAT,
    D.DOUBLE: FieldType.FLOAT,
    D.BOOLEAN: FieldType.BOOLEAN,
    D.DATE: FieldType.DATE,
    D.DATE32: FieldType.DATE,
    D.UUID: FieldType.UUID,
    D.JSON: FieldType.JSON,
    D.JSONB: FieldType.JSON,
    D.VARIANT: FieldType.JSON,
    D.OBJECT: FieldType.JSON,
}
# Names that sqlglot leaves to the user.
_BY_NAME = {"citext": FieldType.TEXT, "number": FieldType.DECIMAL, "timestamp_tz": FieldType.DATETIME}


def field_type_of(kind: exp.DataType) -> tuple[FieldType | None, tuple[int, int] | None]:
    """The type of rules and the digits of a decimal; no type where rules have none."""
    if kind.this is D.USERDEFINED:
        return _BY_NAME.get(user_type_of(kind)), None
    if kind.this is D.BIT and not kind.expressions:
        return FieldType.BOOLEAN, None
    type_ = FIELD_TYPES.get(kind.this)
    if type_ is not FieldType.DECIMAL:
        return type_, None
    digits = _digits_of(kind)
    if digits and digits[1] == 0 and digits[0] <= LONG_DIGITS:
        return FieldType.INTEGER, None
    return type_, digits


def user_type_of(kind: exp.DataType) -> str:
    """The name of a type that the text may define, without its schema; "" for a type of the language."""
    if kind.this is not D.USERDEFINED:
        return ""
    named = kind.args.get("kind")
    name = named.name if isinstance(named, exp.Expression) else str(named or "")
    return name.split("(")[0].split(".")[-1].strip('" ')


def _digits_of(kind: exp.DataType) -> tuple[int, int] | None:
    """(precision, scale) where both make sense to PostgreSQL."""
    numbers = [param.name for param in kind.expressions]
    if not numbers or not all(number.isdecimal() for number in numbers):
        return None
    precision, scale = int(numbers[0]), int(numbers[1]) if len(numbers) > 1 else 0
    fits = 0 < precision <= MOST_DIGITS and 0 <= scale <= precision
    return (precision, scale) if fits else None
