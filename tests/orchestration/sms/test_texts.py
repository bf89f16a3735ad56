from __future__ import annotations

from typing import Any

import pytest

from campaigns.content.sms_content import SmsContent
from campaigns.problems import ProblemsError
from orchestration.sms.texts import Recipient, TextTemplate, compile_text
from orchestration.transport import Unsendable


def template(text: str, **more: Any) -> TextTemplate:
    return compile_text(SmsContent(text=text), **{"sender": "Shop", "opt_out_text": "Reply STOP", **more})


def to(**values: Any) -> Recipient:
    return Recipient(7, "3.7@shop.test", "+821012345678", {"profile": values})


def refusal(text: str, **values: Any) -> str:
    with pytest.raises(Unsendable) as refused:
        template(text).build(to(**values))
    return refused.value.code


def test_what_cannot_be_compiled_is_refused() -> None:
    with pytest.raises(ProblemsError):
        template("{% if %}")


def test_what_one_person_cannot_be_sent_is_said() -> None:
    assert refusal("{{ profile.name }}") == "empty_text"
    assert refusal(" \n{{ profile.name }}", name=" ") == "empty_text"
    assert refusal("{{ profile.name }}", name="한" * 671) == "too_many_segments"
    assert refusal("{{ 1 | divided_by: profile.n }}", n=0) == "render_failed"
    assert refusal("{{ profile.name }}", name="\ud800") == "unencodable"


def test_a_value_is_text_and_never_a_template() -> None:
    assert (
        template("Hi {{ profile.name }}").build(to(name="{{ profile.x }} <b>&")).text
        == "Hi {{ profile.x }} <b>&"
    )


def test_the_text_is_what_travels() -> None:
    made = template(" Hi {{ profile.name }}\r\n{{ opt_out_text }} ").build(to(name="Zoe\u0301"))
    assert (made.text, made.segments) == ("Hi Zoé\nReply STOP", 1)
    assert (made.id, made.sender, made.recipient, made.reference) == (
        7,
        "Shop",
        "+821012345678",
        "3.7@shop.test",
    )


def test_a_proof_is_marked() -> None:
    assert template("Hi", mark="[Proof] ").build(to()).text == "[Proof] Hi"
