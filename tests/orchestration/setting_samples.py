"""Settings drawn from the JSON schema of an activity type, which knows nothing of the type but its schema.

A field that a form draws with a control of its own (`widget`) gets what somebody would choose there; every other value
follows from its type. Most draws make no sense together; the caller keeps those that pass the lint.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import pydantic

from campaigns.activity_types import ActivityType
from campaigns.problems import errors_of
from tests.orchestration.playground import WORLD, Came

Schema = dict[str, Any]

RULE = {"kind": "condition", "attribute": "person_id", "operator": "greater", "value": 20}
CONTENT = {
    "subject": "Hello",
    "html": '<p>Hello <a href="{{ unsubscribe_url }}">Leave</a> {{ postal_address }}</p>',
}
ATTRIBUTES = [
    "person_id",
    "city",
    "age",
    "spend",
    "email",
    "@score",
    "profile.income",
    "amount",
    "kind",
    "page",
    "joined",
    "seen",
]
WIDGETS: dict[str, Callable[[random.Random], Any]] = {
    "rule": lambda chance: RULE,
    "attribute": lambda chance: chance.choice(ATTRIBUTES),
    "dimension": lambda chance: chance.choice(["person", "contract", "product"]),
    "link": lambda chance: chance.choice(["contracts", "purchases", "visits", "purchases.product"]),
    "audience": lambda chance: chance.choice(["regulars", "regulars", "kept", "adults"]),
    "new_audience": lambda chance: f"saved_{chance.randrange(10**9)}",
    "audience_label": lambda chance: f"Saved {chance.randrange(10**9)}",
    "arrow": lambda chance: chance.choice(["a", "b"]),
    "earlier_activity": lambda chance: chance.choice(["a", "b"]),
    "port": lambda chance: f"port-{chance.randrange(1000)}",
    "column": lambda chance: f"column_{chance.randrange(1000)}",
    "seed": lambda chance: chance.choice(["", "seed"]),
    "channel/email": lambda chance: "marketing-mail",
    "channel/sms": lambda chance: "texts",
    "email_content": lambda chance: CONTENT,
    "sms_content": lambda chance: {"text": "Hi"},
}


def draw(schema: Schema, chance: random.Random, definitions: Schema) -> Any:
    """A value for a schema, seldom more than two of anything; one of its examples where it has any."""
    if "examples" in schema:
        return chance.choice(schema["examples"])
    widget = "/".join(filter(None, (schema.get("widget"), schema.get("of"))))
    if choose := WIDGETS.get(widget) or WIDGETS.get(schema.get("widget")):
        return choose(chance)
    if "$ref" in schema:
        return draw(definitions[schema["$ref"].rsplit("/", 1)[1]], chance, definitions)
    if "const" in schema or "enum" in schema:
        return schema.get("const") or chance.choice(schema["enum"])
    for union in ("anyOf", "oneOf", "allOf"):
        if union in schema:
            return draw(chance.choice(schema[union]), chance, definitions)
    return _DRAWN[schema.get("type", "string")](schema, chance, definitions)


def _object(schema: Schema, chance: random.Random, definitions: Schema) -> dict[str, Any]:
    required = schema.get("required", [])
    return {
        name: draw(part, chance, definitions)
        for name, part in schema.get("properties", {}).items()
        if name in required or chance.random() < 0.4
    }


def _array(schema: Schema, chance: random.Random, definitions: Schema) -> list[Any]:
    least = schema.get("minItems", 0)
    return [draw(schema["items"], chance, definitions) for _item in range(least + chance.randrange(2))]


def _number(schema: Schema, chance: random.Random, definitions: Schema) -> int:
    return chance.randrange(schema.get("minimum", 1), min(schema.get("maximum", 20), 20) + 1)


def _string(schema: Schema, chance: random.Random, definitions: Schema) -> str:
    return chance.choice(["", "1", "09:30", "2018-01-05T09:30", "text"])


_DRAWN: dict[str, Callable[[Schema, random.Random, Schema], Any]] = {
    "object": _object,
    "array": _array,
    "integer": _number,
    "number": _number,
    "string": _string,
    "boolean": lambda schema, chance, definitions: chance.random() < 0.5,
    "null": lambda schema, chance, definitions: None,
}


def accepted(
    activity_type: type[ActivityType], inbound: list[Came], chance: random.Random, *, tries: int = 3000
) -> Iterator[dict[str, Any]]:
    """Settings that the type takes without an error when these populations come in."""
    schema = activity_type.Config.model_json_schema()
    for _try in range(tries):
        config = draw(schema, chance, schema.get("$defs", {}))
        try:
            settings = activity_type.Config.model_validate(config)
        except pydantic.ValidationError:
            continue
        if not errors_of(activity_type.lint(settings, [each.inbound for each in inbound], WORLD)):
            yield config


HOSTILE = [
    None, True, -1, 10**30, 1.5, "", " ", "\x00", "\ud800", "'; DROP TABLE play.person; --", '"', "a.b.c", "@", "..", "%s",
    "{{ x }}", "💥" * 400, [], {}, [[]], {"kind": "all", "of": []}, {"x": 1}, "main", "key", "complement",
]  # fmt: skip


def spoilt(config: Any, chance: random.Random) -> Any:
    """The settings with a few of their parts replaced, added or dropped."""
    if chance.random() < 0.15:
        return chance.choice(HOSTILE)
    if isinstance(config, dict):
        kept = {name: spoilt(part, chance) for name, part in config.items() if chance.random() > 0.05}
        return {**kept, "surprise": 1} if chance.random() < 0.03 else kept
    if isinstance(config, list | tuple):
        return [spoilt(part, chance) for part in config] + (
            [chance.choice(HOSTILE)] if chance.random() < 0.1 else []
        )
    return config
