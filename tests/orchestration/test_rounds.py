"""Whole runs that go round: who comes back, what each round sees, and how it ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection
from psycopg import sql

from campaigns.document import as_data, parse_document
from campaigns.drafts import load_draft, save_draft
from campaigns.lint import lint_campaign
from campaigns.models import Audience, Campaign
from campaigns.problems import errors_of
from orchestration import iterations
from orchestration.execution import execute_activity
from orchestration.forecasts import forecast
from orchestration.models import CampaignRun, Iteration, Population
from orchestration.run_counts import port_counts, round_counts, together, transition_counts
from orchestration.run_pictures import run_picture
from orchestration.runs import document_of, start_test_run, wake_run
from tests.orchestration.engine import document_drawn, draft, problems, work_off
from tests.orchestration.going_round import (
    ALL,
    END,
    WAIT,
    Counts,
    first_two,
    fork,
    hold,
    jump,
    launched,
    make_people,
    more_than,
    parents,
    round_counts_of,
    simple,
    states_of,
    waiting,
)

pytestmark = pytest.mark.django_db
PEOPLE = 10


@pytest.fixture(autouse=True)
def _people(db: None) -> None:
    make_people(PEOPLE)


def ran(campaign: Campaign, **options: Any) -> CampaignRun:
    run = work_off(start_test_run(campaign, **options))
    assert problems(run) == {}
    return run


UNSOUND = [
    (jump("nowhere"), "There is no activity “nowhere” to go back to. Known here: all, hold."),
    (jump("hlod"), "Did you mean: hold?"),
    (jump("end"), "To go on, draw a transition."),
    (jump("again"), "“again” does not stand before this activity"),
    (jump("all"), "0 transitions arrive at “all”"),
]


@pytest.mark.parametrize(("back", "problem"), UNSOUND)
def test_a_draft_that_its_lint_refuses_fails_in_a_test_and_does_not_hang(
    back: dict[str, Any], problem: str
) -> None:
    made = draft("unsound", [ALL, hold(), back, END], ["all hold", "hold.main again", "again.main end"])
    assert [each.path for each in errors_of(lint_campaign(made))] == ["/activities/0/config/to"]
    run = work_off(start_test_run(made))
    assert run.state == "failed"
    assert problem in problems(run)["again"]
    assert not run.iterations.exists()


def test_nobody_begins_no_round_and_the_run_is_over() -> None:
    nobody = {
        **ALL,
        "config": {
            **ALL["config"],
            "rule": {"kind": "condition", "attribute": "id", "operator": "less", "value": 0},
        },
    }
    made = draft(
        "nobody", [nobody, hold(), jump("hold"), END], ["all hold", "hold.main again", "again.main end"]
    )
    run = ran(made)
    assert (run.state, states_of(run, 0)["again"], states_of(run, 0)["end"]) == (
        "completed",
        "succeeded",
        "dead",
    )
    assert not run.iterations.exists()


@pytest.mark.parametrize("most", [1, 3, 20])
def test_each_round_has_those_the_one_before_sent_back(most: int) -> None:
    """Of ten people one is withheld a round; after nine rounds nobody is left to come back."""
    run = ran(simple(most))
    assert run.state == "completed"
    left = [PEOPLE - 1 - number for number in range(min(most, PEOPLE - 1) + 1)]
    found = round_counts_of(run)
    assert found["hold.main"] == left
    assert [people for people in found["again.back"] if people is not None] == left[:-1]
    assert found["again.main"][-1] == (left[-1] or None)
    assert parents(run) == {number: number - 1 for number in range(1, len(left))}


def reference(people: set[int], most: int) -> Counts:
    """Wait, split, test and jump over plain sets."""
    found: Counts = {}

    def left(port: str, keys: set[int] | None) -> None:
        found.setdefault(port, []).append(None if keys is None else len(keys))

    left("all.main", people)
    rounds = 0
    while True:
        left("wait.main", people)
        done = set(sorted(people)[:2])
        rest = people - done
        left("parts.done", done)
        left("parts.complement", rest)
        many = len(rest) > 3
        left("test.many", rest if many else None)
        left("test.default", None if many else rest)
        if not many:
            return found
        back = rounds < most
        left("again.main", None if back else rest)
        left("again.back", rest if back else None)
        if not back:
            return found
        people, rounds = rest, rounds + 1


def drip(most: int) -> Campaign:
    arrows = [
        "all wait",
        "wait parts",
        "parts.done reached",
        "parts.complement test",
        "test.many again",
        "test.default end",
        "again.main used-up",
    ]
    ends = [{"id": "reached", "type": "end"}, END, {"id": "used-up", "type": "end"}]
    return draft("drip", [ALL, WAIT, first_two(), more_than(3), jump("wait", most), *ends], arrows)


@pytest.mark.parametrize("most", [1, 2, 3, 10])
def test_wait_test_and_jump_count_what_plain_sets_count(most: int) -> None:
    run = ran(drip(most))
    assert run.state == "completed"
    assert round_counts_of(run) == reference(set(range(1, PEOPLE + 1)), most)


def test_every_round_of_a_run_that_waits_for_real_waits_for_itself() -> None:
    run = ran(drip(2), real_waits=True)
    for number in range(3):
        assert (states_of(run, number)["wait"], run.iterations.count()) == ("waiting", number)
        pk = run.activity_runs.get(activity_id="wait", iteration=number).pk
        assert not execute_activity(pk)
        assert wake_run(run) == PEOPLE - 2 * number
        assert execute_activity(pk)
        work_off(run)
    run.refresh_from_db()
    assert run.state == "completed"
    assert round_counts_of(run) == reference(set(range(1, PEOPLE + 1)), 2)


def test_a_branch_that_dies_in_one_round_lives_in_another() -> None:
    """The fourth round has too few people to go on."""
    run = ran(drip(10))
    assert [states_of(run, number)["end"] for number in range(4)] == ["dead", "dead", "dead", "succeeded"]
    assert [states_of(run, number)["again"] for number in range(4)] == [*["succeeded"] * 3, "dead"]
    assert [states_of(run, number)["reached"] for number in range(4)] == ["succeeded"] * 4


def joined(*arrows: str, also: Sequence[dict[str, Any]] = ()) -> Campaign:
    """Everybody goes round and everybody, once, to a join inside the round."""
    both = {"id": "both", "type": "combine", "config": {"operation": "intersection", "primary": "hold.main"}}
    return draft("joined", [ALL, fork(), hold(), both, END, *also], ["all fork", "fork.x hold", *arrows])


def test_an_arrow_from_outside_brings_in_each_round_what_it_brought_at_first() -> None:
    arrows = ["fork.y both", "hold.main both", "both again", "again.main end"]
    run = ran(joined(*arrows, also=[jump("hold", 2)]))
    assert run.state == "completed"
    assert round_counts_of(run)["both.main"] == [9, 8, 7]
    assert round_counts_of(run)["fork.y"] == [10]


def test_later_rounds_wait_for_a_branch_outside_that_is_under_way() -> None:
    """The way back does not pass the join: three rounds are at it before the branch arrives."""
    both = {"id": "both", "type": "combine", "config": {"operation": "intersection", "primary": "ways.x"}}
    arrows = [
        "all fork",
        "fork.x hold",
        "hold.main ways",
        "ways.x both",
        "ways.y again",
        "fork.y wait",
        "wait both",
        "both end",
    ]
    made = draft("slow", [ALL, fork(), hold(), fork("ways"), both, jump("hold", 2), WAIT, END], arrows)
    run = ran(made, real_waits=True)
    assert run.state == "running"
    assert round_counts_of(run)["hold.main"] == [9, 8, 7]
    assert "both.main" not in round_counts_of(run)
    wake_run(run)
    execute_activity(run.activity_runs.get(activity_id="wait").pk)
    assert work_off(run).state == "completed"
    assert round_counts_of(run)["both.main"] == [9, 8, 7]


def test_nested_jumps_share_the_rounds_of_the_run() -> None:
    """Two rounds of the inner one, then two of the outer one, in which the inner one has none left."""
    arrows = ["all a", "a.main b", "b.main inner", "inner.main outer", "outer.main end"]
    activities = [ALL, hold("a"), hold("b"), jump("b", 2, "inner"), jump("a", 2, "outer"), END]
    run = ran(draft("nested", activities, arrows))
    assert run.state == "completed"
    found = round_counts_of(run)
    assert found["a.main"] == [9, 5, 3]
    assert found["b.main"] == [8, 7, 6, 4, 2]
    assert found["inner.back"] == [8, 7, None, None, None]
    assert found["outer.back"] == [6, 4, None]
    assert found["outer.main"] == [None, None, 2]
    assert parents(run) == {1: 0, 2: 1, 3: 2, 4: 3}


def test_two_jumps_that_fire_in_one_round_begin_one_each() -> None:
    """Each brings everybody; the four rounds that both have together are all there are."""
    arrows = ["all hold", "hold.main fork", "fork.x one", "fork.y two", "one.main end", "two.main end"]
    activities = [ALL, hold(), fork(), jump("hold", 2, "one"), jump("hold", 2, "two"), END]
    run = ran(draft("both", activities, arrows))
    assert run.state == "completed"
    assert sorted(run.iterations.values_list("number", flat=True)) == [1, 2, 3, 4]
    begun = list(run.iterations.values_list("jump__activity_id", flat=True))
    assert sorted(begun) == ["one", "one", "two", "two"]
    for number, parent in parents(run).items():
        assert _main(run, number) == _main(run, parent) - 1
    _conserves(run)


def _main(run: CampaignRun, number: int) -> int:
    rows = Population.objects.filter(activity_run__run=run, activity_run__iteration=number)
    return rows.get(activity_run__activity_id="hold", port="main").row_count or 0


def _conserves(run: CampaignRun) -> None:
    """Over all rounds: what arrows and ways back bring to an activity has come in, and what came in has left."""
    document, rounds = document_of(run), round_counts(run, document_of(run))
    activities = together(rounds)
    arrows = transition_counts(document, activities)
    ports = port_counts(run)
    for each in activities:
        came = sum(arrow.rows or 0 for arrow in arrows if arrow.target == each.part.id)
        came += sum(
            count
            for (source, port), count in ports.items()
            if port == "back" and document.activity(source).config["to"] == each.part.id
        )
        left = sum(count for (source, _port), count in ports.items() if source == each.part.id)
        if document.graph.into(each.part.id):
            assert (each.rows_in or 0) == came
        if each.part.type in ("control_group", "jump"):
            assert left == came


@pytest.mark.parametrize("most", [1, 4])
def test_jumps_that_go_back_into_each_other_end(most: int) -> None:
    """The first goes back to before the second's target, which lies before the first."""
    arrows = ["all a", "a.main one", "one.main b", "b.main two", "two.main end"]
    activities = [ALL, hold("a"), jump("a", most, "one"), hold("b"), jump("one", most, "two"), END]
    run = ran(draft("circle", activities, arrows))
    assert run.state == "completed"
    assert run.iterations.count() <= 2 * most
    _conserves(run)


