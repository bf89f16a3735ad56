from __future__ import annotations

import re

import pytest
from django.utils import translation

from campaigns.models import ChannelConfiguration
from orchestration.admin.channels import schema
from orchestration.channels import registered

HANGUL = re.compile("[가-힣]")


@pytest.mark.parametrize("provider", sorted(registered()))
def test_settings_of_every_provider_are_named_in_korean(provider: str) -> None:
    with translation.override("ko"):
        drawn = schema(ChannelConfiguration())["$defs"][provider]["properties"]
    titles = {name: part["title"] for name, part in drawn.items() if name != "provider"}
    assert len(titles) > 0
    assert {name for name, title in titles.items() if not HANGUL.search(title)} == set()


def test_a_setting_says_what_it_is_for() -> None:
    drawn = schema(ChannelConfiguration())["$defs"]["smtp"]["properties"]["password_env"]
    assert drawn["title"] == "Variable with the password"
    assert "MAIL_SECRET_" in drawn["description"]
