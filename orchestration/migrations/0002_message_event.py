"""The tables of events and verdicts: Django cannot say "partitioned", so the SQL beside this file does."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "0002_message_event.sql"
REVERSE = """
DROP FUNCTION orchestration_make_event_months(timestamptz, integer);
DROP TABLE orchestration_eventverdict;
DROP TABLE orchestration_messageevent;
"""


class Migration(migrations.Migration):
    dependencies = [("orchestration", "0001_initial")]

    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"), REVERSE)]