def test_a_run_that_goes_round_too_often_fails_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(iterations, "MOST_ROUNDS", 3)
    run = work_off(start_test_run(simple(9)))
    assert run.state == "failed"
    assert "gone round 3 times" in problems(run)["again"]
    assert run.iterations.count() == 3


EARLY = {
    "id": "early",
    "type": "enrichment",
    "config": {"add": [{"kind": "attribute", "attribute": "name", "name": "called"}]},
}


def test_a_column_is_added_again_in_each_round() -> None:
    """People come back with the columns that the arrow brought at first, and not with those of the last round."""
    add = {"kind": "attribute", "attribute": "city", "name": "town"}
    here = {"kind": "condition", "attribute": "@town", "operator": "equal", "value": "Busan"}
    activities = [
        ALL,
        EARLY,
        {"id": "add", "type": "enrichment", "config": {"add": [add]}},
        hold(),
        {"id": "use", "type": "split", "config": {"subsets": [{"id": "in", "rule": here}]}},
        jump("add", 2),
        END,
    ]
    arrows = ["all early", "early add", "add hold", "hold.main use", "use.in again", "again.main end"]
    made = draft("again", activities, arrows)
    assert errors_of(lint_campaign(made)) == ()
    run = ran(made)
    assert run.state == "completed"
    rows = Population.objects.filter(activity_run__run=run, activity_run__activity_id="add")
    columns = [[column["slug"] for column in row.columns] for row in rows]
    assert columns == [["called", "town"]] * 3
    assert round_counts_of(run)["use.in"] == [9, 8, 7]


