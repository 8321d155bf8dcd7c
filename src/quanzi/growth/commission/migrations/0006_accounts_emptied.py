"""The payout account of an erased member may lose its words; otherwise one is never edited."""

from typing import ClassVar

from django.db import migrations

HEAD = """
CREATE OR REPLACE FUNCTION payout_account_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
"""

EMPTIED = """
    IF TG_OP = 'UPDATE' AND (NEW.holder, NEW.sealed, NEW.tail) = ('', '', '')
       AND (NEW.member_id, NEW.method, NEW.added_at, NEW.retired_at) IS NOT DISTINCT FROM (OLD.member_id, OLD.method, OLD.added_at, OLD.retired_at)
       AND EXISTS (SELECT FROM accounts_member m WHERE m.id = OLD.member_id AND m.erased_at IS NOT NULL) THEN
        RETURN NEW;
    END IF;
"""

REST = """
    IF TG_OP = 'DELETE' OR OLD.retired_at IS NOT NULL OR (NEW.member_id, NEW.method, NEW.holder, NEW.sealed, NEW.tail, NEW.added_at)
        IS DISTINCT FROM (OLD.member_id, OLD.method, OLD.holder, OLD.sealed, OLD.tail, OLD.added_at) THEN
        RAISE EXCEPTION 'a payout account is never edited; another one takes its place' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("commission", "0005_rules_stand")]
    operations: ClassVar = [migrations.RunSQL(HEAD + EMPTIED + REST, HEAD + REST)]
