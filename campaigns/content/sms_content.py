"""What an SMS says, as its author wrote it, and everything that can be found wrong with it before anybody gets it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

import pydantic
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns.content.scanning import MASK, Kind, mask_unrendered, scan
from campaigns.content.sms_segments import Segments, normal, segments_of
from campaigns.content.templates import check_template, variables_of
from campaigns.fixes import changing
from campaigns.problems import Problem, Severity, errors_of
from campaigns.settings_fields import Shown

OPT_OUT = "opt_out_text"
SYSTEM_VARIABLES = frozenset({OPT_OUT})
MANY_SEGMENTS = 3
"""More than so many are pointed out: each is paid for."""
MOST_SEGMENTS = 10
"""More than so many are not sent: gateways refuse them, or deliver them in pieces."""
FEW_OUTSIDE = 8
RARE_OUTSIDE = 4
"""So few different characters outside of the GSM alphabet, at most every fourth of all, are an oversight: a language that
is written in them has more.
"""


class SmsContent(pydantic.BaseModel):
    """One template, rendered as plain text."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    text: Annotated[
        str,
        pydantic.Field(max_length=10_000, json_schema_extra={"widget": "long_text"}),
        Shown(gettext_lazy("Message")),
    ]

    def variables(self) -> frozenset[str]:
        """Dotted paths the engine must supply for each person, without those it makes itself. Raises
        ProblemsError.
        """
        return variables_of(self.text, where="text") - SYSTEM_VARIABLES


def check_sms(content: SmsContent, *, marketing: bool, known: frozenset[str] | None = None) -> list[Problem]:
    """All problems, errors first. `known` are the dotted paths that will have a value; None leaves them
    unchecked.
    """
    supplied = None if known is None else known | SYSTEM_VARIABLES
    problems = check_template(content.text, where="text", known=supplied)
    if not errors_of(problem for problem in problems if problem.code != "unknown_variable"):
        problems += [*_of_length(content.text), *_of_law(content, marketing=marketing)]
    return sorted(problems, key=lambda problem: (problem.severity is not Severity.ERROR, problem.line))


def _of_length(source: str) -> Iterator[Problem]:
    """Of what the author wrote; what people's values add to it is not known here."""
    if not source.strip():
        yield _problem("empty_text", _("The message has no text."), _("Write what it is to say."))
        return
    markup = scan(source, where="text")
    written = normal(mask_unrendered(source, markup).replace(MASK, ""))
    found = segments_of(written)
    is_least = not any(each.kind is Kind.TAG for each in markup)
    if found.count > MOST_SEGMENTS and is_least:
        yield _problem("too_many_segments", _length(found), _too_long())
    elif found.count > MANY_SEGMENTS:
        yield _warning("many_segments", _length(found), _("Shorten it: every segment is paid for."))
    yield from _of_alphabet(written, found)


def _of_alphabet(written: str, found: Segments) -> Iterator[Problem]:
    """A few characters that make the whole text travel as UCS-2, where it would need fewer segments without them."""
    rare = sum(written.count(each) for each in found.outside) * RARE_OUTSIDE <= len(written)
    if not 0 < len(found.outside) <= FEW_OUTSIDE or not rare:
        return
    without = segments_of("".join("?" if each in found.outside else each for each in written))
    if without.count < found.count:
        words = {
            "characters": " ".join(map(visible, found.outside)),
            "with": found.count,
            "without": without.count,
        }
        yield _warning(
            "forces_unicode",
            _("These characters send the whole text as Unicode: %(characters)s") % words,
            _("Write them otherwise: the text then needs %(without)d instead of %(with)d segments.") % words,
        )


def visible(character: str) -> str:
    """A character as somebody can see and look it up; one that shows nothing by its number alone."""
    number = f"U+{ord(character):04X}"
    return f"{character} ({number})" if character.isprintable() and not character.isspace() else number


def _of_law(content: SmsContent, *, marketing: bool) -> Iterator[Problem]:
    if marketing and OPT_OUT not in variables_of(content.text):
        found = _warning(
            "missing_opt_out",
            _("The message does not say how to opt out, which the law asks of marketing messages."),
            _("Put {{ opt_out_text }} at its end, unless it is written there."),
        )
        text = f"{content.text.rstrip()} {{{{ {OPT_OUT} }}}}"
        yield replace(found, fixes=(changing("/text", content.text, text, _("Put it at the end")),))


def _length(found: Segments) -> str:
    return ngettext(
        "The text needs at least %(count)d segment.",
        "The text needs at least %(count)d segments.",
        found.count,
    ) % {"count": found.count}


def _too_long() -> str:
    return _("Shorten it to at most %(most)d segments: longer messages are not sent.") % {
        "most": MOST_SEGMENTS
    }


def _problem(code: str, message: str, remedy: str) -> Problem:
    return Problem(f"sms.{code}", "/text", message, remedy, line=1)


def _warning(code: str, message: str, remedy: str) -> Problem:
    return Problem(f"sms.{code}", "/text", message, remedy, Severity.WARNING, line=1)