def test_who_comes_back_to_where_nobody_was_yet_has_the_columns_that_are_expected_there() -> None:
    """In the first round the way over `add` is skipped; who goes round it has its column from elsewhere."""
    town = {"add": [{"kind": "attribute", "attribute": "city", "name": "town"}]}
    nobody = {"kind": "condition", "attribute": "id", "operator": "less", "value": 0}
    subsets = {"subsets": [{"id": "gone", "rule": nobody, "skip_empty": True}, {"id": "rest"}]}
    activities = [
        ALL,
        {"id": "parts", "type": "split", "config": subsets},
        {"id": "add", "type": "enrichment", "config": town},
        {"id": "also", "type": "enrichment", "config": town},
        {"id": "both", "type": "combine", "config": {"operation": "union", "primary": "also"}},
        jump("add", 1),
        END,
    ]
    arrows = [
        "all parts",
        "parts.gone add",
        "parts.rest also",
        "add both",
        "also both",
        "both again",
        "again.main end",
    ]
    made = draft("skips", activities, arrows)
    assert errors_of(lint_campaign(made)) == ()
    run = ran(made)
    assert (run.state, states_of(run, 0)["add"], states_of(run, 1)["add"]) == (
        "completed",
        "dead",
        "succeeded",
    )
    assert round_counts_of(run)["again.main"][-1] == PEOPLE


