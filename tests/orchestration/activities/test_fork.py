from __future__ import annotations

import pytest

from tests.orchestration.playground import Rows, came, codes, play, signal

BRANCHES = {"branches": [{"id": "mail", "label": "By mail"}, {"id": "phone"}]}


def test_one_branch_is_no_fork() -> None:
    with pytest.raises(ValueError, match="at least 2 items"):
        codes("fork", {"branches": [{"id": "a"}]})


def test_branches_need_names_of_their_own() -> None:
    config = {"branches": [{"id": "a"}, {"id": "a"}]}
    assert codes("fork", config) == {("fork.repeated_branch", "/branches/1/id")}


def test_every_branch_goes_on_with_everybody_and_copies_nothing(small_shop: Rows) -> None:
    played = play("fork", BRANCHES, came("a", [1, 2]))
    assert played.counts() == {"mail": 2, "phone": 2}
    tables = {row.table_name for row in played.activity_run.populations.all()}
    assert tables == {"in_a_main"}
    assert not played.activity_run.populations.filter(owns_table=True).exists()


def test_at_the_start_it_passes_the_signal_on(small_shop: Rows) -> None:
    for inbound in ([], [signal("a")]):
        played = play("fork", {}, *inbound)
        rows = played.activity_run.populations.values_list("port", "activated", "row_count")
        assert list(rows) == [("branch-1", True, None), ("branch-2", True, None)]
