"""Rules made on the canvas, by hand and by keys: what is drawn is the rule that is kept, counted and told in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Locator, Page, expect

from campaigns.admin.canvas import BUILT
from campaigns.admin.page import campaign_url
from campaigns.document import as_data
from campaigns.drafts import read_draft, save_draft
from campaigns.models import Campaign, PredefinedFilter
from campaigns.predefined_filters import create_filter
from tests.browser.market import HOSTILE, LOYAL, close_market, count_of, open_market
from tests.browser.test_canvas import box, is_saved
from tests.browser.test_composing import looks
from tests.browser.visits import Visitor
from tests.config.admin.offices import drop_working_tables, person

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

LOYAL_RULE = {
    "kind": "all",
    "of": [
        {
            "kind": "aggregate",
            "link": "purchase",
            "function": "count",
            "where": {
                "kind": "condition",
                "attribute": "bought_at",
                "operator": "in_period",
                "value": {"last": 90},
            },
            "operator": "greater_or_equal",
            "value": 3,
        },
        {"kind": "exists", "link": "goods_return", "negate": True},
    ],
}

FROM_CITY = {
    "label": "From a city",
    "table": "household",
    "rule": {"kind": "condition", "attribute": "city", "operator": "equal", "value": {"parameter": "city"}},
    "parameters": [{"name": "city", "type": "text", "label": "City"}],
    "shared": True,
}
LAST_ABOVE_20 = """
    SELECT count(*) FROM market.household h
     WHERE (SELECT amount FROM market.purchase p WHERE p.household_id = h.id
             ORDER BY bought_at DESC, id DESC LIMIT 1) >= 20
