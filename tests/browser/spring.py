"""A campaign that has every activity type there is, as a list of what somebody does to build it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, expect

from tests.browser.hands import Hands

LABEL = "#cv-label"
SUBJECT = "Thank you, "


@dataclass(frozen=True)
class Apart:
    """It begins a flow of its own; `how` is for a mouse, which has several ways."""

    how: str = "drag"


@dataclass(frozen=True)
class Behind:
    """A way out of another one that leads nowhere yet."""

    activity: str
    port: str = "main"
    how: str = "plus"


@dataclass(frozen=True)
class Into:
    """A transition there is."""

    source: str
    target: str


@dataclass(frozen=True)
class Step:
    """One activity: its type, what it is called, where it is put and how it is filled in."""

    id: str
    type: str
    label: str
    spot: Apart | Behind | Into
    settings: Callable[[Form], None] = lambda form: None


@dataclass
class Form:
    """The settings that are open, and whoever fills them in."""

    hands: Hands

    @property
    def drawer(self) -> Locator:
        return self.hands.page.locator(".cv-drawer")

    def named(self, label: str, number: int = 0) -> Locator:
        return self.drawer.locator(".cv-form").get_by_label(label, exact=True).nth(number)

    def fill(self, label: str, text: str, number: int = 0) -> None:
        self.hands.fill(self.named(label, number), text)

    def choose(self, label: str, option: str, number: int = 0) -> None:
        self.hands.choose(self.named(label, number), option)

    def check(self, label: str) -> None:
        self.hands.check(self.named(label))

    def add(self, legend: str) -> None:
        """Another entry of a list."""
        group = self.drawer.get_by_role("group", name=re.compile(f"^{legend}"))
        self.hands.press(group.get_by_role("button", name="Add", exact=True).last)

    def pick(self, label: str, words: str, number: int = 0) -> None:
        """A name, from the list of those there are."""
        opener = self.drawer.get_by_role("button", name=f"Choose from a list: {label}")
        self.hands.press(opener.nth(number))
        self.pick_offer(words)

    def pick_offer(self, words: str) -> None:
        picker = self.hands.page.locator("dialog.rb-picker")
        expect(picker).to_be_visible()
        self.hands.page.keyboard.type(words)
        expect(picker.get_by_role("option").first).to_be_visible()
        self.hands.page.keyboard.press("Enter")
        expect(picker).to_have_count(0)

    def condition(self, words: str, place: Locator | None = None) -> None:
        """Another condition, of a rule or inside one."""
        scope = self.drawer if place is None else place
        self.hands.press(scope.locator(".rb-add").last)
        self.pick_offer(words)

    def button(self, name: str) -> None:
        self.hands.press(self.drawer.get_by_role("button", name=name, exact=True))


def _guests(form: Form) -> None:
    form.choose("File", "Uploaded file")
    form.choose("File", "guests.csv", 1)
    form.button("Read the columns from the file")
    expect(form.drawer.get_by_text("2 columns were read")).to_be_visible()


def _known_guests(form: Form) -> None:
    form.choose("New targeting dimension", "Households")
    form.add("Equal attributes")
    form.pick("Source", "email")
    form.pick("Destination", "email")


def _loyal(form: Form) -> None:
    """At least three purchases in the last 90 days, and nothing brought back."""
    form.choose("Targeting dimension", "Households")
    form.condition("purchase how many")
    rows = form.drawer.locator("[data-at='']")
    form.hands.fill(rows.get_by_label("Value", exact=True), "3")
    form.condition("bought", rows.locator(".rb-where"))
    form.hands.fill(rows.get_by_label("How many", exact=True), "90")
    form.hands.press(form.drawer.locator("[data-add='']"))
    form.pick_offer("return none")


def _newcomers(form: Form) -> None:
    form.choose("Targeting dimension", "Households")
    form.pick("Path to the date field", "joined")
    form.hands.moment(form.named("First reading from"), "2024-02-20T09:00")


def _recent(form: Form) -> None:
    form.choose("Targeting dimension", "Purchases")
    form.condition("bought")
    form.hands.fill(form.drawer.get_by_label("How many", exact=True), "45")


def _buyers(form: Form) -> None:
    form.choose("New targeting dimension", "Households")
    form.pick("Links to follow", "household")


def _everyone(form: Form) -> None:
    form.choose("Operation", "Union: who is in any set")


def _once_each(form: Form) -> None:
    form.add("Fields to identify duplicates")
    form.pick("Fields to identify duplicates 1", "households email")


def _spending(form: Form) -> None:
    form.add("Enrichment data")
    form.choose("Kind", "Aggregated data")
    form.pick("Collection", "purchase")
    form.choose("Function", "Sum")
    form.pick("Attribute of the collection", "amount")
    form.fill("Label", "Spent", 1)


def _by_city(form: Form) -> None:
    form.add("Subsets")
    form.fill("Label", "Seoul", 1)
    form.condition("city")
    form.hands.fill(form.drawer.get_by_label("Value", exact=True), "Seoul")
    form.check("Generate complement")


def _two_ways(form: Form) -> None:
    form.fill("Label", "Write to them", 1)
    form.fill("Label", "Keep a list", 2)


def _insert_name(form: Form) -> None:
    """What is known of people is offered as soon as the server has said it."""
    form.hands.page.keyboard.type("profile.name")
    expect(form.hands.page.locator("dialog.cv-chooser [role=option]").first).to_be_visible()
    form.hands.page.keyboard.press("Enter")


def _letter(form: Form) -> None:
    hands, page = form.hands, form.hands.page
    form.choose("Channel configuration", "marketing-mail")
    form.button("Edit the content")
    editor = page.locator(".ct-dialog")
    hands.press(editor.get_by_role("button", name="Begin with a layout"))
    hands.write(editor.locator(".cm-content[aria-label='Subject']"), SUBJECT)
    hands.press(editor.get_by_role("button", name="Personalise"))
    _insert_name(form)
    expect(editor.locator(".cm-content[aria-label='Subject']")).to_contain_text("{{ profile.name }}")
    hands.press(editor.get_by_role("button", name="Done"))
    expect(editor).to_have_count(0)


def _list_of_them(form: Form) -> None:
    form.add("Columns")
    form.pick("Attribute", "households email")
    form.add("Columns")
    form.pick("Attribute", "spent", 1)


def _letter_first(form: Form) -> None:
    form.choose("Primary set", "Spring letter")


def _two_days(form: Form) -> None:
    form.choose("Wait", "Duration")
    form.fill("Amount", "2")


def _anybody(form: Form) -> None:
    form.add("Conditions")
    form.choose("Operator", "greater than or equal to")
    form.add("Values")
    form.fill("Values 1", "1")
    form.fill("Label", "Somebody", 1)
    form.check("Default branch")


def _moment(form: Form) -> None:
    form.choose("Wait", "Duration")
    form.choose("Unit", "seconds")


def _again(form: Form) -> None:
    form.choose("Back to", "A moment")
    form.fill("Rounds at most", "1")


def _readers(form: Form) -> None:
    form.fill("Audience", "spring_readers")
    form.fill("Label", "Readers of the spring letter", 1)


def _text(form: Form) -> None:
    form.choose("Channel configuration", "texts")
    form.fill("Content", "Spring has come, ")
    form.button("Insert")
    _insert_name(form)
    expect(form.named("Content")).to_have_value(re.compile(r"\{\{ profile.name \}\}$"))
    form.hands.page.keyboard.type("! Reply STOP to opt out. {{ opt_out_text }}")


STEPS = (
    Step("load_file", "load_file", "Guest list", Apart("first"), _guests),
    Step("reconciliation", "reconciliation", "Guests we know", Behind("load_file"), _known_guests),
    Step("build_audience", "build_audience", "Loyal households", Apart(), _loyal),
    Step("incremental_query", "incremental_query", "Newcomers", Apart(), _newcomers),
    Step(
        "read_audience",
        "read_audience",
        "Our best",
        Apart("search"),
        lambda form: form.choose("Audience", "Best households"),
    ),
    Step("build_audience-2", "build_audience", "Recent purchases", Apart(), _recent),
    Step(
        "change_dimension",
        "change_dimension",
        "Who bought",
        Behind("build_audience-2", how="search"),
        _buyers,
    ),
    Step("combine", "combine", "Everyone to thank", Behind("reconciliation"), _everyone),
    Step("deduplication", "deduplication", "Each address once", Behind("combine", how="search"), _once_each),
    Step(
        "control_group",
        "control_group",
        "A tenth hears nothing",
        Behind("deduplication"),
        lambda form: form.fill("Percent of the people", "10"),
    ),
    Step("enrichment", "enrichment", "What they spent", Into("deduplication", "control_group"), _spending),
    Step("split", "split", "By city", Behind("control_group"), _by_city),
    Step("fork", "fork", "Two ways at once", Behind("split", "seoul"), _two_ways),
    Step("email", "email", "Spring letter", Behind("fork", "branch-1"), _letter),
    Step("extract_file", "extract_file", "List for the shop", Behind("fork", "branch-2"), _list_of_them),
    Step("and_join", "and_join", "Both are done", Behind("email", "sent")),
    Step("wait", "wait", "Two days", Behind("and_join"), _two_days),
    Step("test", "test", "Anybody left", Behind("wait"), _anybody),
    Step("wait-2", "wait", "A moment", Behind("test", "somebody"), _moment),
    Step("jump", "jump", "Once more", Behind("wait-2"), _again),
    Step("save_audience", "save_audience", "Remember them", Behind("jump"), _readers),
    Step("end", "end", "All is said", Behind("save_audience")),
    Step("sms", "sms", "Spring text", Behind("split", "complement"), _text),
)

CONNECTIONS = (
    ("build_audience", "main", "combine"),
    ("incremental_query", "main", "combine"),
    ("read_audience", "main", "combine"),
    ("change_dimension", "main", "combine"),
    ("extract_file", "main", "and_join"),
    ("test", "default", "end"),
    ("sms", "sent", "end"),
)

AFTERWARDS: tuple[tuple[str, Callable[[Form], None]], ...] = (
    ("combine", lambda form: form.choose("Primary set", "Loyal households")),
    ("and_join", _letter_first),
)
"""What can be said only once other activities are connected."""
