"""How much may be compiled to answer one question about the parts of a rule.

Every part is compiled with all that stands in it, so that a rule of allowed size, asked part by part, could come to a
hundred times its own: what is over the allowance is left out and said to be.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from time import monotonic

from sqlglot import exp

MOST_SQL = 60_000
"""Nodes of SQL trees: twice the longest list that a rule may hold."""


@dataclass(slots=True)
class Allowance:
    """What is left of it; `ends` is a time of the monotonic clock."""

    nodes: int = MOST_SQL
    ends: float = math.inf

    @property
    def is_used_up(self) -> bool:
        return self.nodes <= 0 or monotonic() >= self.ends

    def spend(self, made: exp.Expr) -> exp.Expr:
        """The tree, taken off what is left."""
        self.nodes -= sum(1 for _node in made.walk())
        return made
