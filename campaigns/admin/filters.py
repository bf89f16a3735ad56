"""Saved filters as pages: found, read in words, changed by those who may."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from campaigns.admin.page import CHANGE, VIEW
from campaigns.audit import through
from campaigns.catalogue import load_catalogue, saved_filter
from campaigns.forms.json_field import PlainJsonField
from campaigns.models import PredefinedFilter, Table
from campaigns.predefined_filters import (
    PARTS,
    FilterConflict,
    check_filter,
    create_filter,
    delete_filter,
    may_change,
    save_filter,
    users_of,
    visible_filters,
)
from campaigns.problems import Problem, ProblemsError
from campaigns.targeting.expansion import parameters_in
from campaigns.targeting.problems import RuleError
from campaigns.targeting.rules import dump_rule, parse_rule
from campaigns.targeting.sentence import sentence


class RuleText(PlainJsonField):
    """A rule as text that a person can read: PostgreSQL forgets the order of the members."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str):
            return value
        with suppress(RuleError):
            value = dump_rule(parse_rule(value))
        return json.dumps(value, ensure_ascii=False, indent=2)


class FilterForm(forms.ModelForm):  # type: ignore[type-arg]  # no subscript at run time
    """What a filter says. `seen` is the state the form was made from."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    table = forms.ChoiceField(
        label=gettext_lazy("Table"),
        widget=UnfoldAdminSelectWidget,
        help_text=gettext_lazy("Whose rows it is about."),
    )
    rule = RuleText(
        label=gettext_lazy("Rule"),
        widget=UnfoldAdminTextareaWidget({"rows": 12, "spellcheck": "false", "class": "tt-code"}),
        help_text=gettext_lazy(
            "As a rule is written in a document. Write {“parameter”: name} where a value is given on use. "
            "The rule editor of an activity can save its conditions as a filter."
        ),
    )
    parameters = PlainJsonField(
        label=gettext_lazy("Parameters"),
        required=False,
        widget=UnfoldAdminTextareaWidget({"rows": 5, "spellcheck": "false", "class": "tt-code"}),
        help_text=gettext_lazy(
            "A list: each with name, type (text, number, date, boolean, period), and if you like label, "
            "default, and many for a list of values."
        ),
    )

    class Meta:
        model = PredefinedFilter
        fields = ("slug", "label", "description", "table", "rule", "parameters", "shared")
        widgets = {"slug": UnfoldAdminTextInputWidget, "label": UnfoldAdminTextInputWidget}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tables = Table.objects.values_list("slug", "label")
        self.fields["table"].choices = [(slug, f"{label} ({slug})") for slug, label in tables]  # type: ignore[attr-defined]
        self.fields["seen"].initial = self.instance.content_hash
        if self.instance.pk and "slug" in self.fields:
            self.fields["slug"].disabled = True

    def clean(self) -> dict[str, Any]:
        """Refused at the field that is wrong."""
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        if self.instance.pk and data.get("seen") != self.instance.content_hash:
            message = _("Somebody else has changed this filter since you opened it. Nothing was saved.")
            self.add_error(None, f"{message} {_('Open it again in another tab and make your change there.')}")
            return data
        data["parameters"] = data.get("parameters") or []
        try:
            check_filter(data["slug"], {name: data[name] for name in PARTS})
        except ProblemsError as error:
            for problem in error.problems[:20]:
                self._tell(problem)
        return data

    def _tell(self, problem: Problem) -> None:
        field, _slash, rest = problem.path.lstrip("/").partition("/")
        place = f"/{rest}: " if rest else ""
        self.add_error(field if field in self.fields else None, f"{place}{problem.message} {problem.remedy}")


@admin.register(PredefinedFilter)
class PredefinedFilterAdmin(ModelAdmin):  # type: ignore[misc]
    """Whoever sees campaigns sees shared filters and their own; whoever changes campaigns changes them."""

    form = FilterForm
    list_display = ("label", "slug", "table", "shared", "owner", "modified_at")
    list_filter = ("shared",)
    search_fields = ("slug", "label", "description")
    show_full_result_count = False
    warn_unsaved_form = True
    readonly_fields = ("in_words", "used_in")
    fields = (
        "label", "slug", "description", "table", "rule", "parameters", "shared", "seen", "in_words", "used_in",
    )  # fmt: skip
    actions = None

    def get_queryset(self, request: HttpRequest) -> Any:
        return visible_filters(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(VIEW))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(CHANGE))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(CHANGE)) if obj is None else may_change(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = self.fields if obj else self.fields[:-2]
        return (
            shown if self.has_change_permission(request, obj) else [name for name in shown if name != "seen"]
        )

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with through("admin"):
            try:
                return super().changeform_view(request, *args, **kwargs)  # type: ignore[no-any-return]
            except (FilterConflict, ProblemsError) as error:
                messages.error(request, str(error))
                return HttpResponseRedirect(request.get_full_path())

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with through("admin"):
            try:
                return super().delete_view(request, *args, **kwargs)  # type: ignore[no-any-return]
            except (FilterConflict, ProblemsError) as error:
                messages.error(request, str(error))
                return HttpResponseRedirect(reverse("admin:campaigns_predefinedfilter_changelist"))

    def save_model(self, request: HttpRequest, obj: PredefinedFilter, form: Any, change: bool) -> None:
        parts = {name: form.cleaned_data[name] for name in PARTS}
        if change:
            save_filter(obj, parts, if_match=form.cleaned_data["seen"], by=request.user)
            return
        made = create_filter(form.cleaned_data["slug"], parts, by=request.user)
        obj.pk = made.pk

    def delete_model(self, request: HttpRequest, obj: PredefinedFilter) -> None:
        delete_filter(obj, if_match=obj.content_hash, by=request.user)

    @admin.display(description=gettext_lazy("In words"))
    def in_words(self, row: PredefinedFilter) -> str:
        try:
            words = sentence(parse_rule(row.rule), load_catalogue(), row.table)
        except RuleError as error:
            return str(error)
        labels = {each.name: each.label or each.name for each in saved_filter(row).parameters}
        asked = [labels.get(name, name) for name in sorted(parameters_in(row.rule))]
        return f"{words}. {_('Asks for')}: {', '.join(asked)}" if asked else words

    @admin.display(description=gettext_lazy("Used in"))
    def used_in(self, row: PredefinedFilter) -> SafeString | str:
        return "; ".join(users_of(row)) or _("nothing yet")
