from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from orchestration.runs import start_test_run
from tests.orchestration.engine import work_off
from tests.orchestration.going_round import make_people, simple

pytestmark = pytest.mark.django_db


def test_a_run_that_goes_round_is_told_as_a_whole_and_round_by_round(viewer: APIClient) -> None:
    make_people(5)
    run = work_off(start_test_run(simple(2)))
    answer = viewer.get(f"/api/v1/runs/{run.pk}/").json()
    whole = {each["id"]: each for each in answer["activities"]}
    assert (whole["hold"]["rows_in"], whole["again"]["rows_in"]) == (5 + 4 + 3, 4 + 3 + 2)
    arrows = {(each["from"], each["port"], each["to"]): each["rows"] for each in answer["transitions"]}
    assert arrows == {("all", "main", "hold"): 5, ("hold", "main", "again"): 9, ("again", "main", "end"): 2}
    told = [(each["number"], each["parent"], each["jump"], each["to"]) for each in answer["rounds"]]
    assert told == [(0, None, None, None), (1, 0, "again", "hold"), (2, 1, "again", "hold")]
    held = [each for one in answer["rounds"] for each in one["activities"] if each["id"] == "hold"]
    assert [each["rows_in"] for each in held] == [5, 4, 3]
    assert [port["rows"] for each in held for port in each["ports"] if port["port"] == "main"] == [4, 3, 2]


def test_a_run_without_a_jump_has_one_round(viewer: APIClient) -> None:
    make_people(2)
    run = start_test_run(simple())
    (only,) = viewer.get(f"/api/v1/runs/{run.pk}/").json()["rounds"]
    assert (only["number"], only["begun_at"]) == (0, None)
    assert [each["id"] for each in only["activities"]] == ["all", "hold", "again", "end"]
    assert [each["state"] for each in only["activities"]] == ["pending", None, None, None]
