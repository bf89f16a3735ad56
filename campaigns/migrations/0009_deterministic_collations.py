from django.db import migrations, models

LOOSE = """
    UPDATE campaigns_field f
       SET deterministic = false
      FROM campaigns_table t, pg_namespace n, pg_class c, pg_attribute a, pg_collation l
     WHERE t.id = f.table_id AND n.nspname = t.schema_name
       AND c.relnamespace = n.oid AND c.relname = t.table_name
       AND a.attrelid = c.oid AND a.attname = f.column_name AND NOT a.attisdropped
       AND l.oid = a.attcollation AND NOT l.collisdeterministic
"""


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0008_sms"),
    ]

    operations = [
        migrations.AddField(
            model_name="field",
            name="deterministic",
            field=models.BooleanField(default=True, editable=False, verbose_name="deterministic collation"),
        ),
        migrations.RunSQL(LOOSE, migrations.RunSQL.noop),
    ]
