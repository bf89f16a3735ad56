"""Changes of plain data, as JSON Patch (RFC 6902) writes them; of its operations those that a fix is made of."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal


class UnfitPatch(ValueError):  # noqa: N818 - says what is wrong
    """The data are not as the patch supposes: something is not there, or is not what it was."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One step of a patch; `path` is a JSON pointer."""

    op: Literal["add", "remove", "replace", "test"]
    path: str
    value: Any = None

    def under(self, prefix: str) -> Operation:
        return replace(self, path=prefix + self.path)

    def as_dict(self) -> dict[str, Any]:
        given = {} if self.op == "remove" else {"value": self.value}
        return {"op": self.op, "path": self.path, **given}


def patched(data: Any, operations: Iterable[Operation]) -> Any:
    """The data after all steps; what is given stays as it is. Raises UnfitPatch."""
    for operation in operations:
        data = _after(data, operation)
    return data


def value_at(data: Any, path: str) -> Any:
    """What stands at the pointer; raises UnfitPatch where nothing does."""
    for step in steps_of(path):
        data = data[_place(data, step)]
    return data


def steps_of(path: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]]


def _after(data: Any, operation: Operation) -> Any:
    if operation.op != "add":
        found = value_at(data, operation.path)
        if operation.op == "test":
            return data if _same(found, operation.value) else _refuse()
    return _changed(data, steps_of(operation.path), _CHANGES[operation.op], operation.value)


def _changed(data: Any, steps: list[str], change: Callable[[Any, str, Any], None], value: Any) -> Any:
    """Copied along the way only, so that a small change of a large document is a small one."""
    if not steps:
        return value if change is not _take_out else _refuse()
    own = data.copy() if isinstance(data, dict | list) else _refuse()
    first, *rest = steps
    if rest:
        place = _place(own, first)
        own[place] = _changed(own[place], rest, change, value)
    else:
        change(own, first, value)
    return own


def _put_in(holder: Any, step: str, value: Any) -> None:
    if isinstance(holder, dict):
        holder[step] = value
    else:
        holder.insert(len(holder) if step == "-" else _number(step, len(holder)), value)


def _take_out(holder: Any, step: str, _value: Any) -> None:
    del holder[_place(holder, step)]


def _set(holder: Any, step: str, value: Any) -> None:
    holder[_place(holder, step)] = value


_CHANGES: dict[str, Callable[[Any, str, Any], None]] = {
    "add": _put_in,
    "remove": _take_out,
    "replace": _set,
}


def _place(holder: Any, step: str) -> Any:
    if isinstance(holder, dict) and step in holder:
        return step
    return _number(step, len(holder) - 1) if isinstance(holder, list) else _refuse()


def _number(step: str, most: int) -> int:
    is_plain = step.isascii() and step.isdigit() and str(int(step[:9])) == step
    return int(step) if is_plain and int(step) <= most else _refuse()


def _same(one: Any, other: Any) -> bool:
    """As JSON: 1 and true are not the same."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _refuse() -> Any:
    raise UnfitPatch
