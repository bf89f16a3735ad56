"""Documents as text: JSON and YAML, read strictly and written in one form each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from campaigns.document import Document, as_data, canonical_text, parse_document
from campaigns.json_source import read_json
from campaigns.problems import ProblemsError
from campaigns.sources import Source, decoded
from campaigns.yaml_rendering import write_yaml
from campaigns.yaml_source import read_yaml

_READING_ORDER = (
    "tutti",
    "campaign",
    "slug",
    "name",
    "id",
    "type",
    "from",
    "port",
    "to",
    "label",
    "variables",
    "schedule",
    "errors",
    "activities",
    "transitions",
    "layout",
    "notes",
)


class Form(StrEnum):
    """The two forms of text."""

    JSON = "json"
    YAML = "yaml"


@dataclass(frozen=True, slots=True)
class Reading:
    """A document, and whether comments beside it were dropped."""

    document: Document
    dropped_comments: bool


def read_document(raw: bytes, form: Form) -> Reading:
    """The document in `raw`; raises ProblemsError, each problem with its line."""
    source = read_source(raw, form)
    try:
        document = parse_document(source.data)
    except ProblemsError as error:
        raise ProblemsError(source.located(error.problems)) from None
    return Reading(document, source.has_comments)


def read_source(raw: bytes, form: Form) -> Source:
    text = decoded(raw)
    return read_yaml(text) if form is Form.YAML else read_json(text)


def write_document(document: Document, form: Form) -> str:
    """The canonical text in that form."""
    return write_data(as_data(document), form)


def write_data(data: Mapping[str, Any], form: Form) -> str:
    """As `write_document`, for a document that is canonical data already."""
    return write_yaml(_in_reading_order(data)) if form is Form.YAML else canonical_text(data)


def _in_reading_order(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _section(key, data[key]) for key in sorted(data, key=_place)}


def _section(key: str, value: Any) -> Any:
    match key:
        case "campaign":
            return _arranged(value)
        case "activities" | "transitions":
            return [_arranged(part) for part in value]
    return _sorted(value)


def _arranged(part: Mapping[str, Any]) -> dict[str, Any]:
    """What names the thing first, then the rest by name; below that everything by name."""
    return {key: _sorted(part[key]) for key in sorted(part, key=_place)}


def _place(key: str) -> tuple[int, str]:
    return _READING_ORDER.index(key) if key in _READING_ORDER else len(_READING_ORDER), key


def _sorted(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value
