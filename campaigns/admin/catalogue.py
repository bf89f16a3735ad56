"""Tables, fields, links and dimensions: registered in two clicks, described in words, never altered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline

from campaigns.admin.ddl import create_from_text
from campaigns.admin.page import Text
from campaigns.admin.site_pages import AuditedAdmin, needing, site_page, tell_problems
from campaigns.audit import record
from campaigns.dimensions import register_dimension
from campaigns.introspection import unregistered_relations
from campaigns.link_paths import add_link_path, paths_through
from campaigns.links import LinkNames, add_link, count_orphans
from campaigns.models import Field, Link, Table, TargetingDimension
from campaigns.problems import ProblemsError
from campaigns.registration import refresh_table, register_table
from campaigns.schema_registration import SchemaRegistration, register_schema
from campaigns.targeting.schema import Cardinality

ADD_TABLE = "campaigns.add_table"


class FieldInline(TabularInline):  # type: ignore[misc]
    """The columns of a table; what people wrote may be changed, what PostgreSQL says may not."""

    model = Field
    fields = ("column_name", "label", "type", "personal", "hidden", "stored_zone", "skipped_reason")
    readonly_fields = ("column_name", "type", "skipped_reason")
    extra = 0
    can_delete = False
    tab = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Table)
class TableAdmin(AuditedAdmin):
    """Registered tables. Adding one chooses among those in the database."""

    list_display = ("label", "slug", "origin", "kind", "row_estimate", "refreshed_at")
    list_filter = ("origin", "kind")
    search_fields = ("slug", "label", "table_name")
    readonly_fields = ("slug", "schema_name", "table_name", "origin", "kind", "row_estimate", "refreshed_at")
    fields = ("label", "description", *readonly_fields)
    inlines = (FieldInline,)
    change_form_before_template = "campaigns/admin/table_acts.html"
    list_before_template = "campaigns/admin/tables_intro.html"

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("<int:pk>/refresh/", needing("campaigns.change_table", refresh), name="table_refresh"),
            path(
                "<int:pk>/dimension/",
                needing("campaigns.add_targetingdimension", dimension),
                name="table_dimension",
            ),
            path("<int:pk>/link/", needing("campaigns.add_link", link), name="table_link"),
            path("<int:pk>/path/", needing("campaigns.add_link", link_path), name="table_path"),
            path("register-schema/", needing(ADD_TABLE, register_all), name="table_register_schema"),
            path("create/", needing(ADD_TABLE, create_from_text), name="table_create"),
        ]
        return [*own, *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        view: HttpResponse = needing(ADD_TABLE, register)(request)
        return view

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rules and dimensions may name it."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_system = obj is not None and obj.origin == Table.Origin.SYSTEM
        return not is_system and super().has_change_permission(request, obj)


def register(request: HttpRequest) -> HttpResponse:
    """Every table of the database that is not registered yet, each with one button."""
    if request.method == "POST":
        try:
            return _registered(request)
        except ProblemsError as error:
            tell_problems(request, error.problems)
    relations = unregistered_relations()
    schemas = Counter(relation.schema for relation in relations)
    context = {"relations": relations, "schemas": schemas.items(), "opts": Table._meta}
    return site_page(request, "campaigns/admin/register_table.html", context, title=_("Register a table"))


def register_all(request: HttpRequest) -> HttpResponse:
    """All of a schema: what is new is registered, what is known read again."""
    if request.method == "POST":
        try:
            _tell_schema(request, register_schema(request.POST.get("schema", "")))
            return HttpResponseRedirect(reverse("admin:campaigns_table_changelist"))
        except ProblemsError as error:
            tell_problems(request, error.problems)
    return HttpResponseRedirect(reverse("admin:campaigns_table_add"))


def _tell_schema(request: HttpRequest, done: SchemaRegistration) -> None:
    for made in done.registered:
        record("catalogue.register_table", f"table {made.table.slug}", by=request.user)
    for table, _changes in done.changed:
        record("catalogue.refresh_table", f"table {table.slug}", by=request.user)
    counts = {"new": len(done.registered), "changed": len(done.changed), "gone": len(done.gone)}
    messages.success(
        request,
        _("%(new)d tables registered, %(changed)d changed, %(gone)d gone from the database.") % counts,
    )
    tell_problems(request, done.refused)


def link_path(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a path of links a name: the products of a customer, by way of the purchases."""
    table = get_object_or_404(Table, pk=pk)
    if request.method == "POST":
        steps = [step for step in re.split(r"[.\s]+", request.POST.get("path", "")) if step]
        sent = {name: request.POST.get(name, "").strip() for name in ("slug", "label", "inverse_slug")}
        try:
            made = add_link_path(table, steps, names=LinkNames(**sent))
        except ProblemsError as error:
            tell_problems(request, error.problems)
        else:
            record("catalogue.add_link", f"table {table.slug}", by=request.user, link=made.slug)
            messages.success(request, _("The tables are linked, both ways."))
            return _to_table(table)
    links = table.links.select_related("target").filter(path=[])
    ways = [
        (f"{first.slug}.{second.slug}", second.target.label) for first in links for second in _next(first)
    ]
    context = {"table": table, "ways": ways, "sent": request.POST, "opts": Table._meta}
    return site_page(request, "campaigns/admin/link_path.html", context, title=table.label)


