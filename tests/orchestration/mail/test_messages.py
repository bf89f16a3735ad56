from __future__ import annotations

import email
import email.policy
import html
import random
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from campaigns.content.email_content import EmailContent
from campaigns.problems import ProblemsError
from orchestration.mail.messages import Encoding, Letter, MessageTemplate, Sender, compile_message, lines_fit
from orchestration.tokens import Purpose, TokenContent, read_token
from orchestration.transport import Unsendable
from tests.orchestration.mail import decoder

BASE = "https://news.example-of-35-chars.co"
AT = datetime(2026, 3, 9, 14, 5, tzinfo=UTC)
HTML = """<!doctype html>\r
<html><body class="é">
<p>Dear {{ name }},  
.leading dot
{% if vip %}<b>Für Sie – {{ offer }}</b>{% else %}<i>=3D standard</i>{% endif %}</p>
{% for item in items %}<li>{{ item.title }}: {{ item.price }}</li>{% endfor %}
<a href="https://shop.test/a?x=1&amp;y=2">Shop</a> <a href='https://shop.test/{{ sku }}'>Yours</a>
<a href="mailto:x@shop.test">Mail</a> <a href="{{ unsubscribe_url }}">Leave</a> {{ postal_address }}
</body></html>"""  # noqa: W291 - blanks at the end of a line must survive
TEXT = """Hi {{ name }}!
.dot {{ offer }}{% for item in items %}
- {{ item.title }}{% endfor %}
{{ unsubscribe_url }}
"""
TRICKY = [
    "",
    "Kim",
    'O\'Brien, "Jr." <x>',
    "Ünïcödé Straße",
    "Анна Каренина",
    "김민수",
    "👩‍👩‍👧‍👦 family",
    "=?utf-8?q?x?=",
    "a=3Db=",
    ".",
    "..",
    "back\\slash",
    "x" * 300,
    "é" * 120,
    "語" * 90,
    "word " * 40,
    "a\u0301" * 50,
    "semi; comma, colon:",
    "From here",
    "tab\there",
    "#{}%$&~^`|",
    "\u00a0\u200b\u202e",
]
BODY_ONLY = [
    "line\nbreak",
    "crlf\r\nbreak",
    "cr\rbreak",
    "end ",
    "\n.\n",
    "\n.\r\n.",
    " lead",
    "long " * 400,
    "y" * 1500,
    "é" * 1200,
]


def make(content: EmailContent | None = None, **changes: Any) -> MessageTemplate:
    content = content or EmailContent(
        subject="{{ subject }}", from_name="{{ sender }}", preheader="Pre – {{ name }}", html=HTML, text=TEXT
    )
    sender = Sender("news@shop.test", "Shop", "answers@shop.test", "1 Main St, Ville é", "a:b:c:d")
    return compile_message(content, sender, base_url=BASE, marketing=True, **changes)


def letter(**values: Any) -> Letter:
    return Letter(7, "<m7.x@shop.test>", "kim@example.test", values)


def generated(rng: random.Random) -> dict[str, Any]:
    def some(texts: list[str]) -> str:
        return "".join(rng.choice(texts) for _ in range(rng.randint(0, 3)))

    return {
        "subject": some(TRICKY),
        "sender": some(TRICKY),
        "name": some(TRICKY + BODY_ONLY),
        "offer": some(TRICKY + BODY_ONLY),
        "vip": rng.random() < 0.5,
        "items": [
            {"title": some(TRICKY + BODY_ONLY), "price": rng.randint(1, 99)} for _ in range(rng.randint(0, 3))
        ],
        "sku": "x y",
    }


def lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def expected_text(v: dict[str, Any], unsubscribe: str) -> str:
    items = "".join("\n- " + lf(item["title"]) for item in v["items"])
    return f"Hi {lf(v['name'])}!\n.dot {lf(v['offer'])}{items}\n{unsubscribe}\n"


def expected_html(v: dict[str, Any], urls: dict[str, str]) -> str:
    def shown(text: str) -> str:
        return html.escape(lf(text)).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")

    branch = f"<b>Für Sie – {shown(v['offer'])}</b>" if v["vip"] else "<i>=3D standard</i>"
    items = "".join(f"<li>{shown(item['title'])}: {item['price']}</li>" for item in v["items"])
    return (
        '<!doctype html>\n<html><body class="é">'
        '<div style="display:none;font-size:1px;max-height:0;overflow:hidden;mso-hide:all">'
        f"Pre – {shown(v['name'])}</div>\n"
        f"<p>Dear {shown(v['name'])},  \n.leading dot\n{branch}</p>\n"
        f"{items}\n<a href=\"{urls['c1']}\">Shop</a> <a href='{urls['c2']}'>Yours</a>\n"
        f'<a href="mailto:x@shop.test">Mail</a> <a href="{urls["u"]}">Leave</a> 1 Main St, Ville é\n'
        f'<a href="{urls["c0"]}" style="display:none;mso-hide:all" aria-hidden="true" tabindex="-1"></a>'
        f'<img src="{urls["o"]}" width="1" height="1" alt="" style="display:block;border:0"></body></html>'
    )


