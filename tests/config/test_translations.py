from __future__ import annotations

import html
import re
from functools import cache
from pathlib import Path

import polib
import pytest
from django.contrib.admin import site
from django.test import Client
from django.utils import translation

from campaigns.activity_types import registered
from campaigns.admin.page import Route, campaign_url
from campaigns.document import parse_document
from campaigns.drafts import save_draft
from campaigns.models import Campaign
from config.admin.tabs import ROUTES
from config.messages import CATALOGUES, read_catalogue
from config.translatable import Message, find_messages
from config.translations import catalogue_path, message_of, update_catalogues
from tests.campaigns.documents import example

PLACEHOLDER = re.compile(r"%\(\w+\)[-+ #0]*[\d.]*[a-zA-Z]|%%|\{\{[^}]*\}\}|\{%[^%]*%\}|\{\w+\}")
HANGUL = re.compile("[가-힣]")
PAGES = [
    "/admin/login/",
    "/admin/",
    "/admin/campaigns/campaign/",
    "/admin/campaigns/campaign/add/",
    "/health/",
]
LISTS = sorted(f"/admin/{model._meta.label_lower.replace('.', '/')}/" for model in site._registry)
ADDING = ["/admin/campaigns/channelconfiguration/add/"]
TYPES = list(registered())
READ_ALONE = [route for route in ROUTES if "<" not in route.pattern]

each_app = pytest.mark.parametrize("folder", CATALOGUES, ids=lambda folder: folder.parent.name)


def korean(folder: Path) -> polib.POFile:
    return read_catalogue(catalogue_path(folder, "ko"))


