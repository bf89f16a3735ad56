from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from campaigns.targeting.saved_filters import MOST_PARAMETERS, SavedFilter

PARAMETER: dict[str, Any] = {"name": "least", "type": "number"}
FILTER: dict[str, Any] = {"label": "Rich", "table": "person", "rule": {"kind": "all"}}


def faults(**changes: Any) -> list[tuple[tuple[int | str, ...], str]]:
    with pytest.raises(ValidationError) as caught:
        SavedFilter.model_validate({**FILTER, **changes})
    return [(each["loc"], each["type"]) for each in caught.value.errors()]


def parameters(number: int) -> list[dict[str, Any]]:
    return [{**PARAMETER, "name": f"p{at}"} for at in range(number)]


def test_a_parameter_named_twice_is_refused_in_words() -> None:
    with pytest.raises(ValidationError) as caught:
        SavedFilter.model_validate({**FILTER, "parameters": [PARAMETER, PARAMETER]})
    (fault,) = caught.value.errors()
    assert (fault["loc"], fault["type"], fault["msg"]) == (
        ("parameters",),
        "repeated",
        "a parameter is named twice",
    )
    assert fault["ctx"] == {
        "message": "A parameter is named twice.",
        "remedy": "Give one of them another name.",
    }


@pytest.mark.parametrize("name", ["", "Least", "1st", "a-b", "a b", "_a", "x" * 41])
def test_a_parameter_has_a_short_plain_name(name: str) -> None:
    ((place, _kind),) = faults(parameters=[{**PARAMETER, "name": name}])
    assert place == ("parameters", 0, "name")


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"parameters": parameters(MOST_PARAMETERS + 1)}, ("parameters",)),
        ({"parameters": [{**PARAMETER, "label": "x" * 201}]}, ("parameters", 0, "label")),
        ({"parameters": [{**PARAMETER, "type": "colour"}]}, ("parameters", 0, "type")),
        ({"parameters": [{**PARAMETER, "many": "yes"}]}, ("parameters", 0, "many")),
        ({"label": "x" * 201}, ("label",)),
        ({"owner": "me"}, ("owner",)),
    ],
)
def test_what_is_no_saved_filter_is_refused_at_its_place(
    changes: dict[str, Any], place: tuple[int | str, ...]
) -> None:
    assert [where for where, _kind in faults(**changes)] == [place]


def test_a_filter_is_allowed_to_its_limits() -> None:
    named = {**PARAMETER, "name": "x" * 40, "label": "x" * 200}
    saved = SavedFilter.model_validate({**FILTER, "label": "x" * 200, "parameters": [named]})
    assert (saved.parameters[0].many, saved.parameters[0].default) == (False, None)
    assert len(SavedFilter.model_validate({**FILTER, "parameters": parameters(20)}).parameters) == 20
    assert SavedFilter.model_validate(FILTER).parameters == ()
    assert [kind for kind in ("text", "number", "date", "boolean", "period") if not _takes(kind)] == []


def _takes(kind: str) -> bool:
    saved = SavedFilter.model_validate({**FILTER, "parameters": [{"name": "a", "type": kind}]})
    return saved.parameters[0].type == kind and saved.parameters[0].label == ""
