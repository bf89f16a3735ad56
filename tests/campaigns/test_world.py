import pytest

from campaigns.document import parse_document
from campaigns.models import ChannelConfiguration
from campaigns.world import load_world
from tests.campaigns.documents import example

pytestmark = pytest.mark.django_db


def test_channels_that_are_switched_off_are_not_there():
    for slug, enabled in (("marketing", True), ("old", False)):
        ChannelConfiguration.objects.create(
            slug=slug,
            name=slug,
            sender_address="a@example.com",
            message_domain="example.com",
            enabled=enabled,
        )
    world = load_world(parse_document(example(variables={"since": {"type": "date"}})))
    assert (dict(world.channels), dict(world.variables)) == ({"marketing": "email"}, {"since": "date"})
