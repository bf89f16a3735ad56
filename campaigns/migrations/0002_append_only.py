"""Triggers that keep published versions, the audit log and consent records as they were written."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "0002_append_only.sql"
REVERSE = """
DROP TRIGGER version_is_frozen ON campaigns_campaignversion;
DROP TRIGGER version_stays ON campaigns_campaignversion;
DROP TRIGGER audit_entry_is_frozen ON campaigns_auditentry;
DROP TRIGGER audit_entry_stays ON campaigns_auditentry;
DROP TRIGGER consent_record_is_frozen ON campaigns_consentrecord;
DROP FUNCTION campaigns_refuse_change();
DROP FUNCTION campaigns_keep_version();
DROP FUNCTION campaigns_keep_entry();
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial")]

    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"), REVERSE)]
