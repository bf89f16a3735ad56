from __future__ import annotations

import pytest

from orchestration.models import Delivery
from orchestration.run_counts import (
    Progress,
    message_counts,
    port_counts,
    progress_of,
    round_counts,
    together,
    transition_counts,
)
from orchestration.runs import document_of, start_test_run
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import draft, email, make_channel, work_off

pytestmark = pytest.mark.django_db


def test_nobody_to_write_to_is_no_progress() -> None:
    assert progress_of({}) == progress_of({"excluded": 9}) == Progress(0, 0, 0)


def test_the_parts_of_the_progress_are_the_whole() -> None:
    found = progress_of(
        {"excluded": 4, "sent": 3, "unknown": 1, "ready": 2, "failed_permanent": 5, "expired": 1}
    )
    assert (found.total, found.sent, found.remaining, found.failed) == (12, 4, 2, 6)


def test_a_run_is_counted_from_its_first_moment_to_its_last() -> None:
    dimension = make_dimension()
    for key in range(3):
        add_person(dimension, key)
    make_channel()
    everybody = {"id": "zall", "type": "build_audience", "config": {"dimension": "person"}}
    run = start_test_run(draft("counted", [everybody, email("amail")], ["zall amail"]))
    document = document_of(run)
    begun = together(round_counts(run, document))
    assert [(each.part.id, each.done is None, each.ports) for each in begun] == [
        ("zall", False, ()),
        ("amail", True, ()),
    ]
    (arrow,) = transition_counts(document, begun)
    assert (arrow.rows, arrow.activated) == (None, None)
    ended = together(round_counts(work_off(run), document))
    (arrow,) = transition_counts(document, ended)
    assert (arrow.source, arrow.port, arrow.target, arrow.rows) == ("zall", "main", "amail", 3)
    assert port_counts(run)["zall", "main"] == 3
    delivery = Delivery.objects.get()
    assert message_counts([delivery]) == {delivery.pk: {"excluded": 3}}
