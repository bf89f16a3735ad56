import pytest
from django.contrib.auth.models import AnonymousUser

from campaigns.audit import record, through

pytestmark = pytest.mark.django_db


def test_nobody_is_named_where_nobody_is_known():
    entry = record("campaign.close", "campaign one", by=AnonymousUser())
    assert (entry.actor, entry.actor_name, entry.door) == (None, "", "")


def test_the_outermost_door_counts_and_closes_behind():
    with through("api"), through("command"):
        inside = record("campaign.close", "campaign one")
    assert (inside.door, record("campaign.close", "campaign one").door) == ("api", "")
