"""Refusals of an expression: each names the line and column of the text at which the fault stands."""

from __future__ import annotations

from campaigns.targeting.problems import RuleError, RuleProblem


class ExpressionError(Exception):
    """A fault at `at`, an offset into the text; `located` makes of it the problem a reader is shown."""

    def __init__(self, at: int, code: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.at = at
        self.code = code
        self.message = message
        self.remedy = remedy

    def located(self, text: str, path: str) -> RuleError:
        line, column = line_and_column(text, self.at)
        message = f"{line}:{column}: {self.message}"
        return RuleError([RuleProblem(path, f"expression_{self.code}", message, self.remedy, self.at)])


def line_and_column(text: str, at: int) -> tuple[int, int]:
    """Both from 1, as editors count them."""
    before = text[:at]
    return before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1
