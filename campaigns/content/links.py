"""The links of an HTML body: which are tracked, under what number and label, and where a tracked one leads.

A link is tracked when its host is known at authoring time. The redirect looks the target up, so a link whose
host came from a person's data would be an open redirect; it is refused instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext as _

from campaigns.content.html_tokens import Attribute, Tag, Text, tokens
from campaigns.content.problems import line_of
from campaigns.content.scanning import MASK, Markup, mask, mask_unrendered, scan
from campaigns.content.templates import RenderError, compile_template
from campaigns.problems import Problem

MAX_LINKS = 500
MAX_LABEL = 200
LINKING = frozenset({"a", "area"})
LINKING_IN_MJML = LINKING | {
    "mj-button",
    "mj-carousel-image",
    "mj-image",
    "mj-navbar-link",
    "mj-social-element",
}
UNTRACKED = ("mailto:", "tel:", "sms:", "#")
OUTPUT_OF_UNSUBSCRIBE = re.compile(r"\{\{-?\s*unsubscribe_url\s*-?\}\}")
LITERAL_HOST = re.compile(r"https?://[^\s/?#@\\\"'<>\ufdd0]+(?=[/?#]|$)", re.IGNORECASE)
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
URL_SAFE = "%/:?#[]@!$&'()*+,;=~-._"


@dataclass(frozen=True, slots=True)
class Link:
    """A tracked link. `url` may hold template markup behind its host; `start`/`end` bound the value in the
    source.
    """

    number: int
    url: str
    label: str
    start: int
    end: int


@dataclass(slots=True)
class _Anchor:
    """An `<a href>` as found, with the text that followed it so far."""

    value: Attribute
    title: str
    text: str = ""


def find_links(
    html: str, *, where: str = "html", linking: frozenset[str] = LINKING
) -> tuple[list[Link], list[Problem]]:
    """The tracked links of an HTML template in order, numbered from 1, and what is wrong with the others. `linking`
    are the tags whose href leads somewhere.
    """
    markup = scan(html, where=where)
    tracked: list[Link] = []
    problems: list[Problem] = []
    whole = mask(html, markup)
    for anchor in _anchors(html, mask_unrendered(html, markup), linking):
        value, masked = (text[anchor.value.start : anchor.value.end] for text in (html, whole))
        if code := _fault(value, masked):
            problems.append(_problem(code, value, where, line_of(html, anchor.value.start)))
        elif _is_tracked(masked):
            tracked.append(_link(len(tracked) + 1, html, anchor, markup))
    if len(tracked) > MAX_LINKS:
        problems.append(_too_many(where, line_of(html, tracked[MAX_LINKS].start)))
    return tracked, problems


def target_of(url: str, values: Mapping[str, Any]) -> str | None:
    """Where the tracked link `url` leads for one person; None when it cannot be rendered or would leave its
    host.
    """
    try:
        rendered = compile_template(url, where="url").render(values) if "{" in url else url
    except RenderError:
        return None
    target = quote(rendered.strip(), safe=URL_SAFE)
    return target if _same_place(url, target) else None


def _same_place(url: str, target: str) -> bool:
    literal = LITERAL_HOST.match(url.split("{", maxsplit=1)[0])
    if literal is None:
        return False
    expected, actual = urlsplit(quote(literal[0], safe=URL_SAFE)), urlsplit(target)
    return (expected.scheme, expected.netloc) == (actual.scheme, actual.netloc)


def _anchors(html: str, masked: str, linking: frozenset[str]) -> Iterator[_Anchor]:
    current: _Anchor | None = None
    for token in tokens(masked):
        if isinstance(token, Tag) and token.name in linking:
            if current:
                yield current
            current = _anchor(html, token)
        elif current:
            current.text += _label_part(html, token)
    if current:
        yield current


def _anchor(html: str, tag: Tag) -> _Anchor | None:
    if tag.closing or "href" not in tag.attributes:
        return None
    return _Anchor(tag.attributes["href"], tag.value(html, "title") or "")


def _label_part(html: str, token: Tag | Text) -> str:
    if isinstance(token, Text):
        return "" if token.raw else unescape(html[token.start : token.end])
    return (token.value(html, "alt") or "") if token.name == "img" else " "


def _fault(value: str, masked: str) -> str:
    """The code of what is wrong with an href, empty when nothing is."""
    text = masked.strip()
    if not text:
        return "link_empty"
    if text.lower().startswith(UNTRACKED) or OUTPUT_OF_UNSUBSCRIBE.fullmatch(value.strip()):
        return ""
    if MASK in text.split("://")[0]:
        return "link_host_not_literal"
    if not text.lower().startswith(("http://", "https://")):
        return "link_scheme" if SCHEME.match(text) else "link_relative"
    return _fault_of_host(text)


def _fault_of_host(text: str) -> str:
    authority = re.split(r"[/?#]", text.split("://", 1)[1], maxsplit=1)[0]
    if MASK in authority:
        return "link_host_not_literal"
    if "@" in authority:
        return "link_credentials"
    if not LITERAL_HOST.match(text) or re.search(r"[\s\x00-\x1f\x7f]", text) or not _port_is_valid(text):
        return "link_malformed"
    return ""


def _port_is_valid(text: str) -> bool:
    try:
        parts = urlsplit(text.replace(MASK, "0"))
        return bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def _is_tracked(masked: str) -> bool:
    return masked.strip().lower().startswith(("http://", "https://"))


def _link(number: int, html: str, anchor: _Anchor, markup: list[Markup]) -> Link:
    start, end = anchor.value.start, anchor.value.end
    url = _unescape_literals(html, start, end, markup).strip()
    label = " ".join(anchor.text.split()) or anchor.title.strip() or url
    return Link(number, url, label[:MAX_LABEL], start, end)


def _unescape_literals(html: str, start: int, end: int, markup: list[Markup]) -> str:
    """Character references are HTML's, not the template's: they are resolved around the markup only."""
    pieces, position = [], start
    for one in (one for one in markup if start <= one.start < end):
        pieces += [unescape(html[position : one.start]), html[one.start : one.end]]
        position = one.end
    return "".join([*pieces, unescape(html[position:end])])


def _texts() -> Mapping[str, tuple[str, str]]:
    return {
        "link_empty": (_("A link leads nowhere."), _("Give it an address, or remove the link.")),
        "link_host_not_literal": (
            _("The host of the link “%(url)s” comes from data."),
            _("Write the host into the template; only what follows it may be personalised."),
        ),
        "link_scheme": (
            _("Mail programs do not follow the link “%(url)s”."),
            _("Use https://, http://, mailto: or tel:."),
        ),
        "link_relative": (
            _("The link “%(url)s” has no host; a message has no page it could be relative to."),
            _("Write the whole address, beginning with https://."),
        ),
        "link_credentials": (
            _("The link “%(url)s” carries a user name."),
            _("Remove what stands before the “@” of the host."),
        ),
        "link_malformed": (
            _("The address of the link “%(url)s” is malformed."),
            _("Copy it again from the browser's address bar, without blanks."),
        ),
    }


def _problem(code: str, value: str, where: str, line: int) -> Problem:
    message, remedy = _texts()[code]
    return Problem(code, "/" + where, message % {"url": value.strip()[:100]}, remedy, line=line)


def _too_many(where: str, line: int) -> Problem:
    return Problem(
        "too_many_links",
        "/" + where,
        _("There are more than %(limit)d links.") % {"limit": MAX_LINKS},
        _("Remove links, or move them to a page."),
        line=line,
    )
