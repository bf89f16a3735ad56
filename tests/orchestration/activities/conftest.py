from __future__ import annotations

import pytest

from tests.orchestration.playground import Rows, company, open_company


@pytest.fixture(params=range(3))
def shop(request: pytest.FixtureRequest, db: None) -> Rows:
    """The small company, filled by chance; a test runs in each of a few."""
    rows = company(request.param)
    open_company(rows)
    return rows


@pytest.fixture
def small_shop(db: None) -> Rows:
    """One small company, for tests whose answer is plain to see."""
    rows = company(7, people=12)
    open_company(rows)
    return rows
