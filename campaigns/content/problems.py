"""Shorthands for the problems of a piece of content; `line` counts from 1 in the text of the field that
`path` names.
"""

from __future__ import annotations

from campaigns.problems import Problem, ProblemsError


def refusal(problem: Problem) -> ProblemsError:
    return ProblemsError([problem])


def line_of(source: str, index: int) -> int:
    return source.count("\n", 0, max(index, 0)) + 1