def header_text(text: str) -> str:
    return text.replace("\t", " ").strip(" ")


def faults_of(message: bytes, v: dict[str, Any], urls: dict[str, str]) -> list[str]:
    faults = decoder.faults_of_bytes(message)
    headers, body = decoder.split(message)
    (_, text), (_, html_part) = decoder.parts(body, headers["content-type"])
    checks = {
        "subject": decoder.decode_words(headers["subject"]) == header_text(v["subject"]),
        "from": decoder.decode_mailbox(headers["from"]) == (header_text(v["sender"]), "news@shop.test"),
        "to": decoder.decode_mailbox(headers["to"]) == ("", "kim@example.test"),
        "unsubscribe": headers["list-unsubscribe"] == b"<" + urls["u"].encode() + b">",
        "one-click": headers["list-unsubscribe-post"] == b"List-Unsubscribe=One-Click",
        "message-id": headers["message-id"] == b"<m7.x@shop.test>",
        "text": text.decode().replace("\r\n", "\n") == expected_text(v, urls["u"]),
        "html": html_part.decode().replace("\r\n", "\n") == expected_html(v, urls),
    }
    return faults + [name for name, right in checks.items() if not right]


def urls_in(message: bytes) -> dict[str, str]:
    """The five URLs of the message, taken from its decoded HTML by their paths."""
    headers, body = decoder.split(message)
    text = decoder.parts(body, headers["content-type"])[1][1].decode()
    clicks = re.findall(re.escape(BASE) + r"/c/[\w-]{32}", text)
    found = {"c1": clicks[0], "c2": clicks[1], "c0": clicks[2]}
    for kind in "uo":
        found[kind] = re.findall(re.escape(BASE) + f"/{kind}/[\\w-]{{32}}", text)[0]
    return found


@pytest.mark.parametrize("encoding", Encoding)
def test_4400_generated_messages_have_no_fault_on_raw_bytes(encoding: Encoding) -> None:
    template, rng = make(), random.Random(f"raw {encoding}")
    urls = urls_in(template.build(letter(**generated(rng)), encoding=encoding, at=AT))
    faulty = []
    for _ in range(2_200):
        values = generated(rng)
        message = template.build(letter(**values), encoding=encoding, at=AT)
        if faults := faults_of(message, values, urls):
            faulty.append((faults, values))
    assert faulty == []


@pytest.mark.parametrize("encoding", Encoding)
def test_the_standard_library_reads_the_same_bodies(encoding: Encoding) -> None:
    template, rng = make(), random.Random(f"second {encoding}")
    for _ in range(300):
        values = generated(rng)
        message = template.build(letter(**values), encoding=encoding, at=AT)
        urls = urls_in(message)
        parsed = email.message_from_bytes(message, policy=email.policy.SMTP)
        text, html_part = (part.get_payload(decode=True).decode() for part in parsed.iter_parts())
        assert (lf(text), lf(html_part)) == (expected_text(values, urls["u"]), expected_html(values, urls))
        assert parsed.defects == []


@pytest.mark.parametrize("field", ["subject", "sender"])
@pytest.mark.parametrize("breaking", ["\n", "\r", "\r\n", "\x00", "\x0b", "\x85", "\u2028"])
def test_a_line_break_in_a_header_value_refuses_the_message(field: str, breaking: str) -> None:
    with pytest.raises(Unsendable) as refused:
        make().build(letter(**{field: f"x{breaking}Bcc: all@evil.test"}))
    assert refused.value.code == "header_injection"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": "a\x00b"}, "nul"),
        ({"name": "\ud83d"}, "unencodable"),
        ({"items": [{"title": "x" * 600_000}]}, "too_long"),
    ],
)
def test_what_cannot_be_sent_refuses_the_message(values: dict[str, Any], code: str) -> None:
    with pytest.raises(Unsendable) as refused:
        make().build(letter(**values))
    assert refused.value.code == code


def test_a_template_that_fails_for_one_person_refuses_that_message() -> None:
    template = make(EmailContent(subject="x", html="<p>\n{{ 1 | divided_by: n }}"))
    with pytest.raises(Unsendable, match=r"“html” .* line 2"):
        template.build(letter(n=0))
    assert b"\r\n1\r\n" in template.build(letter(n=1))


