from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orchestration", "0005_iterations")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="evidence",
            field=models.JSONField(blank=True, editable=False, null=True, verbose_name="as it was"),
        ),
        migrations.AddField(
            model_name="population",
            name="decided",
            field=models.JSONField(blank=True, default=None, null=True),
        ),
    ]