"""


@pytest.fixture
def visiting(visitor: Visitor) -> Iterator[Visitor]:
    """Whoever calls a question off may be told that it has just been answered."""
    yield visitor
    visitor.complaints[:] = [each for each in visitor.complaints if "/rules/questions/" not in each]


@pytest.fixture
def campaign(live_server: object) -> Iterator[Campaign]:
    if finders.find(BUILT) is None:
        pytest.fail("The canvas is not built. Run: make canvas")
    yield open_market()
    close_market()
    drop_working_tables()


@pytest.fixture
def canvas(visiting: Visitor, campaign: Campaign) -> Visitor:
    page = opened(visiting, campaign)
    box(page, "all").click()
    expect(field(page)).to_be_visible()
    return visiting


def opened(visitor: Visitor, campaign: Campaign) -> Page:
    person("Publisher")
    visitor.sign_in("publisher")
    visitor.go(campaign_url(campaign, "canvas"))
    return visitor.page


def field(page: Page) -> Locator:
    return page.locator("[data-rule='/rule']")


def full(page: Page) -> Locator:
    return page.locator("dialog.rb-full")


def rule_kept(page: Page, campaign: Campaign) -> Any:
    """As the API gives it, and as it is stored."""
    is_saved(page)
    given = page.evaluate(f"fetch('/api/v1/campaigns/{campaign.slug}/').then((answer) => answer.json())")
    assert given == as_data(read_draft(campaign.slug).document)
    (start,) = (each for each in given["activities"] if each["id"] == "all")
    return start["config"].get("rule")


def choose(page: Page, words: str, offer: str) -> None:
    """In the picker that is open."""
    picker = page.locator("dialog.rb-picker")
    picker.get_by_role("combobox").fill(words)
    picker.get_by_role("option").filter(has_text=offer).first.click()
    expect(picker).to_have_count(0)


def counted(page: Page, number: int) -> None:
    expect(full(page).locator(f"[data-total='{number}']")).to_be_visible()


def test_loyal_households_by_hand(canvas: Visitor, campaign: Campaign, pictures: Path | None) -> None:
    page = canvas.page
    page.get_by_role("button", name="Edit in full").click()
    editor = full(page)
    expect(editor.get_by_text("everybody is meant").first).to_be_visible()
    canvas.picture(pictures, "rule-empty")

    editor.get_by_role("button", name="Add condition").click()
    page.locator("dialog.rb-picker").get_by_role("combobox").fill("purch")
    canvas.picture(pictures, "rule-picker")
    choose(page, "purchase how many", "how many")
    first = editor.locator("[data-at='']")
    first.get_by_label("Value", exact=True).fill("3")
    first.get_by_role("button", name="Add condition on these rows").click()
    choose(page, "bought", "bought")
    first.get_by_label("How many", exact=True).fill("90")
    editor.locator("[data-add='']").click()
    choose(page, "return none", "none at all")

    counted(page, count_of(LOYAL))
    assert rule_kept(page, campaign) == LOYAL_RULE
    expect(editor.locator(".rb-table tbody tr").first).to_be_visible()
    canvas.picture(pictures, "rule-full")
    assert looks(canvas, pictures, "rule-full") == {}
    editor.get_by_role("tab", name="SQL and plan").click()
    expect(editor.locator(".rb-sql")).to_contain_text("goods_return")
    canvas.picture(pictures, "rule-sql")
    editor.get_by_role("button", name="Done").click()
    expect(field(page).locator(".rb-sentence")).to_contain_text("90")
    assert looks(canvas, pictures, "rule-drawer") == {}


def tab_to(page: Page, selector: str) -> None:
    """By the tabulator alone, once it is there to be led to: parts of the page come later than the page."""
    expect(page.locator(selector).first).to_be_visible()
    for _step in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"The tabulator does not lead to {selector}")


def test_a_rule_by_keys_alone(canvas: Visitor, campaign: Campaign) -> None:
    page = canvas.page
    page.keyboard.press("Escape")
    box(page, "all").click()
    tab_to(page, "[data-rule] .rb-field-head button")
    page.keyboard.press("Enter")
    expect(full(page).locator(".rb-add")).to_be_focused()

    page.keyboard.press("Enter")
    page.keyboard.type("city")
    page.keyboard.press("Enter")
    page.keyboard.type("Seoul")
    tab_to(page, "[data-add='']")
    page.keyboard.press("Enter")
    page.keyboard.type("purchase at least")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Alt+ArrowUp")
    tab_to(page, ".rb-where .rb-add")
    page.keyboard.press("Enter")
    page.keyboard.type("amount")
    page.keyboard.press("Enter")
    page.keyboard.type("20")
    bought = {
        "kind": "exists",
        "link": "purchase",
        "where": {"kind": "condition", "attribute": "amount", "operator": "greater_or_equal", "value": 20},
    }
    seoul = {"kind": "condition", "attribute": "city", "operator": "equal", "value": "Seoul"}
    assert rule_kept(page, campaign) == {"kind": "all", "of": [bought, seoul]}


def test_conditions_move_by_keys_alone(visiting: Visitor, campaign: Campaign) -> None:
    first, second = (
        {"kind": "condition", "attribute": name, "operator": "is_not_empty"} for name in ("city", "email")
    )
    write_rule(campaign, {"kind": "all", "of": [first, second]})
    page = opened(visiting, campaign)
    box(page, "all").click()
    tab_to(page, "[data-rule] .rb-field-head button")
    page.keyboard.press("Enter")
    editor = full(page)
    expect(handle(editor, "/of/0")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("d")
    expect(handle(editor, "/of/2")).to_be_focused()
    page.keyboard.press("Alt+ArrowRight")
    expect(handle(editor, "/of/2/of/0")).to_be_focused()
    page.keyboard.press("Alt+ArrowLeft")
    expect(handle(editor, "/of/2")).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    expect(handle(editor, "/of/0")).to_be_focused()
    assert rule_kept(page, campaign)["of"] == [second, first, second]
    page.keyboard.press("Delete")
    expect(editor.locator("[data-at='/of/2']")).to_have_count(0)
    assert rule_kept(page, campaign)["of"] == [first, second]
    page.keyboard.press("Control+z")
    assert rule_kept(page, campaign)["of"] == [second, first, second]
    page.keyboard.press("Control+Shift+z")
    assert rule_kept(page, campaign)["of"] == [first, second]


def handle(editor: Locator, place: str) -> Locator:
    return editor.locator(f"[data-at='{place}'] > .rb-row .rb-handle").first


def write_rule(campaign: Campaign, rule: Any) -> None:
    """Into the activity that begins."""
    found = read_draft(campaign.slug)
    data = as_data(found.document)
    (start,) = (each for each in data["activities"] if each["id"] == "all")
    start["config"]["rule"] = rule
    save_draft(campaign, found.document.model_validate(data), if_match=found.hash)


def test_an_expression_shows_its_fault_where_it_is(canvas: Visitor, pictures: Path | None) -> None:
    page = canvas.page
    page.get_by_role("button", name="Edit in full").click()
    full(page).get_by_role("button", name="Add condition").click()
    choose(page, "expression", "Expression")
    written = full(page).get_by_role("combobox", name="Attribute: Expression")
    written.press_sequentially("low")
    suggestions = full(page).get_by_role("listbox", name="Suggestions")
    expect(suggestions.get_by_role("option").first).to_contain_text("Lower")
    written.press("Enter")
    expect(written).to_have_value("Lower()")
    written.press_sequentially("cit")
    expect(suggestions.get_by_role("option").first).to_contain_text("city")
    canvas.picture(pictures, "rule-completion")
    written.press("Enter")
    expect(full(page).get_by_text("Gives: text")).to_be_visible()
    written.fill("income + nothing * 2")
    expect(full(page).locator(".rb-expression-mirror mark")).to_have_text("nothing")
    expect(full(page).locator("[data-position='9']")).to_contain_text("At character 10")
    full(page).get_by_label("Value", exact=True).fill("1")
    expect(full(page).locator("[data-at=''].has-problem")).to_be_visible()
    canvas.picture(pictures, "rule-fault")


def test_values_are_chosen_from_the_data_and_hostile_texts_are_texts(
    canvas: Visitor, campaign: Campaign, pictures: Path | None
) -> None:
    page = canvas.page
    page.get_by_role("button", name="Edit in full").click()
    full(page).get_by_role("button", name="Add condition").click()
    choose(page, "city", "city")
    row = full(page).locator("[data-at='']")
    row.get_by_label("Operator").select_option("in")
    row.get_by_role("button", name="Values in the data").click()
    values = page.locator("dialog.rb-values")
    values.get_by_role("button", name=HOSTILE).click()
    values.get_by_role("button", name="Busan").click()
    canvas.picture(pictures, "rule-values")
    values.get_by_role("textbox").fill("eou")
    expect(values.get_by_role("button", name="Seoul")).to_be_visible()
    expect(values.get_by_role("button", name="Busan")).to_have_count(0)
    page.keyboard.press("Escape")
    counted(page, count_of("SELECT count(*) FROM market.household WHERE city LIKE '<%' OR city = 'Busan'"))
    assert rule_kept(page, campaign)["value"] == [HOSTILE, "Busan"]
    expect(full(page).locator(".rb-sentence")).to_contain_text(HOSTILE)
    full(page).get_by_role("button", name="Add condition").last.click()
    choose(page, "return at least", "at least one")
    full(page).get_by_role("button", name="Add condition on these rows").click()
    choose(page, "<img", HOSTILE)
    assert page.locator("img[src=x]").count() == 0


STRANGE = {"kind": "future", "html": HOSTILE, "deep": [1, {"z": None, "a": 1.5}]}


def test_what_has_no_form_stays_as_it_is_written(visiting: Visitor, campaign: Campaign) -> None:
    odd = {"kind": "condition", "attribute": "city", "operator": "equal", "value": {"moon": HOSTILE}}
    write_rule(campaign, {"kind": "all", "of": [STRANGE, odd]})
    page = opened(visiting, campaign)
    box(page, "all").click()
    expect(field(page).locator("textarea.rb-json")).to_have_count(2)
    field(page).get_by_role("button", name="Add condition").click()
    choose(page, "income", "income")
    field(page).get_by_label("Value", exact=True).fill("1500")
    field(page).get_by_label("Value", exact=True).press("Alt+ArrowUp")
    rule = rule_kept(page, campaign)
    assert [rule["of"][0], rule["of"][2]] == [STRANGE, odd]
    expect(field(page).locator(".rb-left")).to_contain_text("2 conditions")
    expect(field(page).locator("[data-count]").first).to_have_attribute(
        "data-count", str(count_of("SELECT count(*) FROM market.household WHERE income >= 1500"))
    )
    assert page.locator("img[src=x]").count() == 0


def test_behind_an_enrichment_rules_may_ask_for_its_columns(visiting: Visitor, campaign: Campaign) -> None:
    found = read_draft(campaign.slug)
    data = as_data(found.document)
    spent = {"kind": "aggregate", "link": "purchase", "function": "sum", "attribute": "amount"}
    branches = [{"id": "rest", "label": "Rest"}]
    data["activities"] += [
        {
            "id": "more",
            "type": "enrichment",
            "config": {"add": [{**spent, "name": "spent", "label": "Spent"}]},
        },
        {"id": "parts", "type": "split", "config": {"subsets": branches}},
    ]
    data["transitions"] = [{"from": "all", "to": "more"}, {"from": "more", "to": "parts"}]
    save_draft(campaign, found.document.model_validate(data), if_match=found.hash)
    page = opened(visiting, campaign)
    box(page, "parts").click()
    page.locator("[data-rule$='/rule']").get_by_role("button", name="Add condition").click()
    choose(page, "spent", "Spent")
    page.locator("[data-rule$='/rule']").get_by_label("Value", exact=True).fill("50")
    expect(page.locator("[data-evaluation=needs_a_run]")).to_be_visible()
    is_saved(page)
    kept = as_data(read_draft(campaign.slug).document)
    (parts,) = (each for each in kept["activities"] if each["id"] == "parts")
    assert parts["config"]["subsets"][0]["rule"]["attribute"] == "@spent"


def test_a_filter_is_saved_referred_to_and_copied_with_values(
    canvas: Visitor, campaign: Campaign, pictures: Path | None
) -> None:
    create_filter("from_city", FROM_CITY, by=person("Author"))
    page = canvas.page
    page.get_by_role("button", name="Edit in full").click()
    full(page).get_by_role("button", name="Add condition").click()
    choose(page, "saved filter", "Saved filter")
    filters = page.locator("dialog.rb-filters")
    filters.get_by_role("button", name="Refer to it").click()
    full(page).get_by_label("Value", exact=True).fill("Seoul")
    counted(page, 15)
    assert rule_kept(page, campaign) == {
        "kind": "filter",
        "filter": "from_city",
        "parameters": {"city": "Seoul"},
    }
    canvas.picture(pictures, "rule-filter")
    full(page).get_by_role("button", name="Copy its conditions").click()
    expect(full(page).get_by_role("button", name="Attribute: City")).to_be_visible()
    kept = {"kind": "condition", "attribute": "city", "operator": "equal", "value": "Seoul"}
    assert rule_kept(page, campaign) == kept

    full(page).locator("[data-at=''] .rb-handle").click()
    page.get_by_role("menuitem", name="Save as filter").click()
    page.get_by_label("Name of the filter").fill("From Seoul")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("“From Seoul” is saved.")).to_be_visible()
    assert PredefinedFilter.objects.get(slug="from_seoul").rule == kept


def test_the_last_purchase_and_steps_one_after_another(
    canvas: Visitor, campaign: Campaign, pictures: Path | None
) -> None:
    page = canvas.page
    page.get_by_role("button", name="Edit in full").click()
    full(page).get_by_role("button", name="Add condition").click()
    choose(page, "purchase at least", "at least one")
    row = full(page).locator("[data-at='']")
    how = row.get_by_label("What is asked of the linked rows")
    how.select_option("nth")
    row.get_by_role("group", name="and of that one holds").get_by_role("button", name="Add condition").click()
    choose(page, "amount", "amount")
    row.get_by_label("Value", exact=True).fill("20")
    amount = {"kind": "condition", "attribute": "amount", "operator": "greater_or_equal", "value": 20}
    nth = {"kind": "nth", "link": "purchase", "by": "bought_at", "where": amount}
    assert rule_kept(page, campaign) == nth
    counted(page, count_of(LAST_ABOVE_20))
    canvas.picture(pictures, "rule-nth")
    how.select_option("sequence")
    row.get_by_role("button", name="Add condition").last.click()
    choose(page, "product title", "Title")
    row.locator("[data-at='/steps/1/where']").get_by_label("Value", exact=True).fill("Product 2")
    row.get_by_label("How soon after the step before").select_option("within")
    kept = rule_kept(page, campaign)
    assert (kept["kind"], kept["at"]) == ("sequence", "bought_at")
    assert kept["steps"][1]["within"] == {"n": 30}
    expect(full(page).locator("[data-evaluation=counted]:not(.is-stale)")).to_be_visible()
    canvas.picture(pictures, "rule-sequence")
    assert looks(canvas, pictures, "rule-sequence") == {}


def test_without_its_builder_a_rule_is_there_as_it_is_written(visiting: Visitor, campaign: Campaign) -> None:
    write_rule(campaign, {"kind": "condition", "attribute": "city", "operator": "is_empty"})
    visiting.page.route("**/RuleField.js", lambda route: route.abort())
    page = opened(visiting, campaign)
    box(page, "all").click()
    expect(page.locator("textarea.cv-code")).to_have_value(re.compile('"city"'))
    visiting.complaints.clear()
    page.unroute("**/RuleField.js")
    page.get_by_role("button", name="Try again").click()
    expect(field(page).get_by_role("button", name="Attribute: City")).to_be_visible()
