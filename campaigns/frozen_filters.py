"""Saved filters frozen into a document: what a published version and a run mean by them never changes.

A draft names a filter by its slug, and means the filter of today. When it is published, or run, every such
node takes the filter along, and the rule compiles from what it carries. The name stays beside it, so that
the sentence, the diff and the reader still see a filter and not its expansion.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from campaigns.catalogue import load_catalogue
from campaigns.document import Document
from campaigns.targeting.expansion import MOST_NESTED
from campaigns.targeting.saved_filters import SavedFilter

Filters = Mapping[str, SavedFilter]


def freeze_filters(document: Document) -> Document:
    """The document with the shared filters it names in it; the same document where it names none."""
    filters = load_catalogue().filters
    activities = tuple(
        part.model_copy(update={"config": _frozen(part.config, filters, MOST_NESTED)})
        for part in document.activities
    )
    return (
        document
        if activities == document.activities
        else document.model_copy(update={"activities": activities})
    )


def freeze_rule(rule: Any, filters: Filters) -> Any:
    """The same of a single rule, as data."""
    return _frozen(rule, filters, MOST_NESTED)


def _frozen(data: Any, filters: Filters, levels: int) -> Any:
    if isinstance(data, Mapping):
        whole = {key: _frozen(value, filters, levels) for key, value in data.items()}
        return _taken_along(whole, filters, levels)
    return [_frozen(each, filters, levels) for each in data] if isinstance(data, list | tuple) else data


def _taken_along(node: dict[str, Any], filters: Filters, levels: int) -> dict[str, Any]:
    """A filter that is unknown, or nested too deeply, stays as it is: the lint has refused it."""
    slug = node.get("filter")
    if node.get("kind") != "filter" or not isinstance(slug, str) or node.get("frozen") or not levels:
        return node
    if slug not in filters:
        return node
    saved = filters[slug].model_dump(mode="json", exclude_defaults=True)
    return {**node, "frozen": {**saved, "rule": _frozen(saved["rule"], filters, levels - 1)}}
