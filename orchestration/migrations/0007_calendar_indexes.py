"""Runs are found by when they began, deliveries by messages of which nobody knows whether they left."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0007_folders_and_templates"),
        ("orchestration", "0006_decisions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="campaignrun",
            index=models.Index(fields=["started_at"], name="run_started"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state", "unknown")), fields=["delivery"], name="message_unknown"
            ),
        ),
    ]
