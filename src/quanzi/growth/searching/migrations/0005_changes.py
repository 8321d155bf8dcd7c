"""Whoever changes what is searched leaves a number, seen with the change; the same numbers are the same index."""

from __future__ import annotations

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION searching_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO searching_change DEFAULT VALUES;
    RETURN NULL;
END $$;
CREATE TRIGGER searching_entry_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON searching_entry
    FOR EACH STATEMENT EXECUTE FUNCTION searching_changed();
CREATE TRIGGER searching_word_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON searching_word
    FOR EACH STATEMENT EXECUTE FUNCTION searching_changed();
"""

BACKWARD = """
DROP TRIGGER searching_entry_changed ON searching_entry;
DROP TRIGGER searching_word_changed ON searching_word;
DROP FUNCTION searching_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("searching", "0004_left_out")]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
