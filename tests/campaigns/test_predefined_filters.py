from __future__ import annotations

from typing import Any

import pytest

from campaigns.audiences import Description, change_rule, compose_audience
from campaigns.catalogue import load_catalogue
from campaigns.dimensions import register_dimension
from campaigns.document import parse_document
from campaigns.drafts import save_draft
from campaigns.frozen_filters import freeze_filters
from campaigns.member_lists import count_members
from campaigns.models import Audience, AuditEntry, PredefinedFilter, Table
from campaigns.predefined_filters import (
    FilterConflict,
    applied,
    create_filter,
    delete_filter,
    save_filter,
    saved_filter,
    users_of,
    visible_filters,
)
from campaigns.problems import ProblemsError
from campaigns.registration import register_table
from campaigns.rule_questions import RuleQuestion
from campaigns.targeting.problems import RuleError
from tests.campaigns.api.callers import make_holder
from tests.campaigns.documents import example
from tests.campaigns.kinds import flow, kinds
from tests.campaigns.shop import open_shop

__all__ = ["kinds"]

pytestmark = pytest.mark.django_db
BORN = {"kind": "condition", "attribute": "born", "operator": "less", "value": {"parameter": "before"}}
BEFORE = {"name": "before", "type": "date", "label": "Born before", "default": "2000-01-01"}


@pytest.fixture(autouse=True)
def _shop(db: None) -> None:
    open_shop()
    register_table("shop", "person")
    register_table("shop", "visit")


@pytest.fixture
def author() -> Any:
    return make_holder("author", "view_campaign", "change_campaign")


def parts(**changes: Any) -> dict[str, Any]:
    return {
        "label": "Older",
        "table": "person",
        "rule": BORN,
        "parameters": [BEFORE],
        "shared": True,
    } | changes


def codes(error: Any) -> list[str]:
    return [problem.code for problem in error.value.problems]