def translations(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def placeholders(*texts: str) -> set[str]:
    return {found for text in texts for found in PLACEHOLDER.findall(text)}


@each_app
def test_no_message_lacks_its_entry_and_no_entry_its_message(folder: Path) -> None:
    """`make messages` writes what is missing and drops what nobody says any more."""
    assert {message_of(entry) for entry in korean(folder)} == find_messages(folder.parent)


@each_app
def test_every_message_is_translated(folder: Path) -> None:
    entries = korean(folder)
    assert [entry.msgid for entry in entries if entry.fuzzy or entry.obsolete or not entry.translated()] == []


@each_app
def test_translations_have_the_placeholders_of_their_messages(folder: Path) -> None:
    entries = {e.msgid: (placeholders(e.msgid, e.msgid_plural), translations(e)) for e in korean(folder)}
    assert {
        m: t for m, (wanted, t) in entries.items() if any(placeholders(text) != wanted for text in t)
    } == {}


@each_app
def test_translations_keep_blanks_and_lines_at_both_ends(folder: Path) -> None:
    """Parts of sentences are joined as they are; an own blank at an end counts."""
    pairs = [(e.msgid, text) for e in korean(folder) for text in translations(e) if not e.msgid_plural]
    assert [pair for pair in pairs if ends(pair[0]) != ends(pair[1])] == []


def ends(text: str) -> tuple[str, bool]:
    """Blanks at the end, and whether a line begins indented; Korean joins what English parts by a blank."""
    return text[len(text.rstrip()) :], text.startswith("  ")


def test_a_message_of_two_apps_has_one_translation() -> None:
    """Django puts all catalogues together, and one of two translations would win."""
    seen: dict[Message, set[str]] = {}
    for entry in (entry for folder in CATALOGUES for entry in korean(folder)):
        seen.setdefault(message_of(entry), set()).update(translations(entry))
    assert {message: texts for message, texts in seen.items() if len(texts) > 1} == {}


# --- updating ---


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """An app with two messages, the first of which is translated."""
    write_source(tmp_path, "_('Buy')\n_('Sell')")
    update_catalogues([tmp_path / "locale"], "ko")
    path = catalogue_path(tmp_path / "locale", "ko")
    path.write_text(path.read_text(encoding="utf-8").replace('"Buy"\nmsgstr ""', '"Buy"\nmsgstr "사기"'))
    return tmp_path


def write_source(app: Path, source: str) -> None:
    (app / "shop.py").write_text("from django.utils.translation import gettext as _\n" + source)


def test_an_update_counts_what_lacks_a_translation(shop: Path) -> None:
    assert update_catalogues([shop / "locale"], "ko") == 1


def test_an_update_keeps_translations_and_drops_what_is_gone(shop: Path) -> None:
    write_source(shop, "_('Ask')\n_('Buy')")
    update_catalogues([shop / "locale"], "ko")
    assert [(entry.msgid, entry.msgstr) for entry in korean(shop / "locale")] == [
        ("Ask", ""),
        ("Buy", "사기"),
    ]


def test_an_update_without_a_change_writes_the_same_bytes(shop: Path) -> None:
    path = catalogue_path(shop / "locale", "ko")
    update_catalogues([shop / "locale"], "ko")
    before = path.read_bytes()
    update_catalogues([shop / "locale"], "ko")
    assert path.read_bytes() == before


def test_a_message_that_moves_to_another_app_takes_its_translation_along(shop: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    write_source(shop, "")
    write_source(other, "_('Buy')")
    assert update_catalogues([shop / "locale", other / "locale"], "ko") == 0
    assert [entry.msgstr for entry in korean(other / "locale")] == ["사기"]


# --- pages ---


@cache
def own_english() -> frozenset[str]:
    """Messages one can look for in a page: whole sentences and labels of two words and more."""
    entries = [entry for folder in CATALOGUES for entry in korean(folder)]
    return frozenset(
        entry.msgid
        for entry in entries
        if " " in entry.msgid.strip() and not placeholders(entry.msgid) and entry.msgid not in entry.msgstr
    )


def english_in(page: str) -> set[str]:
    """Which of Tutti's own messages stand in the page as a text or an attribute, not translated."""
    text = html.unescape(re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL))
    shown = {part.strip() for part in re.split(r"[<>\"]", text)}
    return own_english() & shown


def in_korean(client: Client, path: str) -> str:
    answer = client.get(path, headers={"Accept-Language": "ko", "Accept": "text/html"}, follow=True)
    assert answer["Content-Language"] == "ko"
    return answer.getvalue().decode()


@pytest.fixture
def campaign(db: None) -> Campaign:
    """A draft with an activity of every type, none of them filled in."""
    parts = [{"id": type_id.replace("_", "-"), "type": type_id} for type_id in TYPES]
    return save_draft(None, parse_document(example(activities=parts, transitions=[])))


def test_the_search_for_english_finds_it(admin_client: Client) -> None:
    assert "A blank campaign" in english_in(
        admin_client.get("/admin/campaigns/campaign/add/", headers={"Accept-Language": "en"}).content.decode()
    )


@pytest.mark.parametrize("path", [*PAGES, *LISTS, *ADDING])
def test_a_page_is_korean_for_who_reads_korean(admin_client: Client, path: str) -> None:
    client = Client() if "login" in path else admin_client
    page = in_korean(client, path)
    assert HANGUL.search(page)
    assert english_in(page) == set()


@pytest.mark.parametrize("route", READ_ALONE, ids=lambda route: route.name)
def test_a_campaigns_page_is_korean(admin_client: Client, campaign: Campaign, route: Route) -> None:
    assert english_in(in_korean(admin_client, campaign_url(campaign, route.name))) == set()


@pytest.mark.parametrize("type_id", TYPES)
def test_the_form_of_an_activity_is_korean(admin_client: Client, campaign: Campaign, type_id: str) -> None:
    path = campaign_url(campaign, "activity", activity_id=type_id.replace("_", "-"))
    assert english_in(in_korean(admin_client, path)) == set()


def test_a_text_that_is_not_asked_for_in_korean_stays_english() -> None:
    with translation.override("en"):
        assert translation.gettext("A new campaign") == "A new campaign"
