"""The rules that the settings of an activity hold, found by their types: whatever type of activity it is.

A rule is about the person unless its field says, by `OnOtherRows`, that it is about rows found for them. Beside
a `link` it is about the rows that the link leads to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema

from campaigns.activity_types import Settings
from campaigns.settings_fields import Shown
from campaigns.targeting.rules import Exists, Rule

_RULES: tuple[type, ...] = get_args(get_args(Rule)[0])


@dataclass(frozen=True, slots=True)
class OnOtherRows:
    """Marks a field whose rule is not asked of the person who comes in."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), "other_rows": True}


@dataclass(frozen=True, slots=True)
class SettingRule:
    """A rule on the rows of the person's table; `path` points into the settings, `label` says where that is."""

    path: str
    label: str
    rule: Rule


def rules_in(settings: Settings, path: str = "", label: str = "") -> Iterator[SettingRule]:
    """The rules that decide about a person. One on linked rows is told as “there is such a row”."""
    link = getattr(settings, "link", None)
    for name, field in type(settings).model_fields.items():
        if any(isinstance(each, OnOtherRows) for each in field.metadata):
            continue
        value, place = getattr(settings, name), f"{path}/{name}"
        if isinstance(value, _RULES):
            said = _said(label, _title(field.metadata))
            yield SettingRule(place, said, _about_person(value, link))  # type: ignore[arg-type]
        else:
            yield from _below(value, place, label)


def others_in(settings: Settings, path: str = "", label: str = "") -> Iterator[tuple[SettingRule, Settings]]:
    """The rules on rows found for a person, each with the part of the settings that says which rows those are."""
    for name, field in type(settings).model_fields.items():
        value, place = getattr(settings, name), f"{path}/{name}"
        if isinstance(value, _RULES):
            if any(isinstance(each, OnOtherRows) for each in field.metadata):
                yield SettingRule(place, _said(label, _title(field.metadata)), value), settings  # type: ignore[arg-type]
        else:
            for each, here, said in _parts(value, place, label):
                yield from others_in(each, here, said)


def bare_links_in(settings: Settings, path: str = "", label: str = "") -> Iterator[SettingRule]:
    """The links that settings follow without a rule on the rows there, each as “there is such a row”."""
    link = getattr(settings, "link", None)
    values = [getattr(settings, name) for name in type(settings).model_fields]
    if isinstance(link, str) and link and not any(isinstance(each, _RULES) for each in values):
        title = _title(type(settings).model_fields["link"].metadata)
        yield SettingRule(f"{path}/link", _said(label, title), Exists(kind="exists", link=link))
    for name in type(settings).model_fields:
        for each, here, said in _parts(getattr(settings, name), f"{path}/{name}", label):
            yield from bare_links_in(each, here, said)


def label_at(settings: Settings, path: str) -> str:
    """What people call the setting at a path, after the names of the parts it stands in; as `rules_in` says it."""
    *above, last = path.split("/")[1:]
    said = ""
    value: Any = settings
    for step in above:
        value = getattr(value, step) if isinstance(value, Settings) else value[int(step)]
        said = _said(said, _name_of(value)) if isinstance(value, Settings) else said
    return _said(said, _title(type(value).model_fields[last].metadata))


def _below(value: Any, path: str, label: str) -> Iterator[SettingRule]:
    for each, here, said in _parts(value, path, label):
        yield from rules_in(each, here, said)


def _parts(value: Any, path: str, label: str) -> Iterator[tuple[Settings, str, str]]:
    """The settings that a value holds, each with its path and the name of where it stands."""
    if isinstance(value, Settings):
        yield value, path, _said(label, _name_of(value))
    elif isinstance(value, tuple | list):
        for number, each in enumerate(value):
            yield from _parts(each, f"{path}/{number}", label)


def _about_person(rule: Rule, link: str | None) -> Rule:
    return Exists(kind="exists", link=link, where=rule) if link else rule


def _title(metadata: list[Any]) -> str:
    return next((str(each.title) for each in metadata if isinstance(each, Shown)), "")


def _name_of(part: Settings) -> str:
    """What a part of the settings is called: its label, its name or its id."""
    return next((str(found) for name in ("label", "name", "id") if (found := getattr(part, name, ""))), "")


def _said(label: str, more: str) -> str:
    return " · ".join(filter(None, (label, more)))