def _next(link: Link) -> Any:
    return link.target.links.select_related("target").filter(path=[]).exclude(pk=link.inverse_id or 0)


def _registered(request: HttpRequest) -> HttpResponse:
    schema, name = request.POST.get("schema", ""), request.POST.get("name", "")
    key = [part.strip() for part in request.POST.get("key", "").split(",") if part.strip()]
    made = register_table(schema, name, key=key)
    record("catalogue.register_table", f"table {made.table.slug}", by=request.user)
    messages.success(request, _("“%(table)s” is registered.") % {"table": made.table.label})
    for note in made.notes:
        messages.info(request, note)
    return _to_table(made.table)


def _to_table(table: Table) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:campaigns_table_change", args=[table.pk]))


def refresh(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the table's columns again."""
    table = get_object_or_404(Table, pk=pk)
    if request.method == "POST":
        try:
            changes = refresh_table(table)
            record("catalogue.refresh_table", f"table {table.slug}", by=request.user)
            text = _("Read again: %(added)d new, %(removed)d gone, %(changed)d changed columns.")
            counts = {name: len(getattr(changes, name)) for name in ("added", "removed", "changed")}
            messages.success(request, text % counts)
        except ProblemsError as error:
            tell_problems(request, error.problems)
    return _to_table(table)


def dimension(request: HttpRequest, pk: int) -> HttpResponse:
    """Make people addressable by this table: its key, and which field holds what."""
    table = get_object_or_404(Table, pk=pk)
    if request.method == "POST":
        roles = {role: request.POST.get(role, "") for role in TargetingDimension.ROLES}
        try:
            made = register_dimension(
                request.POST.get("slug", "") or table.slug,
                table,
                label=request.POST.get("label", "") or table.label,
                key=request.POST.get("key", ""),
                fields={role: slug for role, slug in roles.items() if slug},
            )
        except ProblemsError as error:
            tell_problems(request, error.problems)
        else:
            record("catalogue.register_dimension", f"dimension {made.slug}", by=request.user)
            messages.success(
                request, _("People can be addressed by “%(label)s” now.") % {"label": made.label}
            )
            return HttpResponseRedirect(reverse("admin:campaigns_targetingdimension_changelist"))
    usable = list(table.fields.filter(skipped_reason=""))
    roles_shown = [(name, _role_label(name), request.POST.get(name, "")) for name in TargetingDimension.ROLES]
    context = {
        "table": table,
        "fields": usable,
        "roles": roles_shown,
        "sent": request.POST,
        "opts": Table._meta,
    }
    return site_page(request, "campaigns/admin/make_dimension.html", context, title=table.label)


def _role_label(role: str) -> Text:
    field: Any = TargetingDimension._meta.get_field(f"{role}_field")
    label: Text = field.verbose_name
    return label


def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how rows of this table find rows of another: the pairs of fields that are equal."""
    table = get_object_or_404(Table, pk=pk)
    target = Table.objects.filter(pk=_number(request.POST.get("target") or request.GET.get("target"))).first()
    if request.method == "POST" and target:
        try:
            made = add_link(
                table,
                target,
                on=_pairs(request),
                cardinality=Cardinality(request.POST.get("cardinality", "one")),
                inverse_cardinality=Cardinality(request.POST.get("inverse_cardinality", "many")),
                names=LinkNames(label=request.POST.get("label", "")),
            )
        except (ProblemsError, ValueError) as error:
            tell_problems(request, getattr(error, "problems", ()))
        else:
            record("catalogue.add_link", f"table {table.slug}", by=request.user, link=made.slug)
            messages.success(request, _("The tables are linked, both ways."))
            return _to_table(table)
    context = {
        "table": table,
        "target": target,
        "tables": Table.objects.exclude(pk=table.pk),
        "fields": list(table.fields.filter(skipped_reason="")),
        "target_fields": list(target.fields.filter(skipped_reason="")) if target else [],
        "pairs": range(3),
        "opts": Table._meta,
    }
    return site_page(request, "campaigns/admin/add_link.html", context, title=table.label)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


def _pairs(request: HttpRequest) -> Sequence[tuple[str, str]]:
    sides = zip(request.POST.getlist("left"), request.POST.getlist("right"), strict=False)
    return [(left, right) for left, right in sides if left and right]


@admin.register(Link)
class LinkAdmin(AuditedAdmin):
    """Links between tables; they are made on the page of the table they leave."""

    list_display = ("source", "label", "target", "cardinality", "orphans_counted", "orphans_counted_at")
    list_filter = ("cardinality",)
    search_fields = ("slug", "label", "source__slug", "target__slug")
    list_select_related = ("source", "target")
    readonly_fields = (
        "slug",
        "source",
        "target",
        "on",
        "path",
        "cardinality",
        "orphans_counted",
        "orphans_counted_at",
    )
    fields = ("label", *readonly_fields)
    actions = ("count_orphans",)

    @admin.action(description=gettext_lazy("Count rows without a match"), permissions=["change"])
    def count_orphans(self, request: HttpRequest, queryset: Any) -> None:
        for each in queryset.select_related("source", "target"):
            try:
                words = {"link": each.label, "source": each.source.label, "count": count_orphans(each)}
            except ProblemsError as error:
                tell_problems(request, error.problems)
            else:
                messages.info(request, _("%(source)s → %(link)s: %(count)d rows without a match") % words)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Paths that lead over a link would break without it."""
        is_system = obj is not None and Table.Origin.SYSTEM in (obj.source.origin, obj.target.origin)
        is_needed = obj is not None and bool(paths_through(obj))
        return not is_system and not is_needed and super().has_delete_permission(request, obj)


@admin.register(TargetingDimension)
class TargetingDimensionAdmin(AuditedAdmin):
    """The tables people are addressed by; they are made on the page of a table."""

    list_display = ("label", "slug", "table", "key_field", "email_field", "language_field")
    search_fields = ("slug", "label")
    list_select_related = ("table", "key_field", "email_field", "language_field")
    readonly_fields = ("slug", "table", "key_field")
    list_before_template = "campaigns/admin/dimensions_intro.html"

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        for role in TargetingDimension.ROLES if obj else ():
            if f"{role}_field" in form.base_fields:
                form.base_fields[f"{role}_field"].queryset = obj.table.fields.filter(skipped_reason="")
        return form

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Ledgers and consents hold its keys."""
        return False
