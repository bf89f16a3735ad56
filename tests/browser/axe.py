"""axe-core in a page: what it finds, counted by impact, and a table of it for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
STANDARD = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
ADVICE = ("best-practice",)
"""Told, but no reason to fail."""
IMPACTS = ("critical", "serious", "moderate", "minor")
FAILING = ("critical", "serious")

_ASK = """({tags, excused}) => axe.run(document, {
    runOnly: {type: "tag", values: tags},
    resultTypes: ["violations"],
}).then(({violations}) => violations.map(({id, impact, tags, nodes}) =>
    ({id, impact, tags, nodes: nodes
        .filter(({target}) => !excused.some(([rule, part]) =>
            rule === id && document.querySelector(target.flat(9).join(" "))?.closest(part)))
        .map(({target, failureSummary, html}) =>
            ({target: target.flat(9).join(" "), html: html.slice(0, 200), why: failureSummary}))})))"""


@dataclass(frozen=True)
class Finding:
    """One rule that does not hold at one element."""

    rule: str
    impact: str
    target: str
    html: str
    why: str
    is_advice: bool

    @property
    def fails(self) -> bool:
        return self.impact in FAILING and not self.is_advice

    def __str__(self) -> str:
        return f"{self.rule} ({self.impact}) at {self.target}\n  {self.html}\n  {self.why}"


@dataclass
class Survey:
    """What was found on each page in each of its looks; what is excused is no part of it."""

    excused: dict[tuple[str, str], str] = field(default_factory=dict)
    """Reasons by rule and a selector of the elements, and of all within them, to which it is not applied."""
    found: dict[str, list[Finding]] = field(default_factory=dict)

    def look(self, page: Page, name: str) -> None:
        self.found[name] = examine(page, self.excused)

    @property
    def failures(self) -> list[str]:
        """Each once, however many looks have it."""
        failing = {
            f"{each.rule} {each.target}": f"{name}: {each}"
            for name, findings in self.found.items()
            for each in findings
            if each.fails
        }
        return sorted(failing.values())

    def table(self) -> str:
        """One line for each page, its looks together: elements by impact, and what is advised beside."""
        pages: dict[str, Counter[str]] = {}
        for name, findings in self.found.items():
            counted = pages.setdefault(name.partition(" @")[0], Counter())
            counted["looks"] += 1
            counted.update("advice" if each.is_advice else each.impact for each in findings)
        head = ("page", "looks", *IMPACTS, "best practice")
        lines = [head, tuple("---" for _each in head)]
        lines += [
            (name, *(str(found[each]) for each in ("looks", *IMPACTS, "advice")))
            for name, found in pages.items()
        ]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def lesser(self) -> list[str]:
        """What is told without failing, each rule once a page."""
        told = {
            f"{name.partition(' @')[0]}: {each.rule} ({each.impact}{', advice' if each.is_advice else ''}) {each.target}"
            for name, findings in self.found.items()
            for each in findings
            if not each.fails
        }
        return sorted(told)


def examine(page: Page, excused: Iterable[tuple[str, str]] = ()) -> list[Finding]:
    """In the page itself, past its content security policy, which forbids it no less than anybody else."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE.read_text())
    answered: list[dict[str, Any]] = page.evaluate(
        _ASK, {"tags": [*STANDARD, *ADVICE], "excused": [list(each) for each in excused]}
    )
    return [
        Finding(
            rule["id"],
            rule["impact"] or "minor",
            node["target"],
            node["html"],
            node["why"],
            "best-practice" in rule["tags"],
        )
        for rule in answered
        for node in rule["nodes"]
    ]
