"""The one YAML style of documents: blocks, and plain words where no reader could take them for anything
else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_INDENT = "  "
_PLAIN = re.compile(
    r"[A-Za-z_가-힣][A-Za-z0-9_.@/가-힣-]*(?: [A-Za-z0-9_.@/(가-힣-][A-Za-z0-9_.@/()가-힣-]*)*"
)
# What some reader of YAML takes for a boolean or nothing.
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n", "none"})
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_IN_BLOCK = re.compile(r"[\t\n -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]+")


def write_yaml(data: Mapping[str, Any]) -> str:
    """Plain JSON data as YAML, keys in the order given."""
    return "".join(f"{line}\n" for line in _object(data, ""))


def _object(data: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, value in data.items():
        yield from _entry(f"{indent}{_text(key)}:", value, indent)


def _list(data: Sequence[Any], indent: str) -> Iterator[str]:
    for value in data:
        if isinstance(value, Mapping | list) and value:
            yield from _item(value, indent)
        else:
            yield from _entry(f"{indent}-", value, indent)


def _item(value: Any, indent: str) -> Iterator[str]:
    """A group in a list begins on the line of its dash."""
    lines = _group(value, indent + _INDENT)
    first = next(lines)
    yield f"{indent}- {first[len(indent) + len(_INDENT) :]}"
    yield from lines


def _entry(head: str, value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, Mapping | list) and value:
        yield head
        yield from _group(value, indent + _INDENT)
    elif isinstance(value, str) and _fits_block(value):
        yield from _block(head, value, indent + _INDENT)
    else:
        yield f"{head} {_scalar(value)}"


def _group(value: Any, indent: str) -> Iterator[str]:
    return _object(value, indent) if isinstance(value, Mapping) else _list(value, indent)


def _fits_block(text: str) -> bool:
    """Lines of ordinary characters, the first one not indented; anything else is quoted."""
    return "\n" in text and not text[0].isspace() and text[0] != "\ufeff" and bool(_IN_BLOCK.fullmatch(text))


def _block(head: str, text: str, indent: str) -> Iterator[str]:
    """`|` keeps one line break at the end, `|-` none, `|+` all."""
    body, keep = text.removesuffix("\n"), "-"
    if body != text:
        keep = "+" if body.endswith("\n") else ""
    yield f"{head} |{keep}"
    for line in body.split("\n"):
        yield indent + line if line else ""


def _scalar(value: Any) -> str:
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
