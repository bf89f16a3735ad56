"""What the groups may do in the library of audiences: all see it, who draws campaigns composes, imports and changes."""

from __future__ import annotations

from typing import Any

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

LOOK = ("view_audience",)
COMPOSE = (*LOOK, "add_audience", "change_audience", "delete_audience")
GROUPS = {
    "Viewer": LOOK,
    "Author": COMPOSE,
    "Approver": LOOK,
    "Publisher": COMPOSE,
    "Administrator": (*COMPOSE, "view_audiencechange"),
}


def allow(apps: Any, schema_editor: Any) -> None:
    """Permissions are made when all migrations have ended; these groups need them now."""
    config = installed.get_app_config("campaigns")
    create_permissions(config, verbosity=0, using=schema_editor.connection.alias)
    for group, permissions in _found(apps):
        group.permissions.add(*permissions)


def withdraw(apps: Any, schema_editor: Any) -> None:
    for group, permissions in _found(apps):
        group.permissions.remove(*permissions)


def _found(apps: Any) -> list[tuple[Any, list[Any]]]:
    """The groups that are still there, each with its permissions."""
    permission, group = apps.get_model("auth", "Permission"), apps.get_model("auth", "Group")
    return [
        (each, list(permission.objects.filter(content_type__app_label="campaigns", codename__in=names)))
        for name, names in GROUPS.items()
        for each in group.objects.filter(name=name)
    ]


class Migration(migrations.Migration):
    dependencies = [("config", "0003_file_permissions"), ("campaigns", "0006_audiences")]

    operations = [migrations.RunPython(allow, withdraw)]
