"""What an e-mail says, as its author wrote it, and everything that can be found wrong with it before anybody
gets it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Annotated, Literal

import pydantic
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.content.foot import with_foot
from campaigns.content.html_tokens import Tag, tokens
from campaigns.content.links import LINKING, LINKING_IN_MJML, Link, find_links
from campaigns.content.mjml_rendering import html_of_mjml
from campaigns.content.mjml_structure import structure_problems
from campaigns.content.plain_text import plain_text
from campaigns.content.problems import line_of
from campaigns.content.scanning import mask_unrendered, scan
from campaigns.content.templates import check_template, variables_of
from campaigns.fixes import Fixes, writing
from campaigns.problems import Problem, ProblemsError, Severity, errors_of
from campaigns.settings_fields import Shown

SYSTEM_VARIABLES = frozenset({"unsubscribe_url", "postal_address"})
UNSUBSCRIBE = "unsubscribe_url"
POSTAL_ADDRESS = "postal_address"
CLIPPED_AT = 100 * 1024
LONG_SUBJECT = 150
ONE_LINE = ("subject", "preheader", "from_name")
PICTURES = frozenset({"img", "mj-image", "mj-carousel-image"})
INEFFECTIVE = frozenset({"script", "iframe", "form", "object", "embed", "video", "audio"})


class EmailContent(pydantic.BaseModel):
    """Every field is a template. The message is written in `html` or in `mjml`; an empty `text` is derived from it."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    subject: Annotated[str, pydantic.Field(max_length=2_000), Shown(gettext_lazy("Subject"))]
    preheader: Annotated[
        str,
        pydantic.Field(max_length=2_000),
        Shown(
            gettext_lazy("Preheader"), gettext_lazy("The line that mail programs show beside the subject.")
        ),
    ] = ""
    from_name: Annotated[
        str,
        pydantic.Field(max_length=500),
        Shown(gettext_lazy("Sender's name"), gettext_lazy("Empty: that of the channel configuration.")),
    ] = ""
    html: Annotated[
        str,
        pydantic.Field(json_schema_extra={"widget": "html"}),
        Shown(gettext_lazy("Message (HTML)"), gettext_lazy("Empty where the message is written in MJML.")),
    ] = ""
    mjml: Annotated[
        str,
        pydantic.Field(json_schema_extra={"widget": "html"}),
        Shown(
            gettext_lazy("Message (MJML)"),
            gettext_lazy("Instead of HTML: components from which HTML for all mail programs is made."),
        ),
    ] = ""
    text: Annotated[
        str,
        pydantic.Field(json_schema_extra={"widget": "long_text"}),
        Shown(gettext_lazy("Message (plain text)"), gettext_lazy("Empty: made from the HTML.")),
    ] = ""

    @property
    def written_in(self) -> Literal["html", "mjml"]:
        """The field that the message is written in."""
        return "mjml" if self.mjml.strip() else "html"

    def html_template(self) -> str:
        """The message as HTML; raises ProblemsError for MJML that cannot be read."""
        return html_of_mjml(self.mjml) if self.written_in == "mjml" else self.html

    def text_template(self) -> str:
        return self.text if self.text.strip() else plain_text(self.html_template())

    def line_of_link(self, link: Link) -> int:
        """Where a link of the HTML stands in what the author wrote."""
        if self.written_in == "html":
            return line_of(self.html, link.start)
        return _lines_of_links(self.mjml).get(link.url, 1)

    def variables(self) -> frozenset[str]:
        """Dotted paths the engine must supply for each person, without those it makes itself. Raises
        ProblemsError.
        """
        sources = {name: getattr(self, name) for name in (*ONE_LINE, "html", "mjml", "text")}
        return (
            frozenset().union(*(variables_of(text, where=name) for name, text in sources.items()))
            - SYSTEM_VARIABLES
        )


@lru_cache(maxsize=4)
def _lines_of_links(mjml: str) -> dict[str, int]:
    """By address, the line of the first link that leads there: asked for each of many links of one message."""
    links, _problems = find_links(mjml, where="mjml", linking=LINKING_IN_MJML)
    return {link.url: line_of(mjml, link.start) for link in reversed(links)}


def check_email(
    content: EmailContent, *, marketing: bool, known: frozenset[str] | None = None
) -> list[Problem]:
    """All problems, errors first. `known` are the dotted paths that will have a value; None leaves them
    unchecked.
    """
    supplied = None if known is None else known | SYSTEM_VARIABLES
    problems = []
    for name in (*ONE_LINE, "html", "mjml", "text"):
        problems += check_template(getattr(content, name), where=name, known=supplied)
    problems += _of_lines(content)
    if _may_go_on(problems):
        problems += _of_mjml(content)
    if _may_go_on(problems):
        problems += [*_of_body(content), *_of_law(content, marketing=marketing), *_of_derived_text(content)]
    return sorted(
        problems, key=lambda problem: (problem.severity is not Severity.ERROR, problem.path, problem.line)
    )


def _may_go_on(problems: list[Problem]) -> bool:
    return not errors_of(problem for problem in problems if problem.code != "unknown_variable")


