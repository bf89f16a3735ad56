from __future__ import annotations

from tests.orchestration.playground import Rows, came, play, signal


def test_whoever_arrives_is_counted_and_goes_no_further(small_shop: Rows) -> None:
    played = play("end", {}, came("a", [1, 2]), came("b", [3]), signal("c"))
    assert (played.state, played.ports) == ("succeeded", {})
    assert played.activity_run.rows_in == 3
