"""The schema of the working tables."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orchestration", "0002_message_event")]

    operations = [migrations.RunSQL("CREATE SCHEMA IF NOT EXISTS work", "DROP SCHEMA IF EXISTS work CASCADE")]