def use(slug: str = "older", **parameters: Any) -> dict[str, Any]:
    return {"kind": "filter", "filter": slug, "parameters": parameters}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"table": "persons"}, "filter.unknown_table"),
        ({"rule": {"kind": "whatever"}}, "rule.unknown_kind"),
        ({"rule": []}, "filter.not_an_object"),
        ({"rule": BORN | {"attribute": "bron"}}, "rule.unknown_attribute"),
        ({"rule": BORN | {"attribute": "@column"}}, "rule.unknown_attribute"),
        ({"parameters": []}, "filter.undescribed_parameter"),
        ({"parameters": [BEFORE, {"name": "x", "type": "text"}]}, "filter.needless_parameter"),
        ({"parameters": [BEFORE, BEFORE]}, "filter.repeated"),
        ({"parameters": [BEFORE | {"type": "colour"}]}, "filter.not_a_choice"),
        ({"parameters": [BEFORE | {"type": "boolean"} | {"default": True}]}, "rule.wrong_type"),
        ({"label": "x" * 201}, "filter.too_long"),
        ({"rule": use()}, "filter.circle"),
    ],
)
def test_what_is_no_filter_is_not_saved(author: Any, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(ProblemsError) as raised:
        create_filter("older", parts(**changes), by=author)
    assert code in codes(raised)
    assert not PredefinedFilter.objects.exists()


@pytest.mark.parametrize("slug", ["", "Older", "a b", "x" * 64, "older\n", "1st", "'; DROP TABLE x"])
def test_a_slug_is_a_name(author: Any, slug: str) -> None:
    with pytest.raises(ProblemsError) as raised:
        create_filter(slug, parts(), by=author)
    assert codes(raised) == ["filter.bad_slug"]


def test_a_slug_is_taken_once_even_by_what_is_private(author: Any) -> None:
    create_filter("older", parts(shared=False), by=author)
    with pytest.raises(ProblemsError) as raised:
        create_filter("older", parts(), by=author)
    assert codes(raised) == ["filter.slug_taken"]


def test_a_circle_through_another_filter_is_refused(author: Any) -> None:
    older = create_filter("older", parts(), by=author)
    create_filter("oldest", parts(rule=use("older"), parameters=[]), by=author)
    with pytest.raises(ProblemsError) as raised:
        save_filter(older, parts(rule=use("oldest"), parameters=[]), if_match=older.content_hash, by=author)
    assert "filter.circle" in codes(raised)


def test_a_private_filter_is_nobody_elses_and_no_rule_knows_it(author: Any) -> None:
    create_filter("older", parts(shared=False), by=author)
    assert not visible_filters(make_holder("other", "change_campaign")).exists()
    assert visible_filters(author).exists()
    assert load_catalogue().filters == {}


def test_a_change_to_another_state_of_the_filter_is_a_conflict(author: Any) -> None:
    row = create_filter("older", parts(), by=author)
    with pytest.raises(FilterConflict):
        save_filter(row, parts(label="New"), if_match="0" * 64, by=author)
    with pytest.raises(FilterConflict):
        delete_filter(row, if_match="0" * 64, by=author)
    row.refresh_from_db()
    assert row.label == "Older"


def test_a_change_is_known_to_rules_at_once_and_audited(author: Any) -> None:
    row = create_filter("older", parts(), by=author)
    assert load_catalogue().filters["older"].label == "Older"
    before = row.content_hash
    save_filter(row, parts(label="New"), if_match=before, by=author)
    assert row.content_hash != before
    assert load_catalogue().filters["older"].label == "New"
    acts = AuditEntry.objects.order_by("pk").values_list("action", "object", "actor_name")
    assert list(acts) == [
        ("filter.create", "filter older", "author"),
        ("filter.save", "filter older", "author"),
    ]


def test_a_filter_in_use_is_neither_deleted_nor_made_private(author: Any) -> None:
    row = create_filter("older", parts(), by=author)
    config = {"rule": {"kind": "all", "of": [use()]}}
    save_draft(
        None,
        parse_document(
            example(activities=[{"id": "a", "type": "unheard_of", "config": config}], transitions=[])
        ),
    )
    create_filter("oldest", parts(rule=use(), parameters=[]), by=author)
    for act in (
        lambda: delete_filter(row, if_match=row.content_hash, by=author),
        lambda: save_filter(row, parts(shared=False), if_match=row.content_hash, by=author),
    ):
        with pytest.raises(ProblemsError) as raised:
            act()
        (problem,) = raised.value.problems
        assert "campaign “win-back”, activity “a”; filter “oldest”" in problem.message
    assert PredefinedFilter.objects.get(slug="older").shared


@pytest.fixture
def shop_people(db: None) -> None:
    register_dimension("person", Table.objects.get(slug="person"), label="Person")


def composed(rule: Any, slug: str = "loyal") -> Audience:
    return compose_audience(Description(slug, slug.capitalize(), "person"), rule)


@pytest.mark.usefixtures("shop_people")
def test_a_filter_that_an_audience_is_composed_of_is_neither_deleted_nor_made_private(author: Any) -> None:
    row = create_filter("older", parts(), by=author)
    composed({"kind": "all", "of": [use()]})
    for act in (
        lambda: delete_filter(row, if_match=row.content_hash, by=author),
        lambda: save_filter(row, parts(shared=False), if_match=row.content_hash, by=author),
    ):
        with pytest.raises(ProblemsError) as raised:
            act()
        (problem,) = raised.value.problems
        assert problem.code == "filter.in_use"
        assert "audience “Loyal”" in problem.message
    assert PredefinedFilter.objects.get(slug="older").shared


@pytest.mark.usefixtures("shop_people")
@pytest.mark.parametrize("through", ["loyal", "others"])
def test_a_circle_through_audiences_is_refused_where_the_filter_is_saved(author: Any, through: str) -> None:
    row = create_filter("older", parts(), by=author)
    create_filter("oldest", parts(rule=use(), parameters=[]), by=author)
    composed(use("oldest"))
    composed({"kind": "member", "audience": "loyal"}, "others")
    rule = {"kind": "member", "audience": through}
    with pytest.raises(ProblemsError) as raised:
        save_filter(row, parts(rule=rule, parameters=[]), if_match=row.content_hash, by=author)
    assert codes(raised) == ["filter.circle"]


@pytest.mark.usefixtures("shop_people")
def test_a_circle_through_filters_is_refused_where_the_audience_is_saved(author: Any) -> None:
    loyal = composed(BORN | {"value": "2000-01-01"})
    rule = {"kind": "member", "audience": "loyal"}
    create_filter("older", parts(rule=rule, parameters=[]), by=author)
    with pytest.raises(RuleError) as raised:
        change_rule(loyal, use())
    assert [problem.code for problem in raised.value.problems] == ["filter_circle"]


@pytest.mark.usefixtures("shop_people")
@pytest.mark.parametrize(
    "changes",
    [
        {"parameters": [{"name": "before", "type": "date", "label": "Born before"}]},
        {
            "table": "visit",
            "rule": {"kind": "condition", "attribute": "page", "operator": "is_not_empty"},
            "parameters": [],
        },
    ],
)
def test_a_change_that_would_break_an_audience_is_refused_and_named(
    author: Any, changes: dict[str, Any]
) -> None:
    row = create_filter("older", parts(), by=author)
    composed(use())
    with pytest.raises(ProblemsError) as raised:
        save_filter(row, parts(**changes), if_match=row.content_hash, by=author)
    (problem,) = raised.value.problems
    assert problem.code == "filter.breaks_audience"
    assert "“Loyal”" in problem.message
    row.refresh_from_db()
    assert row.table == "person"


@pytest.mark.usefixtures("shop_people")
def test_an_audience_means_the_filter_of_today(author: Any) -> None:
    row = create_filter("older", parts(), by=author)
    loyal = composed(use())
    everybody = {"kind": "condition", "attribute": "person_id", "operator": "is_not_empty"}
    before, everyone = count_members(loyal), count_of(everybody)
    save_filter(row, parts(rule=everybody, parameters=[]), if_match=row.content_hash, by=author)
    assert before < count_members(loyal) == everyone


def count_of(rule: Any) -> int:
    return int(RuleQuestion(rule, "person", load_catalogue()).count().rows[0][0])


def test_what_carries_the_filter_along_does_not_use_it(author: Any) -> None:
    row = create_filter("older", parts(), by=author)
    rule = use() | {"frozen": {"label": "Older", "table": "person", "rule": BORN}}
    config = {"rule": rule}
    save_draft(
        None,
        parse_document(
            example(activities=[{"id": "a", "type": "unheard_of", "config": config}], transitions=[])
        ),
    )
    assert users_of(row) == []
    delete_filter(row, if_match=row.content_hash, by=author)


def test_a_copy_has_the_values_in_it_and_the_filter_stays(author: Any) -> None:
    row = create_filter("older", parts(), by=author)
    assert applied(saved_filter(row), {"before": "1990-05-05"}) == BORN | {"value": "1990-05-05"}
    assert applied(saved_filter(row), {}) == BORN | {"value": "2000-01-01"}
    assert row.rule == BORN
    for wrong in ({"before": "soon"}, {"before": True}, {"after": "2000-01-01"}, {"before": {"oops": 1}}):
        with pytest.raises(ProblemsError):
            applied(saved_filter(row), wrong)


@pytest.mark.usefixtures("kinds")
def test_a_published_version_keeps_the_filter_it_was_published_with(author: Any) -> None:
    row = create_filter("older", parts(), by=author)
    document = freeze_filters(parse_document(flow()))
    assert document == parse_document(flow())  # nothing to freeze
    create_filter("oldest", parts(rule=use(), parameters=[]), by=author)
    given = parse_document(flow())
    first = given.activities[0].model_copy(update={"config": {"rule": use("oldest")}})
    frozen = freeze_filters(given.model_copy(update={"activities": (first,)}))
    save_filter(row, parts(label="New"), if_match=row.content_hash, by=author)

    taken = frozen.activities[0].config["rule"]["frozen"]
    assert taken["rule"]["frozen"]["label"] == "Older"
    assert taken["rule"]["frozen"]["rule"] == BORN
    assert freeze_filters(frozen) == frozen
