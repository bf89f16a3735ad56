from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from campaigns.models import ChannelConfiguration
from tests.config.admin.offices import person

pytestmark = pytest.mark.django_db
ADD = "/admin/campaigns/channelconfiguration/add/"
SMS = {
    "channel/slug": "texts",
    "channel/name": "Texts",
    "channel/sender_address": "Shop",
    "channel/message_domain": "sms.example.com",
    "channel/default_region": "KR",
    "channel/opt_out_text": "Reply STOP",
    "channel/enabled": "on",
    "channel/via/provider": "sms_file",
    "channel/via/sms_file/folder": "sms",
}
MAIL = {
    **SMS,
    "channel/sender_address": "shop@example.com",
    "channel/default_region": "",
    "channel/via/provider": "file",
}


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(person("Administrator"))
    return client


@pytest.mark.parametrize(
    ("base", "change"),
    [
        (SMS, {"channel/sender_address": ""}),
        (SMS, {"channel/sender_address": "shop@example.com"}),
        (SMS, {"channel/sender_address": "A name too long"}),
        (SMS, {"channel/sender_address": "010-1234-5678"}),
        (SMS, {"channel/default_region": "XX"}),
        (SMS, {"channel/default_region": "kr"}),
        (SMS, {"channel/message_domain": ""}),
        (MAIL, {"channel/sender_address": "Shop"}),
        (MAIL, {"channel/sender_address": ""}),
    ],
)
def test_what_no_channel_can_send_as_is_refused(
    admin: Client, base: dict[str, Any], change: dict[str, Any]
) -> None:
    assert admin.post(ADD, {**base, **change}).status_code == 422
    assert not ChannelConfiguration.objects.exists()


@pytest.mark.parametrize("sender", ["Shop", "Shop 24", "+821012345678", "15881234", "T-Shop"])
def test_the_channel_is_that_of_the_provider(admin: Client, sender: str) -> None:
    answer = admin.post(ADD, {**SMS, "channel/sender_address": sender})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    made = ChannelConfiguration.objects.get()
    assert (made.channel, made.provider, made.sender_address) == ("sms", "sms_file", sender)
    assert (made.default_region, made.opt_out_text) == ("KR", "Reply STOP")


def test_a_mail_is_sent_as_before(admin: Client) -> None:
    assert admin.post(ADD, MAIL).status_code == 302
    assert ChannelConfiguration.objects.get().channel == "email"
