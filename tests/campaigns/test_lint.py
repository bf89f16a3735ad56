from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns import activity_types
from campaigns.activity_types import World
from campaigns.document import parse_document
from campaigns.lint import by_activity, lint_document, settings_problems
from campaigns.lint_codes import CODES
from campaigns.problems import ProblemsError, Severity
from campaigns.targeting.schema import Catalogue
from tests.campaigns.documents import PLAIN, example
from tests.campaigns.kinds import flow, kinds

__all__ = ["kinds"]

pytestmark = pytest.mark.usefixtures("kinds")
NOTHING = World(Catalogue({}, {}), {})
NOW = datetime(2018, 1, 1, tzinfo=UTC)


def problems(data):
    return lint_document(parse_document(data), NOTHING, now=NOW)


def found(data):
    return [(problem.code, problem.path) for problem in problems(data)]


def arrows(*pairs):
    return [{"from": a, "to": b} for a, b in pairs]


def drawn(*pairs, **types):
    parts = [{"id": name, "type": kind} for name, kind in types.items()]
    return flow() | {"activities": parts, "transitions": arrows(*pairs)}


def spread(count):
    couriers = {f"c{number}": "courier" for number in range(count)}
    return drawn(*(("a", name) for name in couriers), a="source", **couriers)


def going_back(to, *between):
    """Steps in a row, and then back."""
    return flow(*between, {"id": "again", "type": "returner", "config": {"to": to}})


def changer(name, dimension="household", *columns):
    return {"id": name, "type": "changer", "config": {"dimension": dimension, "columns": list(columns)}}


STEP = {"id": "work", "type": "step"}
JOINED = {
    "activities": [
        {"id": "a", "type": "source"},
        {"id": "b", "type": "source"},
        {"id": "c", "type": "finish"},
        {"id": "d", "type": "returner", "config": {"to": "c"}},
    ],
    "transitions": arrows(("a", "c"), ("b", "c"), ("c", "d")),
}

SELECTING = {
    "activities": [
        {"id": "a", "type": "source"},
        {"id": "b", "type": "source"},
        {"id": "c", "type": "returner", "config": {"to": "b"}},
    ],
    "transitions": arrows(("a", "b"), ("b", "c")),
}


# Found only where there is a campaign to compare with, or a library: tests of drafts and of audiences do.
STORED = {"activity.id_taken", "audience.archived"}
CASES = {
    "activity.unknown_type": (flow({"id": "x", "type": "stepp"}), "/activities/1/type"),
    "activity.too_few_inbound": (drawn(a="source", b="finish"), "/activities/1"),
    "activity.too_many_inbound": (
        drawn(("a", "c"), ("b", "c"), a="source", b="source", c="step"),
        "/activities/2",
    ),
    "activity.unreachable": (drawn(("b", "c"), a="source", b="step", c="finish"), "/activities/2"),
    "transition.unknown_source": (flow() | {"transitions": arrows(("peple", "over"))}, "/transitions/0/from"),
    "transition.unknown_target": (flow() | {"transitions": arrows(("people", "ovr"))}, "/transitions/0/to"),
    "transition.unknown_port": (
        flow() | {"transitions": [{"from": "people", "port": "complement", "to": "over"}]},
        "/transitions/0/port",
    ),
    "transition.after_end": (
        drawn(("a", "b"), ("b", "c"), a="source", b="finish", c="finish"),
        "/transitions/1/from",
    ),
    "graph.empty": (drawn(), "/activities"),
    "graph.no_start": (drawn(("a", "b"), a="step", b="finish"), "/activities"),
    "graph.cycle": (
        drawn(("a", "b"), ("b", "a"), ("s", "e"), a="step", b="step", s="source", e="finish"),
        "/activities/0",
    ),
    "graph.too_many_channels": (spread(11), "/activities/11"),
    "jump.unknown": (going_back("wrk", STEP), "/activities/2/config/to"),
    "jump.not_back": (going_back("over", STEP), "/activities/2/config/to"),
    "jump.arrows": (flow() | JOINED, "/activities/3/config/to"),
    "jump.source": (flow() | SELECTING, "/activities/2/config/to"),
    "jump.nobody": (going_back("work", changer("quiet", ""), STEP), "/activities/3/config/to"),
    "jump.dimension": (going_back("work", STEP, changer("other", "member")), "/activities/3/config/to"),
    "jump.column": (
        going_back("work", changer("more", "household", "score"), STEP, changer("less")),
        "/activities/4/config/to",
    ),
    "campaign.unknown_zone": (
        flow() | {"campaign": {"slug": "a", "name": "A", "time_zone": "Europe/Seoul"}},
        "/campaign/time_zone",
    ),
    "variable.wrong_value": (
        flow() | {"variables": {"limit": {"type": "number", "value": "many"}}},
        "/variables/limit/value",
    ),
}


@pytest.mark.parametrize("code", sorted(CODES.keys() - STORED))
def test_every_code_is_found_at_its_place(code):
    data, path = CASES[code]
    assert (code, path) in found(data)
    assert all(problem.message and problem.remedy for problem in problems(data))
    assert not any("%(" in problem.message + problem.remedy for problem in problems(data))


def test_a_sound_campaign_has_no_problems():
    assert found(flow({"id": "x", "type": "step"})) == []


def test_a_way_back_that_brings_what_the_arrow_brings_and_more_has_no_problems():
    assert found(going_back("work", changer("some", "household", "score"), STEP)) == []
    more = changer("more", "household", "age", "score")
    assert found(going_back("work", changer("some", "household", "score"), STEP, more)) == []


