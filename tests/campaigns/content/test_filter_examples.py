from __future__ import annotations

from campaigns.content.filter_examples import EXAMPLES, described_filters
from campaigns.content.filters import FILTERS


def test_every_filter_has_an_example_that_shows_what_it_does() -> None:
    assert EXAMPLES.keys() == FILTERS.keys()
    found = {each.name: each for each in described_filters()}
    assert all(each.written.startswith(name) for name, each in found.items())
    assert found["date"].gives == "31.01.2018"
    assert found["where"].gives == "Bo, Cy"
    assert [name for name, each in found.items() if each.gives == ""] == []
