"""Rules are tried on the small company that the tests of targeting have."""

from __future__ import annotations

from tests.campaigns.targeting.conftest import company, described, rule_seed

__all__ = ["company", "described", "rule_seed"]