def _of_mjml(content: EmailContent) -> Iterator[Problem]:
    if content.written_in == "html":
        return
    if content.html.strip():
        yield _problem(
            "two_bodies",
            "mjml",
            _("The message is written twice, in HTML and in MJML."),
            _("Empty one of the two; the MJML would be sent."),
        )
    found = structure_problems(content.mjml, where="mjml")
    yield from found
    if not errors_of(found):
        yield from _of_rendering(content)


def _of_rendering(content: EmailContent) -> Iterator[Problem]:
    try:
        content.html_template()
    except ProblemsError as error:
        yield from error.problems


def _of_lines(content: EmailContent) -> Iterator[Problem]:
    if not content.subject.strip():
        yield _problem("empty_subject", "subject", _("The subject is empty."), _("Write a subject."))
    for name in ONE_LINE:
        if "\n" in getattr(content, name).strip() or "\r" in getattr(content, name).strip():
            yield _problem("line_break", name, _("The field has a line break."), _("Write it on one line."))
    if len(content.subject) > LONG_SUBJECT:
        yield _warning(
            "long_subject",
            "subject",
            _("The subject is long; most mail programs cut it off."),
            _("Shorten it."),
        )


def _of_body(content: EmailContent) -> Iterator[Problem]:
    where = content.written_in
    source = getattr(content, where)
    if not source.strip():
        yield _problem(
            "empty_html", "html", _("The message has no body."), _("Write the message, in HTML or in MJML.")
        )
    if len(content.html_template().encode()) > CLIPPED_AT:
        yield _warning(
            "too_large",
            where,
            _("The HTML is larger than 100 KB; Gmail clips messages at 102 KB."),
            _("Shorten it, above all inline styles, and link to a page for the rest."),
        )
    yield from find_links(source, where=where, linking=LINKING if where == "html" else LINKING_IN_MJML)[1]
    yield from _of_tags(source, where)


def _of_tags(source: str, where: str) -> Iterator[Problem]:
    for token in tokens(mask_unrendered(source, scan(source, where=where))):
        if isinstance(token, Tag) and not token.closing:
            line = line_of(source, token.start)
            if token.name in PICTURES and "alt" not in token.attributes:
                yield _missing_alt(where, line)
            elif token.name in INEFFECTIVE:
                yield _ineffective(token.name, where, line)


def _of_law(content: EmailContent, *, marketing: bool) -> Iterator[Problem]:
    if not marketing:
        return
    for name in (content.written_in, "text"):
        source = getattr(content, name)
        if source.strip() and UNSUBSCRIBE not in variables_of(source):
            yield _missing_unsubscribe(name, source)
    if POSTAL_ADDRESS not in variables_of(getattr(content, content.written_in)):
        where = content.written_in
        found = _warning(
            "missing_postal_address",
            where,
            _("The message does not use the sender's postal address, which the law asks of marketing mail."),
            _("Put {{ postal_address }} at its foot, unless the address is written there."),
        )
        address, label = "{{ postal_address }}", _("Insert the postal address")
        yield replace(found, fixes=_with_foot(where, getattr(content, where), address, label))


def _of_derived_text(content: EmailContent) -> Iterator[Problem]:
    if content.text.strip():
        return
    try:
        problems = check_template(content.text_template(), where="text")
    except ProblemsError:
        return
    if problems:
        yield _problem(
            "text_not_derivable",
            "text",
            _("No text part can be derived: a template block begins inside an HTML tag and ends outside."),
            _("Write the text part yourself, or move the block outside of the tag."),
        )


def _missing_unsubscribe(name: str, source: str) -> Problem:
    problem = _problem(
        "missing_unsubscribe",
        name,
        _("A marketing message must have a link to unsubscribe."),
        _('Add <a href="{{ unsubscribe_url }}">…</a>, in the text part {{ unsubscribe_url }}.'),
    )
    label = _("Insert the link to unsubscribe")
    return replace(problem, fixes=_with_foot(name, source, _unsubscribe(name), label))


def _unsubscribe(name: str) -> str:
    words = _("Unsubscribe")
    return (
        f'<a href="{{{{ unsubscribe_url }}}}">{words}</a>'
        if name != "text"
        else f"{words}: {{{{ unsubscribe_url }}}}"
    )


def _with_foot(name: str, source: str, words: str, label: str) -> Fixes:
    text = with_foot(source, name, words)
    return (writing(f"/{name}", text, label),) if text else ()


def _missing_alt(where: str, line: int) -> Problem:
    return _warning(
        "missing_alt",
        where,
        _("An image has no alternative text."),
        _('Add alt="…", or alt="" when it is only decoration.'),
        line=line,
    )


def _ineffective(name: str, where: str, line: int) -> Problem:
    return _warning(
        "ineffective_tag",
        where,
        _("Mail programs remove <%(tag)s>.") % {"tag": name},
        _("Remove it, and link to a page instead."),
        line=line,
    )


def _problem(code: str, where: str, message: str, remedy: str) -> Problem:
    return Problem(code, "/" + where, message, remedy, line=1)


def _warning(code: str, where: str, message: str, remedy: str, *, line: int = 1) -> Problem:
    return Problem(code, "/" + where, message, remedy, Severity.WARNING, line=line)
