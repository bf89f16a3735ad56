"""Users and groups in the theme's dress."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as BaseGroupAdmin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from campaigns.admin.site_pages import AuditedAdmin

admin.site.unregister([User, Group])

NAMES: Mapping[str, str | Promise] = {
    "Viewer": _("Viewer"),
    "Author": _("Author"),
    "Approver": _("Approver"),
    "Publisher": _("Publisher"),
    "Administrator": _("Administrator"),
}
"""The groups that come with the installation; others are called as they were named."""


def group_name(group: Group) -> str:
    return str(NAMES.get(group.name, group.name))


class GroupFilter(admin.RelatedFieldListFilter):
    """Offers groups by the names people read."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        return [(group.pk, group_name(group)) for group in Group.objects.order_by("name")]


@admin.register(User)
class UserAdmin(BaseUserAdmin, AuditedAdmin):  # type: ignore[type-arg]
    """Who may sign in. Only a superuser makes another one, or changes one."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "email", "first_name", "last_name", "is_active", "is_superuser", "last_login")
    list_filter = (("groups", GroupFilter), "is_active", "is_superuser")

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field is not None and db_field.name == "groups":
            field.label_from_instance = group_name  # type: ignore[assignment,method-assign]
        return field

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fixed = super().get_readonly_fields(request, obj)
        return fixed if request.user.is_superuser else (*fixed, "is_superuser", "user_permissions")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not is_above and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What somebody did keeps their name; an account is switched off."""
        return False


@admin.register(Group)
class GroupAdmin(BaseGroupAdmin, AuditedAdmin):
    """What members may do."""

    list_display = ("shown_name",)

    @admin.display(description=_("name"), ordering="name")
    def shown_name(self, group: Group) -> str:
        return group_name(group)
