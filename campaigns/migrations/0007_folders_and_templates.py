"""Folders, templates, and of each version the draft it was made from."""

from pathlib import Path

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).parent / "sql"
KEEPS, KEPT = (
    (SQL / "0007_version_keeps_its_draft_hash.sql").read_text(encoding="utf-8"),
    (SQL / "0002_append_only.sql").read_text(encoding="utf-8"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0006_audiences"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="campaignversion",
            name="draft_hash",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
        ),
        migrations.CreateModel(
            name="CampaignFolder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="created at"
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="campaigns.campaignfolder",
                        verbose_name="in the folder",
                    ),
                ),
            ],
            options={
                "verbose_name": "folder",
                "verbose_name_plural": "folders",
                "ordering": ["name", "pk"],
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="campaign",
            name="folder",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="campaigns",
                to="campaigns.campaignfolder",
                verbose_name="folder",
            ),
        ),
        migrations.CreateModel(
            name="CampaignTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.CharField(
                        max_length=80,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+([_-][a-z0-9]+)*$",
                                "Use lower-case letters, digits, single hyphens and underscores, such as “win-back-2018”.",
                            )
                        ],
                        verbose_name="slug",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                ("needs", models.TextField(blank=True, verbose_name="what it needs")),
                ("document", models.JSONField(verbose_name="document")),
                ("blanks", models.JSONField(blank=True, default=list, verbose_name="blanks")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="created at"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "campaign template",
                "verbose_name_plural": "campaign templates",
                "ordering": ["name", "pk"],
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="campaignfolder",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("name"),
                models.F("parent"),
                name="folder_name_is_unique_beside_others",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="campaignfolder",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="folder_has_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="campaignfolder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("parent__isnull", True),
                    models.Q(("parent", models.F("pk")), _negated=True),
                    _connector="OR",
                ),
                name="folder_is_not_in_itself",
            ),
        ),
        migrations.RunSQL(KEEPS, KEPT),
    ]
