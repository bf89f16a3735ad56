"""Finds every text of an app that Django translates, in its Python modules and its templates.

It reads sources without importing them and needs no gettext tools. What becomes of the texts is the business of
`config.translations`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.utils.translation.template import templatize

MODULE = "django.utils.translation"
# The texts' places among the arguments of each function: context, one, many.
SHAPES: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
FUNCTIONS = {
    **{name + ending: shape for name, shape in SHAPES.items() for ending in ("", "_lazy")},
    "gettext_noop": SHAPES["gettext"],
}
LITERAL = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
TEMPLATE_CALL = re.compile(rf"(?<![\w.])(_|n?p?gettext)\((\s*{LITERAL}(?:\s*,\s*{LITERAL})*)", re.DOTALL)


class Message(NamedTuple):
    """One translatable text; `many` is empty for a text without a plural, `context` for one without."""

    one: str
    many: str = ""
    context: str = ""


def find_messages(app: Path) -> set[Message]:
    """Every message below the folder `app`; ValueError names the file and the line of a text nobody can translate."""
    found = {message for path in sorted(app.rglob("*.py")) for message in _of_module(path)}
    return found | {message for path in sorted(app.rglob("*.html")) for message in _of_template(path)}


def _of_module(path: Path) -> Iterator[Message]:
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    aliases = _aliases(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (shape := FUNCTIONS.get(_called(node.func, aliases))):
            _refuse_joined(node, path)
            yield from _message(shape, [_constant(argument) for argument in node.args])


def _aliases(tree: ast.AST) -> dict[str, str]:
    """What the module calls the functions; those of the module `translation` itself are known by attribute."""
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == MODULE)
    return {name.asname or name.name: name.name for node in imports for name in node.names}


def _called(function: ast.expr, aliases: dict[str, str]) -> str:
    if isinstance(function, ast.Name):
        return aliases.get(function.id, "")
    match function:
        case ast.Attribute(value=ast.Name(id="translation"), attr=name):
            return name
    return ""


def _constant(argument: ast.expr) -> str | None:
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None


def _refuse_joined(call: ast.Call, path: Path) -> None:
    """An f-string is filled before it is looked up, so no catalogue can hold it."""
    if any(isinstance(argument, ast.JoinedStr) for argument in call.args):
        raise ValueError(
            f"{path}:{call.lineno}: an f-string cannot be translated; use %(name)s and fill it after."
        )


def _message(shape: tuple[int | None, int, int | None], texts: list[str | None]) -> Iterator[Message]:
    """Nothing for a variable: its text is marked where it is written."""
    context, one, many = (_text_at(texts, place) for place in shape)
    if one:
        yield Message(one, many, context)


def _text_at(texts: list[str | None], place: int | None) -> str:
    return "" if place is None or place >= len(texts) else texts[place] or ""


def _of_template(path: Path) -> Iterator[Message]:
    """Django turns a template into calls and blanks out the rest, which is no Python: hence the pattern."""
    for call in TEMPLATE_CALL.finditer(templatize(path.read_text(encoding="utf-8"), origin=str(path))):
        texts = [ast.literal_eval(literal) for literal in re.findall(LITERAL, call[2], re.DOTALL)]
        yield from _message(SHAPES["gettext" if call[1] == "_" else call[1]], texts)
