"""What keeps an MJML source from being read, found before the renderer sees it: that one names no place, and a nesting
without end ends its process.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from django.utils.translation import gettext as _

from campaigns.content.html_tokens import Tag, Text, tokens
from campaigns.content.problems import line_of
from campaigns.content.scanning import mask, scan
from campaigns.problems import Problem, Severity

ROOT = "mjml"
INCLUDE = "mj-include"
SOCIAL = "mj-social-element"
MAX_DEPTH = 100
_VOID = "area base br col embed hr img input link meta param source track wbr"
_COMPONENTS = (
    "mjml mj-head mj-body mj-attributes mj-all mj-class mj-breakpoint mj-font mj-preview mj-style mj-title"
    " mj-accordion mj-accordion-element mj-accordion-title mj-accordion-text mj-button mj-carousel mj-carousel-image"
    " mj-column mj-divider mj-group mj-hero mj-image mj-navbar mj-navbar-link mj-raw mj-section mj-social"
    " mj-social-element mj-spacer mj-table mj-text mj-wrapper"
)
VOID = frozenset(_VOID.split())
COMPONENTS = frozenset(_COMPONENTS.split())


def structure_problems(source: str, *, where: str) -> list[Problem]:
    """In the order of their lines; raises ProblemsError for template markup that cannot be found."""
    masked = mask(source, scan(source, where=where))
    found = list(_problems(masked, where))
    return sorted(found, key=lambda problem: problem.line)


def _problems(source: str, where: str) -> Iterator[Problem]:
    opened: list[Tag] = []
    first = None
    for token in tokens(source):
        if isinstance(token, Text):
            yield from _of_text(source, token, where)
            continue
        first = first or token
        yield from _of_tag(source, token, where)
        yield from _nested(source, token, opened, where)
        if len(opened) > MAX_DEPTH:
            yield _too_deep(where, line_of(source, token.start))
            return
    yield from (_not_closed(source, tag, where) for tag in opened)
    if first is None or first.name != ROOT:
        yield _no_root(where)


def _nested(source: str, tag: Tag, opened: list[Tag], where: str) -> Iterator[Problem]:
    """Keeps `opened` true: of what closes out of turn, whatever was opened inside is forgotten."""
    if not tag.closing:
        if tag.name not in VOID and source[tag.end - 2 : tag.end] != "/>":
            opened.append(tag)
        return
    names = [each.name for each in opened]
    if tag.name not in names:
        yield _closes_nothing(tag, where, line_of(source, tag.start))
        return
    while opened[-1].name != tag.name:
        yield _not_closed(source, opened.pop(), where)
    opened.pop()


def _of_text(source: str, text: Text, where: str) -> Iterator[Problem]:
    if not text.raw and source[text.start] == "<":
        yield Problem(
            "mjml_syntax",
            "/" + where,
            _("“<” begins no tag here."),
            _("Write &lt; for the sign itself."),
            line=line_of(source, text.start),
        )


def _of_tag(source: str, tag: Tag, where: str) -> Iterator[Problem]:
    line = line_of(source, tag.start)
    if tag.name == INCLUDE:
        yield _no_include(where, line)
    elif tag.name.startswith("mj") and tag.name not in COMPONENTS and not tag.closing:
        yield _unknown_component(tag.name, where, line)
    elif tag.name == SOCIAL and "src" not in tag.attributes and not tag.closing:
        yield _foreign_icon(where, line)
    for name, value in tag.attributes.items():
        if value.end > value.start and source[value.start - 1] not in "\"'":
            yield _not_quoted(name, where, line_of(source, value.start))


def _no_root(where: str) -> Problem:
    message = _("MJML begins with <mjml>.")
    remedy = _("Put everything between <mjml> and </mjml>, the message itself in <mj-body>.")
    return Problem("mjml_syntax", "/" + where, message, remedy, line=1)


def _not_closed(source: str, tag: Tag, where: str) -> Problem:
    message, remedy = _("<%(tag)s> is not closed."), _("Write </%(tag)s> where it ends.")
    named = {"tag": tag.name}
    return Problem(
        "mjml_syntax", "/" + where, message % named, remedy % named, line=line_of(source, tag.start)
    )


def _closes_nothing(tag: Tag, where: str, line: int) -> Problem:
    message = _("</%(tag)s> closes nothing that is open.") % {"tag": tag.name}
    return Problem("mjml_syntax", "/" + where, message, _("Delete it, or open the tag before it."), line=line)


def _not_quoted(name: str, where: str, line: int) -> Problem:
    message = _("The value of “%(name)s” stands in no quotes.") % {"name": name}
    remedy = _('Write %(name)s="…".') % {"name": name}
    return Problem("mjml_syntax", "/" + where, message, remedy, line=line)


def _too_deep(where: str, line: int) -> Problem:
    message = _("More than %(limit)d tags are open inside each other.") % {"limit": MAX_DEPTH}
    return Problem("mjml_nesting", "/" + where, message, _("Close them, or use fewer."), line=line)


def _no_include(where: str, line: int) -> Problem:
    message = _("<mj-include> is not possible: a message consists of what stands in it.")
    return Problem("mjml_include", "/" + where, message, _("Copy the part into the message."), line=line)


def _unknown_component(name: str, where: str, line: int) -> Problem:
    near = get_close_matches(name, COMPONENTS, n=1)
    remedy = (
        _("Did you mean <%(tag)s>?") % {"tag": near[0]}
        if near
        else _("Use one of: %(names)s.") % {"names": ", ".join(sorted(COMPONENTS))}
    )
    message = _("MJML has no <%(tag)s>.") % {"tag": name}
    return Problem("mjml_unknown_component", "/" + where, message, remedy, line=line)


def _foreign_icon(where: str, line: int) -> Problem:
    message = _(
        "Without “src”, the icon is loaded from a server of MJML's makers, which then sees your readers."
    )
    remedy = _('Add src="https://…" with an icon of your own.')
    return Problem("mjml_foreign_icon", "/" + where, message, remedy, Severity.WARNING, line=line)