def test_broken_content_is_refused_when_it_is_compiled() -> None:
    for bad in ({"subject": "{{ a | nope }}"}, {"html": "{% if %}"}, {"html": "<a href='{{ u }}'>x</a>"}):
        with pytest.raises(ProblemsError):
            make(EmailContent(**({"subject": "x", "html": "x"} | bad)))


def test_links_carry_tokens_of_message_and_number() -> None:
    urls = urls_in(make().build(letter()))
    assert read_token(Purpose.CLICK, urls["c1"][-32:]) == TokenContent(7, 1)
    assert read_token(Purpose.CLICK, urls["c2"][-32:]) == TokenContent(7, 2)
    assert read_token(Purpose.OPEN, urls["o"][-32:]) == TokenContent(7, 0)
    assert read_token(Purpose.UNSUBSCRIBE, urls["u"][-32:]) == TokenContent(7, 0)


MJML = """<mjml><mj-body><mj-section><mj-column>
<mj-text>Dear {{ name }}, {{ postal_address }}</mj-text>
{% if vip %}<mj-button href="https://shop.test/a?x=1&amp;y=2">Für Sie</mj-button>{% endif %}
<mj-text><a href="https://shop.test/{{ sku }}">Yours</a> <a href="{{ unsubscribe_url }}">Leave</a></mj-text>
</mj-column></mj-section></mj-body></mjml>"""


@pytest.mark.parametrize("encoding", Encoding)
def test_mjml_is_sent_as_html_with_its_links_followed(encoding: Encoding) -> None:
    template = make(EmailContent(subject="x", mjml=MJML))
    assert [(link.number, link.label) for link in template.links] == [(1, "Für Sie"), (2, "Yours")]
    message = template.build(letter(name="<Kim>", vip=True, sku="s"), encoding=encoding)
    assert decoder.faults_of_bytes(message) == []
    headers, body = decoder.split(message)
    text, found = (part[1].decode() for part in decoder.parts(body, headers["content-type"]))
    assert "Dear &lt;Kim&gt;" in found
    assert "mj-" not in re.sub("mj-(?:outlook|column)[a-z0-9-]+", "", found)
    assert read_token(Purpose.CLICK, urls_in(message)["c1"][-32:]) == TokenContent(7, 1)
    assert "Dear <Kim>, 1 Main St" in text
    assert "Für Sie" not in template.build(letter(name="Lee", sku="s")).decode()


def test_untracked_messages_keep_their_links_and_have_no_pixel() -> None:
    message = make(track=False).build(letter(sku="s"))
    assert b'href="https://shop.test/a?x=1&amp;y=2"' in message
    assert b"/c/" not in message
    assert b"/o/" not in message


def test_transactional_mail_has_no_unsubscribe_headers() -> None:
    template = compile_message(
        EmailContent(subject="x", html="x"), Sender("a@b.test"), base_url=BASE, marketing=False, track=False
    )
    assert b"List-Unsubscribe" not in template.build(letter())


def test_a_sender_name_is_not_read_as_a_template() -> None:
    sender = Sender("a@b.test", "{{ 7 | plus: 1 }} {% x")
    template = compile_message(EmailContent(subject="x", html="x"), sender, base_url=BASE, marketing=False)
    headers, _ = decoder.split(template.build(letter()))
    assert decoder.decode_mailbox(headers["from"])[0] == sender.name


def test_a_link_inside_a_capture_stays_as_it_was_written() -> None:
    source = '{% capture c %}<a href="https://a.test/x">x</a>{% endcapture %}{{ c }}{{ c | upcase }}'
    message = make(EmailContent(subject="x", html=source)).build(letter())
    assert b'<a href="https://a.test/x">x</a><A HREF="HTTPS://A.TEST/X">X</A>' in message


@pytest.mark.parametrize(
    ("body", "fits"),
    [
        (b"", True),
        (b"x" * 998, True),
        (b"x" * 999, False),
        (b"x" * 998 + b"\r\n" + b"y" * 998, True),
        (b"a\r\n" * 5_000 + b"x" * 999 + b"\r\n", False),
        (b"a\r\n" * 5_000 + b"x" * 998 + b"\r\nz", True),
        (b"x" * 999 + b"\r\n" + b"a\r\n" * 5_000, False),
    ],
)
def test_lines_of_998_bytes_fit(body: bytes, fits: bool) -> None:
    assert lines_fit(body) is fits


def test_lines_fit_agrees_with_looking_at_every_line() -> None:
    rng = random.Random(5)
    for _ in range(3_000):
        body = b"\r\n".join(
            b"x" * rng.choice((0, 1, 50, 500, 996, 997, 998, 999, 1000)) for _ in range(rng.randint(1, 6))
        )
        assert lines_fit(body) == (max(map(len, body.split(b"\r\n"))) <= 998)
