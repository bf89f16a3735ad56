"""The reference page of all activity types, written from what the types declare; nobody edits the page itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from campaigns.activity_types import ActivityType, Category, Law, registered

Schema = Mapping[str, Any]

_DEEPEST = 4


def activities_page() -> str:
    """The page as Markdown, in the language that is active."""
    parts = [_("# Activities"), _opening(), _of_those_left_behind()]
    for category, types in groupby(registered().values(), key=lambda each: each.category):
        parts.append(f"## {_categories()[category]}")
        parts += [_section(each) for each in types]
    return "\n\n".join(parts) + "\n"


def _opening() -> str:
    return _(
        "What a campaign is drawn with. This page is generated from the activity types themselves "
        "(`python manage.py document_activities`); a test says when it is stale.\n\n"
        "Attributes are named as in rules: `email`, `demographics.income` through links to one row, `@column` for a "
        "column that an activity before added. A set that comes in is named by its activity, or by `activity.port` "
        "where two arrows come from the same one."
    )


def _of_those_left_behind() -> str:
    return _(
        "Whoever leaves by a complement, as unmatched or into a control group by strata has beside them what decided: "
        "which conditions held, and the values and figures that were compared, as they were. It is no column: no rule, "
        "file, audience or message sees it. A person's way through a run tells it."
    )


def _categories() -> Mapping[Category, str]:
    return {
        Category.TARGETING: _("Targeting"),
        Category.CHANNEL: _("Channels"),
        Category.FLOW: _("Flow control"),
        Category.DATA: _("Data management"),
    }


def _laws() -> Mapping[Law, str]:
    return {
        Law.SOURCE: _("people come from a table, each once"),
        Law.PARTITION: _("everybody who comes in leaves by exactly one port, or is counted with a reason"),
        Law.COPY: _("every port that is taken carries everybody who came in"),
        Law.COVER: _("the ports together carry everybody who came in, or they are counted with a reason"),
        Law.MAP: _("everybody who comes in is matched or unmatched, and counted as such"),
        Law.NONE: _("nobody leaves"),
    }


def _section(activity_type: type[ActivityType]) -> str:
    schema = activity_type.Config.model_json_schema()
    rows = list(_rows(schema, schema.get("$defs", {}), ""))
    head = [
        f"### {activity_type.label} (`{activity_type.name}`)",
        " ".join((activity_type.__doc__ or "").split()),
        _("Arrows in: %(arrows)s. Law: %(law)s.")
        % {"arrows": _arrows(activity_type), "law": _laws()[activity_type.law]},
    ]
    return "\n\n".join([*head, _table(rows)] if rows else [*head, _("It has no settings.")])


def _arrows(activity_type: type[ActivityType]) -> str:
    least, most = activity_type.inbound_min, activity_type.inbound_max
    if most is None:
        return _("%(least)d or more") % {"least": least}
    return str(least) if least == most else _("%(least)d to %(most)d") % {"least": least, "most": most}


def _table(rows: list[tuple[str, str, str]]) -> str:
    head = [_("| Setting | Values | Meaning |"), "|---|---|---|"]
    return "\n".join([*head, *(f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows)])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _rows(schema: Schema, definitions: Schema, path: str, level: int = 0) -> Iterator[tuple[str, str, str]]:
    """One row a field, those of nested objects below the field that holds them."""
    required = schema.get("required", ())
    for name, part in schema.get("properties", {}).items():
        place = f"{path}{name}"
        values = _values(part, definitions)
        if "default" in part and part["default"] not in (None, "", []):
            values += _("; default %(value)s") % {"value": _code(part["default"])}
        elif name in required:
            values += _("; required")
        yield f"`{place}`", values, _meaning(part, definitions)
        for variant, suffix in _nested(part, definitions) if level < _DEEPEST else ():
            yield from _rows(variant, definitions, place + suffix, level + 1)


def _meaning(part: Schema, definitions: Schema) -> str:
    title = part.get("title") or _resolved(part, definitions).get("title", "")
    return f"{title}. {part['description']}" if part.get("description") else title


def _nested(part: Schema, definitions: Schema, suffix: str = ".") -> Iterator[tuple[Schema, str]]:
    """The objects inside a field, each with how a path goes on to its own fields."""
    if _is_one(part):
        return
    if "items" in part:
        yield from _nested(part["items"], definitions, "[].")
        return
    variants = part.get("oneOf") or part.get("anyOf")
    for each in variants or [part]:
        found = _resolved(each, definitions)
        kind = found.get("properties", {}).get("kind", {}).get("const")
        if "properties" in found:
            yield found, f"{suffix[:-1]}({kind})." if kind else suffix


def _resolved(part: Schema, definitions: Schema) -> Schema:
    reference = part.get("$ref", "").rsplit("/", 1)[-1]
    found: Schema = definitions[reference] if reference else part
    return found


def _is_one(part: Schema) -> bool:
    """Whether it is read as one thing that a control asks for; a list says what stands in it, whatever asks for it."""
    return "widget" in part and "items" not in part


def _values(part: Schema, definitions: Schema) -> str:
    if _is_one(part):
        return str(part["widget"]).replace("_", " ")
    found = _resolved(part, definitions)
    if "const" in found:
        return _code(found["const"])
    if "enum" in found:
        return ", ".join(map(_code, found["enum"]))
    variants = found.get("oneOf") or found.get("anyOf")
    if variants:
        return _(" or ").join(dict.fromkeys(_values(each, definitions) for each in _said(variants)))
    if "items" in found:
        return _("list of %(items)s") % {"items": _values(found["items"], definitions)}
    return _bounded(found)


def _said(variants: list[Schema]) -> list[Schema]:
    return [each for each in variants if each.get("type") != "null"]


def _bounded(found: Schema) -> str:
    name = str(found.get("type", "value"))
    least, most = found.get("minimum", found.get("exclusiveMinimum")), found.get("maximum")
    if least is not None and most is not None:
        return _("%(type)s from %(least)s to %(most)s") % {"type": name, "least": least, "most": most}
    return name


def _code(value: Any) -> str:
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"
