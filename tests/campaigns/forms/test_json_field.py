from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from campaigns.forms.json_field import PlainJsonField


@pytest.mark.parametrize(
    "text", ["{", "[" * 100_000, "[" * 300 + "]" * 300, "1" * 5_000, r'"\u0000"', r'"\ud800"', "NaN"]
)
def test_what_is_no_plain_data_is_refused_with_words(text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        PlainJsonField().clean(text)
    assert all(caught.value.messages)


@pytest.mark.parametrize(("text", "value"), [('{"a": [1, "é"]}', {"a": [1, "é"]}), ("[]", []), ("1.0", 1)])
def test_plain_data_are_read(text: str, value: object) -> None:
    assert PlainJsonField().to_python(text) == value
