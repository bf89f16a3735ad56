from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0008_sms"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="notes",
            field=models.JSONField(blank=True, default=dict, verbose_name="notes"),
        ),
    ]
