"""Tries every fix of a problem: each has to mend it, and to break nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from campaigns.document import Document, parse_document
from campaigns.json_patch import patched
from campaigns.problems import Problem, ProblemsError, errors_of

Lint = Callable[[Document], Sequence[Problem]]


def fixed(data: Any, code: str, lint: Lint) -> list[tuple[str, Any]]:
    """The fixes of the first problem with this code: what each says, and the document after it."""
    found = problems_of(data, lint)
    assert code in {each.code for each in found}
    problem = next(each for each in found if each.code == code)
    before = sorted(each.code for each in errors_of(found))
    return [(fix.label, _tried(data, fix.operations, problem, before, lint)) for fix in problem.fixes]


def problems_of(data: Any, lint: Lint) -> Sequence[Problem]:
    """Of a document that cannot be read what keeps it from being read, as the API tells it."""
    try:
        return lint(parse_document(data))
    except ProblemsError as error:
        return error.problems


def _tried(data: Any, operations: Any, problem: Problem, before: list[str], lint: Lint) -> Any:
    written = json.dumps(data)
    after = patched(data, operations)
    assert json.dumps(data) == written
    found = problems_of(after, lint)
    left = sorted(each.code for each in errors_of(found))
    assert (problem.code, problem.path, problem.message) not in [(e.code, e.path, e.message) for e in found]
    assert not set(left) - set(before)
    return after
