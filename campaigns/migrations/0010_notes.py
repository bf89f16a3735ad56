from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0009_deterministic_collations"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="notes",
            field=models.JSONField(blank=True, default=dict, verbose_name="notes"),
        ),
    ]
