"""Values, pages, plans, fields and marks: what is asked of tables while a rule is composed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from campaigns import distributions
from campaigns.attribute_marks import KEPT_RECENTS, MOST_FAVOURITES, like, marks_of, note_use, unlike
from campaigns.catalogue import load_catalogue
from campaigns.distributions import distribution
from campaigns.field_search import search_fields
from campaigns.limited_queries import TookTooLong
from campaigns.models import Field
from campaigns.personal_data import MASKED
from campaigns.previews import preview
from campaigns.problems import ProblemsError
from campaigns.query_plans import explain, plan_words, read_plan
from campaigns.registration import register_table
from campaigns.rule_plans import plan_of, planned
from campaigns.rule_questions import RuleQuestion
from campaigns.targeting.problems import RuleError
from campaigns.targeting.render import Statement, render
from campaigns.targeting.rules import JsonAttribute
from tests.campaigns.api.callers import make_holder
from tests.campaigns.shop import execute, open_shop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shop(db: None) -> None:
    open_shop()
    for name in ("person", "orders", "order_line", "passport", "active_person"):
        register_table("shop", name, key=["person_id"] if name == "active_person" else ())
    execute(
        "INSERT INTO shop.orders SELECT gen_random_uuid(), n % 3 + 1, 'paid' FROM generate_series(1, 90) n"
    )
    execute("INSERT INTO shop.orders VALUES (gen_random_uuid(), NULL, 'open')")


def asked(table: str = "orders", rule: Any = None) -> RuleQuestion:
    return RuleQuestion(rule, table, load_catalogue())


def codes(raised: Any) -> list[str]:
    return [problem.code for problem in raised.value.problems]


# --- distribution


@pytest.mark.parametrize("attribute", ["email", JsonAttribute(name="extra", path=("a",))])
def test_values_of_personal_fields_are_refused(attribute: Any) -> None:
    Field.objects.filter(slug="extra").update(personal=True)
    with pytest.raises(ProblemsError) as raised:
        distribution(asked("person"), attribute, personal=False)
    assert codes(raised) == ["distribution.personal"]
    assert distribution(asked("person"), attribute, personal=True).total == 3


def test_values_of_personal_fields_are_refused_through_links_too() -> None:
    (link,) = [each.slug for each in load_catalogue().links_of("orders") if each.target == "person"]
    with pytest.raises(ProblemsError):
        distribution(asked(), f"{link}.email", personal=False)
    found = distribution(asked(), f"{link}.email", personal=True)
    assert {each.value: each.count for each in found.values} == {
        "ada@example.com": 30, "sky@example.org": 30, None: 31,
    }  # fmt: skip


def test_values_come_commonest_first_with_percentages_and_empty_shown() -> None:
    rule = {"kind": "condition", "attribute": "buyer_id", "operator": "not_equal", "value": 2}
    found = distribution(asked(rule=rule), "buyer_id", personal=False)
    shown = [(each.value, each.count, each.percent) for each in found.values]
    assert shown == [(1, 30, Decimal("49.18")), (3, 30, Decimal("49.18")), (None, 1, Decimal("1.64"))]
    assert (found.total, found.more, found.partial, found.notice) == (61, False, False, "")


def test_twenty_values_are_shown_and_the_search_finds_the_rest() -> None:
    found = distribution(asked(), "order_id", personal=False)
    assert (len(found.values), found.more, found.total) == (20, True, 91)
    last = str(found.values[-1].value)
    assert [
        each.value for each in distribution(asked(), "order_id", search=last.upper(), personal=False).values
    ] == [last]


def test_an_enumeration_has_its_words() -> None:
    Field.objects.filter(slug="state").update(enumeration={"paid": "Paid in full", "open": "Open"})
    found = distribution(asked(), "state", personal=False)
    assert [(each.value, each.label) for each in found.values] == [("paid", "Paid in full"), ("open", "Open")]


def test_without_time_a_sample_is_shown_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    execute(
        "INSERT INTO shop.orders SELECT gen_random_uuid(), n % 3 + 1, 'sent' FROM generate_series(1, 60000) n"
    )
    monkeypatch.setattr(distributions, "SECONDS_EXACT", 0.001)
    found = distribution(asked(), "state", personal=False)
    assert found.partial
    assert found.sampled_percent == Decimal("1")
    assert "1 %" in found.notice
    assert 0 < found.total < 6_000
    assert found.values[0].value == "sent"


def test_a_view_cannot_be_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    execute(
        'CREATE OR REPLACE VIEW shop.active_person AS SELECT person_id, "Full Name" FROM shop.person'
        " WHERE pg_sleep(0.1) IS NOT NULL"
    )
    monkeypatch.setattr(distributions, "SECONDS_EXACT", 0.05)
    with pytest.raises(TookTooLong):
        distribution(asked("active_person"), "person_id", personal=True)


def test_an_attribute_of_many_rows_has_no_distribution() -> None:
    with pytest.raises(RuleError):
        distribution(asked("person"), "orders.state", personal=True)


# --- preview


def test_pages_follow_each_other_without_loss_or_repetition() -> None:
    after, seen = None, []
    for _page in range(10):
        page = preview(asked(), ["order_id", "state"], after=after, limit=40, personal=False)
        seen += [row[0] for row in page.rows]
        after = page.next
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 91
    assert seen == sorted(seen, key=str)


def test_pages_of_a_key_of_two_columns_follow_each_other() -> None:
    execute("INSERT INTO shop.order_line SELECT order_id, n, 'x' FROM shop.orders, generate_series(1, 2) n")
    first = preview(asked("order_line"), limit=91, personal=False)
    second = preview(asked("order_line"), limit=200, after=first.next, personal=False)
    assert len({tuple(row) for row in (*first.rows, *second.rows)}) == 182
    assert second.next is None


@pytest.mark.parametrize(
    "mark",
    ["", "x", "WzFd", "W10", "bnVsbA", "e30", "WyJ4Il0", "W1tbW1tbW1tb", "\u20ac", "A" * 3_999, "WzEsMl0"],
)
def test_a_mark_of_no_page_is_refused(mark: str) -> None:
    with pytest.raises(ProblemsError) as raised:
        preview(asked(), after=mark, personal=True)
    assert codes(raised) == ["preview.bad_mark"]


def test_personal_data_are_masked_through_links_and_no_mark_carries_them() -> None:
    (link,) = [each.slug for each in load_catalogue().links_of("orders") if each.target == "person"]
    page = preview(asked(), [f"{link}.email", f"{link}.full_name", "state"], limit=2, personal=False)
    assert {row[0] for row in page.rows} <= {MASKED, None}
    Field.objects.filter(table__slug="orders", slug="order_id").update(personal=True)
    assert preview(asked(), ["state"], limit=2, personal=False).next is None
    assert preview(asked(), ["state"], limit=2, personal=True).next


# --- plan


def test_a_plan_names_the_tables_it_reads_wholly() -> None:
    execute("ANALYZE shop.orders")
    rule = {"kind": "condition", "attribute": "state", "operator": "equal", "value": "open"}
    plan = plan_of(asked(rule=rule))
    (scan,) = plan.whole_scans
    assert (scan.schema, scan.table, scan.kind, scan.rows) == ("shop", "orders", "Seq Scan", 1)
    assert [each.use for each in scan.conditions] == ["filter"]
    assert plan.seconds is None
    assert plan.cost > 0
    told = planned(asked(rule=rule))
    assert told.summary == ["About 1 row is expected.", "Orders is read wholly, to keep 1 row."]
    assert [each.table for each in told.scans] == ["orders"]
    assert 'FROM "shop"."orders"' in told.sql


def test_an_executed_plan_tells_seconds_and_rows_and_writes_nothing() -> None:
    plan = plan_of(asked(), analyze=True)
    assert plan.seconds is not None
    assert plan.root.actual_rows == 91
    assert plan.planning_seconds is not None
    assert plan_words(plan, {})[0].startswith("91 rows were found")


def test_rows_of_repeated_steps_are_those_of_all_passes() -> None:
    inner = {"Node Type": "Index Scan", "Plan Rows": 2, "Startup Cost": 0, "Total Cost": 1, "Plan Width": 4,
             "Relation Name": "orders", "Schema": "shop", "Index Name": "i", "Index Cond": "(a = 1)",
             "Actual Rows": 1.5, "Actual Loops": 4, "Actual Total Time": 2.0}  # fmt: skip
    plan = read_plan([{"Plan": inner, "Execution Time": 9.0}])
    assert (plan.root.actual_rows, plan.root.actual_seconds, plan.seconds) == (6, 0.008, 0.009)
    assert plan_words(plan, {("shop", "orders"): "Orders"})[-1] == "Found through an index: Orders."


def test_a_plan_that_takes_too_long_to_execute_is_stopped() -> None:
    execute("CREATE VIEW shop.slow AS SELECT order_id FROM shop.orders WHERE pg_sleep(0.02) IS NOT NULL")
    register_table("shop", "slow", key=["order_id"])
    statement = asked("slow").selection()

    with pytest.raises(TookTooLong):
        explain(render(statement), analyze=True, seconds=0.1)


def test_a_plan_is_the_one_the_statement_is_executed_with() -> None:
    grouped = Statement("SELECT n, count(*) FROM generate_series(1, 900) AS n GROUP BY n", ())
    by_sorting = replace(grouped, planner={"enable_hashagg": "off"})
    assert "Sort" not in {node.kind for node in explain(grouped).nodes}
    assert "Sort" in {node.kind for node in explain(by_sorting).nodes}


# --- fields


def test_fields_are_found_over_links_nearest_first_and_no_table_twice() -> None:
    found = search_fields(load_catalogue(), "person", "")
    assert [len(each.links) for each in found.fields] == sorted(len(each.links) for each in found.fields)
    assert all(each.table != "person" or not each.links for each in found.fields)
    assert {each.table for each in found.fields} >= {"person", "orders", "passport"}


def test_what_lies_behind_many_says_over_what_and_by_which_name() -> None:
    (sku,) = search_fields(load_catalogue(), "person", "SKU").fields
    assert (sku.many, sku.collection, sku.name) == (True, ".".join(sku.links), "sku")
    (link,) = [each for each in load_catalogue().links_of("order_line") if each.target == "orders"]
    found = search_fields(load_catalogue(), "order_line", "state").fields
    state = next(each for each in found if each.field == "state")
    assert (state.many, state.attribute) == (False, f"{link.slug}.state")


def test_every_word_has_to_be_found_also_in_descriptions() -> None:
    assert [each.field for each in search_fields(load_catalogue(), "person", "as told person").fields] == [
        "born"
    ]
    assert search_fields(load_catalogue(), "person", "born xyz").fields == []
    assert search_fields(load_catalogue(), "person", "%").fields == []


def test_hidden_fields_are_not_offered_and_a_thousand_ways_are_cut_short() -> None:
    Field.objects.filter(slug="born").update(hidden=True)
    assert not [
        each for each in search_fields(load_catalogue(), "person", "born").fields if each.field == "born"
    ]
    assert search_fields(load_catalogue(), "person", "", levels=10**6).fields


# --- marks


def test_favourites_come_first_then_what_was_used_lately() -> None:
    user = make_holder("somebody")
    like(asked("person"), "seen", by=user)
    note_use(asked("person"), "joined", by=user)
    found = search_fields(load_catalogue(), "person", "", marks=marks_of(user, "person"))
    assert [each.field for each in found.fields[:3]] == ["seen", "joined", "person_id"]
    assert (found.fields[0].favourite, found.fields[1].recent) == (True, True)


def test_a_favourite_names_what_a_condition_can_name() -> None:
    user = make_holder("somebody")
    for wrong in ("gone", "orders.state", "@column", "a.b.c"):
        with pytest.raises(ProblemsError):
            like(asked("person"), wrong, by=user)
    assert marks_of(user, "person").favourites == []


def test_twenty_favourites_and_no_more_and_twenty_recents_are_kept() -> None:
    user = make_holder("somebody")
    names = [(table, slug) for table in ("person", "orders", "order_line", "passport", "active_person")
             for slug in load_catalogue().tables[table].columns]  # fmt: skip
    assert len(names) > MOST_FAVOURITES
    for table, slug in names[:MOST_FAVOURITES]:
        like(asked(table), slug, by=user)
    like(asked(names[0][0]), names[0][1], by=user)
    with pytest.raises(ProblemsError) as raised:
        like(asked(names[MOST_FAVOURITES][0]), names[MOST_FAVOURITES][1], by=user)
    assert codes(raised) == ["favourite.too_many"]
    assert unlike(*names[0], by=user)
    assert not unlike(*names[0], by=user)
    for table, slug in names:
        note_use(asked(table), slug, by=user)
    kept = sum(
        len(marks_of(user, table).recents)
        for table in ("person", "orders", "order_line", "passport", "active_person")
    )
    assert kept == KEPT_RECENTS