def test_nobody_goes_back_to_where_they_are():
    assert found(going_back("again", STEP)) == [("jump.not_back", "/activities/2/config/to")]


def test_no_arrow_leaves_by_a_way_back():
    data = going_back("work", STEP)
    data["transitions"].append({"from": "again", "port": "back", "to": "over"})
    assert ("transition.unknown_port", "/transitions/3/port") in found(data)


def test_what_cannot_be_repeated_is_found_behind_what_people_go_back_to_and_only_there():
    once = changer("once", "household", "once")
    assert found(going_back("work", once, STEP)) == []
    assert found(going_back("work", STEP, once)) == [("changer.once", "/activities/2/config/columns")]


def test_ten_channels_are_allowed():
    assert found(spread(10)) == []


@pytest.mark.parametrize(
    ("config", "code", "path"),
    [
        ({"complement": "perhaps"}, "settings.not_a_boolean", "/activities/1/config/complement"),
        ({"complemnt": True}, "settings.unknown_key", "/activities/1/config/complemnt"),
        ({"needs": 3}, "settings.not_a_text", "/activities/1/config/needs"),
    ],
)
def test_wrong_settings_are_found_at_their_place(config, code, path):
    assert found(flow({"id": "x", "type": "step", "config": config})) == [(code, path)]


def test_types_judge_what_arrives_through_several_activities():
    far = {"id": "b", "type": "step", "config": {"needs": "visit"}}
    (problem,) = problems(flow({"id": "a", "type": "step"}, far))
    assert (problem.code, problem.path, problem.activity) == (
        "step.dimension",
        "/activities/2/config/needs",
        "b",
    )
    assert problem.message == "It is household."


def test_a_type_is_not_asked_while_something_before_it_is_wrong():
    wrong = {"id": "a", "type": "step", "config": {"nonsense": 1}}
    far = {"id": "b", "type": "step", "config": {"needs": "visit"}}
    assert [code for code, _ in found(flow(wrong, far))] == ["settings.unknown_key"]


def test_problems_of_the_schedule_stand_under_it():
    assert found(flow(schedule={"frequency": "daily"})) == [("schedule.missing", "/schedule/at")]
    assert found(flow(schedule={"frequency": "once", "at": "2017-12-31T09:00"})) == [
        ("schedule.in_the_past", "/schedule/at")
    ]


def test_a_doubtful_schedule_is_a_warning():
    (problem,) = problems(flow(schedule={"frequency": "every", "interval": 5, "unit": "minutes"}))
    assert (problem.severity, problem.path.startswith("/schedule")) == (Severity.WARNING, True)


@pytest.mark.parametrize(
    ("kind", "value", "fits"),
    [
        ("number", "12.50", True),
        ("number", 12.5, True),
        ("number", "NaN", False),
        ("number", True, False),
        ("date", "2018-01-31", True),
        ("date", "2018-02-30", False),
        ("date", "20180131", False),
        ("boolean", True, True),
        ("boolean", "true", False),
        ("text", "", True),
        ("text", None, True),
    ],
)
def test_values_of_variables_have_their_type(kind, value, fits):
    data = flow() | {"variables": {"x": {"type": kind, "value": value}}}
    assert found(data) == ([] if fits else [("variable.wrong_value", "/variables/x/value")])


def test_problems_are_sorted_by_activity():
    grouped = by_activity(problems(flow({"id": "x", "type": "stepp"}, schedule={"frequency": "daily"})))
    assert {name: len(some) for name, some in grouped.items()} == {"": 1, "x": 1}


@st.composite
def drawings(draw):
    """Documents of every registered type, with settings of its own fields, right and wrong."""
    parts = []
    for number in range(draw(st.integers(1, 6))):
        name = draw(st.sampled_from(sorted(activity_types.registered())))
        fields = list(activity_types.get(name).Config.model_fields)
        keys = st.sampled_from(fields) if fields else st.nothing()
        config = draw(st.dictionaries(keys, PLAIN, max_size=4)) if fields else {}
        parts.append({"id": f"a{number}", "type": name, "config": config})
    ids = [part["id"] for part in parts]
    pair = st.tuples(
        st.sampled_from(ids), st.sampled_from(["main", "complement", "sent"]), st.sampled_from(ids)
    )
    pairs = draw(st.lists(pair, max_size=8, unique=True))
    return flow() | {
        "activities": parts,
        "transitions": [{"from": a, "port": p, "to": b} for a, p, b in pairs],
    }


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=drawings())
def test_whatever_is_drawn_is_judged(data):
    try:
        document = parse_document(data)
    except ProblemsError:
        return
    assert all(
        problem.code and problem.path.startswith("/") for problem in lint_document(document, NOTHING, now=NOW)
    )


def test_what_cannot_be_read_is_told_from_what_is_merely_wrong() -> None:
    codes = {
        (problem.code, problem.path)
        for problem in settings_problems(
            parse_document(
                example(
                    activities=[
                        {"id": "lapsed", "type": "unheard_of"},
                        {"id": "done", "type": "end", "config": {"more": 1}},
                        {"id": "alone", "type": "end"},
                    ]
                )
            )
        )
    }
    assert codes == {
        ("activity.unknown_type", "/activities/0/type"),
        ("settings.unknown_key", "/activities/1/config/more"),
    }
