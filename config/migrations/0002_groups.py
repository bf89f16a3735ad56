"""The groups a marketing team works in. What each may do is data of this migration; administrators may change it."""

from __future__ import annotations

from typing import Any

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

APPS = ("campaigns", "orchestration", "reporting", "config", "auth", "django_celery_beat")
LOOK = (
    "campaigns.view_campaign",
    "campaigns.view_table",
    "campaigns.view_field",
    "campaigns.view_link",
    "campaigns.view_targetingdimension",
    "campaigns.view_importjob",
    "campaigns.view_channelconfiguration",
    "campaigns.view_consent",
    "campaigns.view_consentrecord",
    "campaigns.view_suppression",
    "orchestration.view_campaignrun",
    "orchestration.view_occurrence",
    "orchestration.view_delivery",
    "orchestration.view_message",
)
AUTHOR = ("campaigns.add_campaign", "campaigns.change_campaign", "campaigns.delete_campaign")
TOKENS = ("campaigns.view_apitoken", "campaigns.add_apitoken")
APPROVE = ("campaigns.confirm_send", "campaigns.view_personal_data")
PUBLISH = ("campaigns.publish_campaign",)
WHOLE_APPS = ("campaigns", "orchestration", "reporting")
ADMINISTER = (
    "auth.view_user",
    "auth.add_user",
    "auth.change_user",
    "auth.view_group",
    "django_celery_beat.view_periodictask",
)
GROUPS = {
    "Viewer": LOOK,
    "Author": (*LOOK, *AUTHOR, *TOKENS),
    "Approver": (*LOOK, *APPROVE),
    "Publisher": (*LOOK, *AUTHOR, *TOKENS, *APPROVE, *PUBLISH),
}


def create_groups(apps: Any, schema_editor: Any) -> None:
    """Permissions are made when all migrations have ended; these groups need them now."""
    for name in APPS:
        create_permissions(installed.get_app_config(name), verbosity=0, using=schema_editor.connection.alias)
    permissions = apps.get_model("auth", "Permission").objects.select_related("content_type")
    known = {f"{p.content_type.app_label}.{p.codename}": p for p in permissions}
    whole = [name for name in known if name.split(".")[0] in WHOLE_APPS]
    for group, names in {**GROUPS, "Administrator": (*whole, *ADMINISTER)}.items():
        made, _created = apps.get_model("auth", "Group").objects.get_or_create(name=group)
        made.permissions.add(*(known[name] for name in names))


class Migration(migrations.Migration):
    dependencies = [
        ("config", "0001_initial"),
        ("campaigns", "0002_append_only"),
        ("orchestration", "0003_working_schema"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("django_celery_beat", "0018_improve_crontab_helptext"),
    ]

    operations = [migrations.RunPython(create_groups, migrations.RunPython.noop)]
