"""The filters a template may use, each with a guard around it.

Only names in FILTERS exist. The guard charges the work done, refuses oversized results and turns every error
of a filter into one the renderer understands. Left out on purpose: `safe` (would undo the escaping),
`base64_*`, `escapejs`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import wraps
from typing import Any

from liquid.builtin.filters import array, misc, string
from liquid.exceptions import FilterArgumentError, LiquidError, ResourceLimitError
from liquid.undefined import is_undefined

from campaigns.content.limits import MAX_OUTPUT, budget, refuse_heavy, spend_all, weight
from campaigns.content.numbers import NUMBER_FILTERS

Filter = Callable[..., Any]
TAG = re.compile(r"<[^<>]*>")
MAX_FORMAT = 100


def guarded(function: Filter) -> Filter:
    @wraps(function)
    def call(value: object, *args: Any, **kwargs: Any) -> Any:
        spend_all((value, *args))
        try:
            result = function(value, *args, **kwargs)
        except LiquidError:
            raise
        except (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError) as error:
            raise FilterArgumentError(str(error), token=None) from error
        refuse_heavy(result)
        return result

    return call


def text_of(value: object) -> str:
    """None and missing values are empty; Markup keeps its type, so that what was escaped is not escaped
    twice.
    """
    if value is None or is_undefined(value):
        return ""
    return value if isinstance(value, str) else str(value)


def strip_html(value: object) -> str:
    return TAG.sub("", str(text_of(value)))


def replace(value: object, old: object, new: object = "") -> Any:
    """Counts before it allocates: replacing the empty text in a long one multiplies the two lengths."""
    text, old, new = text_of(value), text_of(old), text_of(new)
    if text.count(old) * len(new) > MAX_OUTPUT:
        raise ResourceLimitError("an intermediate value is longer than 512 KB", token=None)
    return string.replace(text, old, new)


def join(value: object, separator: object = " ", *, environment: Any) -> Any:
    count = len(value) if isinstance(value, list | tuple) else 1
    if weight(value) + count * len(text_of(separator)) > MAX_OUTPUT:
        raise ResourceLimitError("an intermediate value is longer than 512 KB", token=None)
    return array.join(value, separator, environment=environment)


def unique(value: object, key: object = None) -> Any:
    budget.spend(len(value) ** 2 if isinstance(value, list | tuple) else 1)
    return array.uniq(value, key) if key is not None else array.uniq(value)


def formatted_date(value: object, pattern: object = "%Y-%m-%d") -> str:
    """A date, a date and time, their ISO form, or `now`; a text that is none of these stays as it is."""
    pattern = text_of(pattern)
    if len(pattern) > MAX_FORMAT:
        raise FilterArgumentError("a date format has at most 100 characters", token=None)
    moment = _moment(value)
    return text_of(value) if moment is None else moment.strftime(pattern)


def _moment(value: object) -> date | datetime | time | None:
    if isinstance(value, date | datetime | time):
        return value
    if value in ("now", "today"):
        return datetime.now(UTC)
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


STRING_FILTERS = [
    "append",
    "capitalize",
    "downcase",
    "escape",
    "escape_once",
    "lstrip",
    "newline_to_br",
    "prepend",
    "remove",
    "remove_first",
    "remove_last",
    "replace_first",
    "replace_last",
    "rstrip",
    "split",
    "squish",
    "strip",
    "strip_newlines",
    "truncate",
    "truncatewords",
    "upcase",
    "url_decode",
    "url_encode",
]
ARRAY_FILTERS = [
    "compact",
    "concat",
    "find",
    "find_index",
    "first",
    "has",
    "last",
    "reject",
    "reverse",
    "sort",
    "sort_natural",
    "where",
]


def _with_marks(function: Filter) -> Filter:
    guard = guarded(function)
    if getattr(function, "with_environment", False):
        guard.with_environment = True  # type: ignore[attr-defined]
    return guard


def _all() -> dict[str, Filter]:
    own = {
        "date": formatted_date,
        "join": join,
        "replace": replace,
        "strip_html": strip_html,
        "uniq": unique,
        "default": misc.default,
        "size": misc.size,
        "map": array.map_,
        "slice": string.slice_,
    }
    library = {name: getattr(string, name) for name in STRING_FILTERS}
    library |= {name: getattr(array, name) for name in ARRAY_FILTERS}
    return {name: _with_marks(function) for name, function in (library | own | NUMBER_FILTERS).items()}


join.with_environment = True  # type: ignore[attr-defined]
FILTERS = _all()
