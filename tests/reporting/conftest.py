from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ledger import forget_events


@pytest.fixture(autouse=True)
def _events_end_with_their_test(request: pytest.FixtureRequest) -> Iterator[None]:
    marker = request.node.get_closest_marker("django_db")
    committing = marker is not None and marker.kwargs.get("transaction", False)
    if committing:
        request.getfixturevalue("transactional_db")
    yield
    if committing:
        forget_events()
