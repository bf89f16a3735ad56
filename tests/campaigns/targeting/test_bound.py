from __future__ import annotations

import pytest

from tests.campaigns.targeting.conftest import Company

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", [-(2**63) - 1, -(2**63), 2**63 - 1, 2**63])
def test_whole_numbers_at_the_edge_of_what_the_server_counts_with_are_compared(
    company: Company, number: int
) -> None:
    rule = {"kind": "condition", "attribute": "id", "operator": "less", "value": number}
    assert company.selected(rule) == (company.everyone() if number > 0 else set())
