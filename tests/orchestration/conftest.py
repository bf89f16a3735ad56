from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Committed = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Committed:
    """Does what is due after the commit of an act, too."""

    def act(work: Callable[[], Any]) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return work()

    return act
