"""Puts what the engine adds into an HTML template: marks for links, the preheader, the open pixel, a bait."""

from __future__ import annotations

from campaigns.content.html_tokens import Tag, tokens
from campaigns.content.links import Link
from campaigns.content.scanning import mask_unrendered, scan
from orchestration.mail.buffers import mark

OPEN_PIXEL = 0
"""The place of the open pixel's URL; links follow from 1, and after them the one that nobody sees."""
PREHEADER = '<div style="display:none;font-size:1px;max-height:0;overflow:hidden;mso-hide:all">{}</div>'
HONEYPOT = '<a href="{}" style="display:none;mso-hide:all" aria-hidden="true" tabindex="-1"></a>'
"""A link that no person sees or reaches by keyboard: whatever follows it is software."""
PIXEL = '<img src="{}" width="1" height="1" alt="" style="display:block;border:0">'


def rewritten(html: str, *, links: tuple[Link, ...], preheader: str, pixel: bool) -> str:
    """`html` with its additions; what is not touched keeps its place and its line."""
    edits = [(link.start, link.end, mark(link.number)) for link in links]
    start, end = _body(html)
    if preheader.strip():
        edits.append((start, start, PREHEADER.format(preheader.strip())))
    if pixel:
        edits.append((end, end, HONEYPOT.format(mark(len(links) + 1)) + PIXEL.format(mark(OPEN_PIXEL))))
    for begin, stop, text in sorted(edits, reverse=True):
        html = html[:begin] + text + html[stop:]
    return html


def _body(html: str) -> tuple[int, int]:
    """Where the content of the body begins and ends; the whole source when it has no body tags."""
    start, end = 0, len(html)
    for token in tokens(mask_unrendered(html, scan(html, where="html"))):
        if isinstance(token, Tag) and token.name == "body":
            start, end = (start, token.start) if token.closing else (token.end, end)
    return start, end