def test_what_people_lose_on_their_way_keeps_them_from_going_back() -> None:
    common = {"operation": "intersection", "primary": "hold", "keep": "common"}
    both = {"id": "both", "type": "combine", "config": common}
    arrows = [
        "all fork",
        "fork.x early",
        "early hold",
        "hold.main both",
        "fork.y both",
        "both again",
        "again.main end",
    ]
    made = draft("loses", [ALL, fork(), EARLY, hold(), both, jump("hold"), END], arrows)
    (problem,) = errors_of(lint_campaign(made))
    assert (problem.code, problem.activity, problem.path) == (
        "jump.column",
        "again",
        "/activities/0/config/to",
    )
    assert "@called" in problem.message


def save(mode: str) -> dict[str, Any]:
    return {"id": "save", "type": "save_audience", "config": {"audience": "seen", "mode": mode}}


def saving(mode: str) -> Campaign:
    """Each round saves the two of the lowest keys."""
    arrows = ["all parts", "parts.done save", "parts.complement again", "again.main end"]
    return draft("saving", [ALL, first_two(), save(mode), jump("parts", 2), END], arrows)


@pytest.mark.parametrize(("mode", "members"), [("append", {1, 2, 3, 4, 5, 6}), ("overwrite", {5, 6})])
def test_an_audience_holds_those_of_all_rounds_or_of_the_last(mode: str, members: set[int]) -> None:
    run = work_off(launched(saving(mode)))
    assert (run.state, problems(run)) == ("completed", {})
    table = sql.Identifier("audience", Audience.objects.get().table_name)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT key FROM {}").format(table))
        assert {row[0] for row in cursor.fetchall()} == members


def read(activity_id: str = "read") -> dict[str, Any]:
    return {"id": activity_id, "type": "read_audience", "config": {"audience": "seen"}}


@pytest.mark.parametrize("is_test", [True, False], ids=["test", "live"])
@pytest.mark.parametrize(("mode", "members"), [("append", [2, 4, 6]), ("overwrite", [2, 2, 2])])
def test_what_rounds_save_is_read_alike_in_a_test_and_for_real(
    is_test: bool, mode: str, members: list[int]
) -> None:
    arrows = [
        "all parts",
        "parts.done save",
        "save.main read",
        "parts.complement join",
        "read join",
        "join again",
    ]
    join = {"id": "join", "type": "and_join", "config": {"primary": "parts.complement"}}
    made = draft("reads", [ALL, first_two(), save(mode), read(), join, jump("parts", 2)], arrows)
    run = work_off(start_test_run(made) if is_test else launched(made))
    assert (run.state, problems(run)) == ("completed", {})
    assert round_counts_of(run)["read.main"] == members
    assert Audience.objects.exists() is not is_test


