"""Expressions as an enemy writes them: good ones wounded, and rubbish."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from tests.campaigns.targeting.expressions.generator import ExpressionGenerator

MARK = "zq7x"
PIECES = """( ) [ ] , . ' '' " ; -- /* */ $$ $1 %s %(x)s :: || <> != <= and or not case when then else end null true \\
    \\' E'x' 1e9 1..2 .5 5. 0x1 ١٢ ﬁ \u202e \x00 @x $x @@ {0} {{x}} pg_sleep(9) select union 1=1 * name.name
    orders orders.total -9 99999999999999999999999999999999999999999999999999 name age born Sum( Replace( Case("""
WHOLE = [
    "(" * 4_000,
    "-" * 3_000 + "1",
    "not " * 1_000 + "vip",
    "((((" * 12 + "1" + "))))" * 12,
    "1" * 4_900,
    "'" + MARK * 1_200 + "'",
    "+".join(["age"] * 400),
    "||".join(["name"] * 49),
    " or ".join(["vip"] * 450),
    "Replace(" * 24 + "name" + ", 'n', 'nnnnnnnnnn')" * 24,
    "LPad(" * 20 + "name" + ", 1000, 'ab')" * 20,
    "AddMonths(" * 45 + "joined" + ", 1)" * 45,
    "ToDateTime(" * 45 + "joined" + ")" * 45,
    "MonthsDiff(joined, " * 3 + "born" + ")" * 3,
    "*".join(["99999999999999999999999999999999999999999"] * 49),
    "Iif(vip," * 40 + "1" + ",2)" * 40,
    "Case " + "When vip Then 1 " * 120 + "End",
    "Decode(age, " + ", ".join(["age"] * 400) + ")",
    "name" * 1_200,
    ".".join(["referrer"] * 25) + ".name",
    "/* " + MARK,
    "-- " + MARK,
    "name; DROP TABLE person",
    "$$" + MARK + "$$",
    "' OR 1=1 --",
    "name'||'",
    '[name"; DROP TABLE person; --]',
    "'%s' || '%(name)s' || '\\' || '" + MARK + "'",
]


LITERAL = re.compile(r"'[^']*'|\b\d+\b")
POISON = [f"'{MARK}; DROP TABLE person; --'", f"'%s{MARK}%'", f"'\\{MARK}\\'", f"'$${MARK}$$ /*'", "''", "0"]
POISON += [f"'{MARK}''{MARK}'", "-99999999999999999999999999999999999999", "0.00000000000000000001", "'NaN'"]


class HostileExpressions:
    """An endless row of texts."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.good = ExpressionGenerator(seed)
        self.pieces = [piece for piece in PIECES.split() if piece]

    def texts(self, number: int) -> Iterator[str]:
        yield from WHOLE
        for table, text, _kind in self.good.expressions(number - len(WHOLE)):
            shape = self.rng.random()
            if shape < 0.15 or table != "person":
                yield " ".join(self.rng.choice(self.pieces) for _ in range(self.rng.randint(1, 12)))
            else:
                yield self._wounded(text)

    def _wounded(self, text: str) -> str:
        """Half of them in a text or a number only, which leaves most of them right."""
        literals = [match.span() for match in LITERAL.finditer(text)]
        if literals and self.rng.random() < 0.5:
            start, end = self.rng.choice(literals)
            return text[:start] + self.rng.choice(POISON) + text[end:]
        for _ in range(self.rng.randint(1, 2)):
            at = self.rng.randrange(len(text) + 1)
            until = at + self.rng.choice([0, 0, 1, 1, 3, 9])
            piece = self.rng.choice([*self.pieces, "", "", self.rng.choice(text or " "), f"'{MARK}'"])
            text = text[:at] + piece + text[until:]
        return text
