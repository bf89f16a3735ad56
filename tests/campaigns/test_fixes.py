from datetime import UTC, datetime

import pytest

from campaigns.activity_types import World
from campaigns.fixes import Fix, changing, free_name, leaving_out, near
from campaigns.json_patch import Operation, patched
from campaigns.lint import lint_document
from campaigns.problems import Problem
from campaigns.targeting.schema import Catalogue
from tests.campaigns.kinds import flow, kinds
from tests.campaigns.mending import fixed, problems_of
from tests.campaigns.test_lint import STEP, arrows, drawn, going_back

__all__ = ["kinds"]

pytestmark = pytest.mark.usefixtures("kinds")
NOTHING = World(Catalogue({}, {}), {})
NOW = datetime(2018, 1, 1, tzinfo=UTC)


def lint(document):
    return lint_document(document, NOTHING, now=NOW)


def labels(data, code):
    return [label for label, _after in fixed(data, code, lint)]


def stepping(**config):
    return flow({"id": "x", "type": "step", "config": config})


def header(**changes):
    return flow() | {"campaign": {"slug": "a", "name": "A", **changes}}


def twice(data):
    return data | {"transitions": [*data["transitions"], data["transitions"][0]]}


LOOP = drawn(("a", "b"), ("b", "b"), ("b", "c"), a="source", b="step", c="finish")
ASIDE = arrows(("people", "over"))
MENDED = {
    "activity without arrows": (
        drawn(("a", "b"), a="source", b="finish", c="step"),
        "activity.too_few_inbound",
        ["Remove this activity"],
    ),
    "activity that leads nowhere, unreachable": (
        drawn(("b", "c"), ("a", "d"), a="source", b="step", c="finish", d="finish"),
        "activity.unreachable",
        ["Remove this activity"],
    ),
    "arrow to itself": (LOOP, "graph.cycle", ["Remove the transition from it to itself"]),
    "arrow to itself that is too many": (
        LOOP,
        "activity.too_many_inbound",
        ["Remove the transition from it to itself"],
    ),
    "arrow from what is gone": (
        flow() | {"transitions": [*ASIDE, *arrows(("gone", "over"))]},
        "transition.unknown_source",
        ["Remove this transition"],
    ),
    "arrow from a misspelt one": (
        flow() | {"transitions": arrows(("peple", "over"))},
        "transition.unknown_source",
        ["Let it begin at “people”", "Remove this transition"],
    ),
    "arrow to what is gone": (
        flow() | {"transitions": [*ASIDE, *arrows(("people", "gone"))]},
        "transition.unknown_target",
        ["Remove this transition"],
    ),
    "arrow to a misspelt one": (
        flow() | {"transitions": arrows(("people", "ovr"))},
        "transition.unknown_target",
        ["Let it lead to “over”", "Remove this transition"],
    ),
    "arrow by a port that is gone": (
        flow() | {"transitions": [{"from": "people", "port": "complement", "to": "over"}]},
        "transition.unknown_port",
        ["Let it leave by “main”"],
    ),
    "one more arrow by a port that is gone": (
        flow() | {"transitions": [*ASIDE, {"from": "people", "port": "complement", "to": "over"}]},
        "transition.unknown_port",
        ["Remove this transition"],
    ),
    "arrow behind an end": (
        drawn(("a", "b"), ("a", "c"), ("b", "c"), a="source", b="finish", c="finish"),
        "transition.after_end",
        ["Remove this transition"],
    ),
    "arrow twice": (twice(flow()), "document.repeated", ["Remove this transition"]),
    "misspelt type": (flow({"id": "x", "type": "stepp"}), "activity.unknown_type", ["Use “step”"]),
    "misspelt way back": (going_back("wrk", STEP), "jump.unknown", ["Use “work”"]),
    "misspelt time zone": (
        header(time_zone="europe/berlin"),
        "campaign.unknown_zone",
        ["Use “Europe/Berlin”"],
    ),
    "misspelt setting": (
        stepping(complemnt=True),
        "settings.unknown_key",
        ["Rename it to “complement”", "Remove “complemnt”"],
    ),
    "unknown setting": (stepping(nonsense=True), "settings.unknown_key", ["Remove “nonsense”"]),
    "misspelt setting that is there too": (
        stepping(complemnt=True, complement=False),
        "settings.unknown_key",
        ["Remove “complemnt”"],
    ),
    "misspelt choice": (
        drawn(("a", "b"), a="source", b="finish")
        | {
            "activities": [
                {"id": "a", "type": "source", "config": {"mode": "sme"}},
                {"id": "b", "type": "finish"},
            ]
        },
        "settings.not_a_choice",
        ["Use “some”"],
    ),
    "one for a list": (
        flow({"id": "x", "type": "changer", "config": {"columns": "score"}}),
        "settings.not_a_list",
        ["Make it a list of this one"],
    ),
    "misspelt key": (
        header(descripton="x"),
        "document.unknown_key",
        ["Rename it to “description”", "Remove “descripton”"],
    ),
    "number beyond its limit": (
        flow() | {"errors": {"consecutive": 2000}},
        "document.out_of_range",
        ["Make it 1000"],
    ),
    "misspelt policy": (flow() | {"errors": {"policy": "abrt"}}, "document.not_a_choice", ["Use “abort”"]),
    "launch in the past": (
        flow(schedule={"frequency": "once", "at": "2017-12-31T09:00"}),
        "schedule.in_the_past",
        ["Launch as soon as possible"],
    ),
    "validity that is over": (
        flow(schedule={"frequency": "daily", "at": "09:00", "validity": {"until": "2017-12-31T09:00"}}),
        "schedule.validity_over",
        ["Remove the end"],
    ),
    "validity that is over, with a beginning": (
        flow(
            schedule={
                "frequency": "daily",
                "at": "09:00",
                "validity": {"from": "2017-12-01T09:00", "until": "2017-12-31T09:00"},
            }
        ),
        "schedule.validity_over",
        ["Remove the end"],
    ),
    "fifth weekday": (
        flow(
            schedule={
                "frequency": "monthly",
                "on": {"by": "weekday", "nth": "fifth", "weekday": "mon"},
                "at": "09:00",
            }
        ),
        "schedule.day_missing",
        ["Take the last one"],
    ),
}