@pytest.mark.parametrize("is_test", [True, False], ids=["test", "live"])
def test_the_next_round_reads_what_the_one_before_saved_further_on(is_test: bool) -> None:
    """The rule stands before the saving: it lets through whom the round before has not saved."""
    made = draft("fresh", [ALL, first_two(), save("overwrite")], ["all parts", "parts.done save"])
    work_off(launched(made))
    unseen = {"kind": "member", "audience": "seen", "negate": True}
    fresh = {"id": "fresh", "type": "split", "config": {"subsets": [{"id": "new", "rule": unseen}]}}
    join = {"id": "join", "type": "and_join", "config": {"primary": "fresh.new"}}
    activities = [ALL, fresh, first_two(), save("overwrite"), join, jump("fresh", 2)]
    arrows = [
        "all fresh",
        "fresh.new parts",
        "parts.done save",
        "save.main join",
        "fresh.new join",
        "join again",
    ]
    changed = document_drawn("fresh", activities, arrows)
    made.refresh_from_db()
    made = save_draft(made, changed, if_match=made.draft_hash)
    run = work_off(start_test_run(made) if is_test else launched(made))
    assert (run.state, problems(run)) == ("completed", {})
    assert round_counts_of(run)["fresh.new"] == [8, 6, 4]


def test_an_audience_cannot_be_created_in_a_round() -> None:
    found = [(each.code, each.path) for each in lint_campaign(saving("create"))]
    assert found == [("save_audience.created_again", "/activities/4/config/mode")]


def test_an_incremental_query_cannot_be_repeated() -> None:
    query = {"id": "new", "type": "incremental_query", "config": {"dimension": "person", "dated": "id"}}
    arrows = ["all hold", "hold.main new", "new again", "again.main end"]
    made = draft("reads", [ALL, hold(), query, jump("hold"), END], arrows)
    assert ("incremental_query.in_a_round", "new") in {
        (each.code, each.activity) for each in lint_campaign(made)
    }
    first = draft(
        "first", [query, hold(), jump("hold"), END], ["new hold", "hold.main again", "again.main end"]
    )
    assert "incremental_query.in_a_round" not in {each.code for each in lint_campaign(first)}


def test_a_plan_goes_round_and_counts_each_person_once() -> None:
    ran(simple(1))
    runs, begun = CampaignRun.objects.count(), Iteration.objects.count()
    data = as_data(load_draft(Campaign.objects.get(slug="simple")))
    data["activities"][0]["config"]["most"] = 3
    found = {(each.activity, each.port): each for each in forecast(parse_document(data)).changes}
    passed, held = found["hold", "main"], found["hold", "control"]
    assert (passed.now, passed.before, passed.stay, passed.enter) == (9, 9, 9, 0)
    assert (held.now, held.before, held.stay, held.enter) == (4, 2, 2, 2)
    assert (CampaignRun.objects.count(), Iteration.objects.count()) == (runs, begun)


def test_counts_are_those_of_all_rounds_and_each_is_told() -> None:
    run = ran(simple(2))
    _conserves(run)
    assert port_counts(run) == {
        ("all", "main"): 10,
        ("hold", "main"): 24,
        ("hold", "control"): 3,
        ("again", "back"): 17,
        ("again", "main"): 7,
    }
    rounds = round_counts(run, document_of(run))
    assert [[each.part.id for each in one.activities] for one in rounds] == [
        ["all", "hold", "again", "end"],
        ["hold", "again", "end"],
        ["hold", "again", "end"],
    ]
    assert [one.activities[-3].rows_in for one in rounds] == [10, 9, 8]
    picture = run_picture(run)
    assert picture["ports"]["again.back"] == "17"
    assert picture["activities"]["end"]["state"] == "succeeded"


def test_what_is_under_way_in_some_round_is_what_the_drawing_shows() -> None:
    run = ran(waiting(2), real_waits=True)
    wake_run(run)
    execute_activity(run.activity_runs.get(activity_id="wait").pk)
    work_off(run)
    assert run_picture(run)["activities"]["wait"]["state"] == "waiting"
    assert run_picture(run)["activities"]["hold"]["state"] == "succeeded"
