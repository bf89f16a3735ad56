from __future__ import annotations

import pytest

from orchestration.mail.addresses import sendable_address
from orchestration.transport import Unsendable


@pytest.mark.parametrize(
    "address",
    [
        "",
        "x",
        "@a.test",
        "a@",
        "a@b@c.test",
        "a b@c.test",
        "a@c.test\r\nBcc: x@y.test",
        "a@c.test\n",
        "<a@c.test>",
        'a"b@c.test',
        '"a b"@c.test',
        "a..b@c.test",
        ".a@c.test",
        "a.@c.test",
        "a@-c.test",
        "a@c-.test",
        "a@c..test",
        "a@c",
        "a@[127.0.0.1]",
        "a@c.test,b@c.test",
        "a" * 65 + "@c.test",
        "a@" + "c." * 130 + "test",
        "a\x00@c.test",
        "a@bücher..test",
        "a@\u3000.test",
    ],
)
def test_refuses_what_is_malformed(address: str) -> None:
    with pytest.raises(Unsendable) as refused:
        sendable_address(address)
    assert refused.value.code == "malformed_address"


def test_refuses_a_local_part_that_needs_smtputf8() -> None:
    with pytest.raises(Unsendable) as refused:
        sendable_address("käthe@example.test")
    assert refused.value.code == "internationalised_address"


@pytest.mark.parametrize("address", ["a@c.test", "o'hara+x=y@mail.c-d.co.test", "A.B_c-9@xn--bcher-kva.test"])
def test_takes_plain_addresses_as_they_are(address: str) -> None:
    assert sendable_address(address) == address


def test_sends_to_a_domain_in_another_script_in_its_ascii_form() -> None:
    assert sendable_address("a@bücher.test") == "a@xn--bcher-kva.test"