@pytest.mark.parametrize("name", MENDED)
def test_every_fix_mends_and_breaks_nothing(name):
    data, code, expected = MENDED[name]
    assert labels(data, code) == expected


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (drawn(("a", "b"), a="step", b="finish"), "activity.too_few_inbound"),
        (drawn(a="step"), "activity.too_few_inbound"),
        (drawn(("b", "c"), ("c", "d"), b="step", c="step", d="finish", a="source"), "activity.unreachable"),
        (
            drawn(("a", "b"), ("b", "a"), ("s", "e"), a="step", b="step", s="source", e="finish"),
            "graph.cycle",
        ),
        (drawn(("b", "b"), ("s", "e"), b="step", s="source", e="finish"), "graph.cycle"),
        (drawn(("a", "b"), ("b", "c"), a="source", b="finish", c="finish"), "transition.after_end"),
        (flow({"id": "x", "type": "stepp", "config": {"nonsense": 1}}), "activity.unknown_type"),
        (flow({"id": "x", "type": "unheard_of"}), "activity.unknown_type"),
        (header(time_zone="Nowhere"), "campaign.unknown_zone"),
        (stepping(complement="perhaps"), "settings.not_a_boolean"),
        (flow({"id": "x", "type": "changer", "config": {"columns": 7}}), "settings.not_a_list"),
        (flow({"id": "x", "type": "step"}, {"id": "x", "type": "step"}), "document.repeated"),
    ],
)
def test_where_it_is_not_clear_what_is_meant_nothing_is_offered(data, code):
    assert labels(data, code) == []


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("agee", ["age", "name"], "age"),
        ("agee", ["age", "aged"], ""),
        ("xyz", ["age"], ""),
        ("", ["age"], ""),
    ],
)
def test_only_one_name_that_is_alike_is_meant(name, known, expected):
    assert near(name, known) == expected


def test_a_fix_of_a_document_that_changed_since_does_not_fit():
    data = flow({"id": "x", "type": "step", "config": {"nonsense": 1}})
    (problem,) = problems_of(data, lint)
    other = flow({"id": "y", "type": "step", "config": {"nonsense": 1}})
    assert [fix.fits(data) for fix in problem.fixes] == [True]
    assert [fix.fits(other) for fix in problem.fixes] == [False]


def test_the_places_of_fixes_move_with_the_problem():
    fix = changing("/x", "a", "b", "Use it")
    moved = Problem("code", "/x", "", "", fixes=(fix,)).under("/activities/0/config")
    assert [each.path for each in moved.fixes[0].operations] == ["/activities/0/config/x"] * 2
    assert patched({"x": "a"}, fix.operations) == {"x": "b"}


def test_fixes_are_told_only_where_there_are_some():
    fix = Fix("Remove it", (Operation("remove", "/x"),))
    told = {"label": "Remove it", "operations": [{"op": "remove", "path": "/x"}]}
    assert Problem("code", "/x", "", "", fixes=(fix,)).as_dict()["fixes"] == [told]
    assert "fixes" not in Problem("code", "/x", "", "").as_dict()


def test_a_problem_with_fixes_can_stand_in_a_set():
    assert (
        len({Problem("c", "/x", "", "", fixes=(changing("/x", [], {}, ""),)), Problem("c", "/x", "", "")})
        == 2
    )
    assert leaving_out("/x", "Remove it").fits({"x": 1})


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [("a", {"a"}, "a_2"), ("a", {"a", "a_2"}, "a_3"), ("abcd_fghijk", set(), "abcd_2")],
)
def test_a_free_name_is_one_nobody_has_and_not_too_long(name, taken, expected):
    assert free_name(name, taken, 9) == expected
