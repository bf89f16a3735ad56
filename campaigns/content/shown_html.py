"""A rendered message as a careful mail program shows it, so that looking at it asks nobody for anything.

What mail programs take out is taken out here too; pictures from elsewhere become placeholders that say where they come
from. This keeps a preview quiet and true. That nothing runs and nothing is loaded does not rest on it: whoever shows the
result does so in a sandboxed frame, under a policy that allows neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from html import escape, unescape

from campaigns.content.html_tokens import Attribute, Tag, Text, tokens
from campaigns.content.placeholders import placeholder

DROPPED = frozenset(
    {"script", "object", "embed", "iframe", "frame", "applet", "video", "audio", "svg", "math"}
)
"""Tags that go; of scripts what stands in them goes too."""
UNWRAPPED = frozenset({"form", "base", "link", "portal", "frameset", "noscript", "template", "dialog"})
"""Tags that go while what they hold stays; those that are always empty just go."""
PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_.-]*")
LEFT_OUT = frozenset(
    "action autofocus background dynsrc formaction http-equiv longdesc lowsrc nonce ping poster srcdoc srcset target".split()  # noqa: SIM905
)
HARMLESS = ("http://", "https://", "mailto:", "tel:", "sms:", "#")
IMPORT = re.compile(r"@import[^;]*+;?", re.IGNORECASE)
ADDRESS = re.compile(r"url\(\s*+(?!['\"]?data:image/)[^()]{0,2000}+\)", re.IGNORECASE)
PREFERS = re.compile(r"\(\s*+prefers-color-scheme\s*+:\s*+(dark|light)\s*+\)", re.IGNORECASE)
PICTURE = "data:image/"


class Scheme(StrEnum):
    """The colours the recipient's mail program is set to."""

    LIGHT = "light"
    DARK = "dark"


INVERTED = (
    "html{background:#fff;filter:invert(1) hue-rotate(180deg)}"
    "body{background-color:#fff}img{filter:invert(1) hue-rotate(180deg)}"
)
"""What mail programs do, more or less, to a message that says nothing of dark colours."""


def shown_document(html: str, scheme: Scheme = Scheme.LIGHT) -> str:
    """The whole document to serve in a frame."""
    says_dark = any(found[1].lower() == Scheme.DARK for found in PREFERS.finditer(html))
    is_inverted = scheme is Scheme.DARK and not says_dark
    style = f"<style>{INVERTED}</style>" if is_inverted else ""
    head = f'<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><base target="_blank">{style}'
    return head + shown_html(html, scheme)


def shown_html(html: str, scheme: Scheme = Scheme.LIGHT) -> str:
    return "".join(_pieces(html, scheme))


def _pieces(html: str, scheme: Scheme) -> Iterator[str]:
    position, inside = 0, ""
    for token in tokens(html):
        if token.start > position:
            yield html[position : token.start]
        position = token.end
        if isinstance(token, Tag):
            inside = token.name
            yield _tag(token, html)
        else:
            yield _text(token, inside, html, scheme)
    yield html[position:]


def _text(token: Text, inside: str, html: str, scheme: Scheme) -> str:
    text = html[token.start : token.end]
    if not token.raw:
        return text
    if inside == "style":
        return _style(PREFERS.sub(lambda found: _answer(found, scheme), text))
    return "" if inside == "script" else text


def _answer(found: re.Match[str], scheme: Scheme) -> str:
    """A media feature that is true, or false, in every browser."""
    return "(min-width: 0)" if found[1].lower() == scheme else "(max-width: 0)"


def _style(css: str) -> str:
    return ADDRESS.sub("none", IMPORT.sub("", css))


def _tag(tag: Tag, html: str) -> str:
    if tag.name in DROPPED or tag.name in UNWRAPPED:
        return ""
    if tag.closing:
        return f"</{tag.name}>"
    if tag.name == "meta" and "http-equiv" in tag.attributes:
        return ""
    attributes = [f" {name}={value}" for name, value in _attributes(tag, html)]
    return f"<{tag.name}{''.join(attributes)}>"


def _attributes(tag: Tag, html: str) -> Iterator[tuple[str, str]]:
    """Written anew, each value in quotes that it does not hold itself."""
    for name, attribute in tag.attributes.items():
        if not PLAIN_NAME.fullmatch(name) or name.startswith("on") or name in LEFT_OUT:
            continue
        value = _value(tag, name, attribute, html)
        if value is not None:
            yield name, f"'{value}'" if '"' in value else f'"{value}"'


def _value(tag: Tag, name: str, attribute: Attribute, html: str) -> str | None:
    written = html[attribute.start : attribute.end]
    plain = unescape(written).strip()
    if name == "style":
        return escape(_style(unescape(written)))
    if name == "href":
        return written if plain.lower().startswith(HARMLESS) else None
    if name == "src":
        is_carried = plain.lower().startswith(PICTURE)
        return written if is_carried else _placeholder(tag, plain, html) if tag.name == "img" else None
    return written


def _placeholder(tag: Tag, source: str, html: str) -> str:
    width, height = (tag.value(html, name) for name in ("width", "height"))
    return placeholder(source, alt=tag.value(html, "alt") or "", width=width, height=height)
