"""Words that nobody may edit can still be taken out when whoever said them is erased; nothing else changes with them."""

from django.db import migrations

ERASED = "EXISTS (SELECT FROM accounts_member m WHERE m.id = {member} AND m.erased_at IS NOT NULL)"

STATEMENT = """
CREATE OR REPLACE FUNCTION aftersales_guard_statement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {unless}
    RAISE EXCEPTION 'what was said in a dispute is never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
STATEMENT_EMPTIED = f"""IF TG_OP = 'UPDATE' AND NEW.words = '…' AND {ERASED.format(member="OLD.author_id")}
       AND to_jsonb(NEW) - 'words' = to_jsonb(OLD) - 'words' THEN
        RETURN NEW;
    END IF;"""

RECORD = """
CREATE OR REPLACE FUNCTION launches_guard_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {unless}
    IF TG_OP = 'DELETE' OR (NEW.piece_id, NEW.kind, NEW.text, NEW.by_maker, NEW.written_at)
        IS DISTINCT FROM (OLD.piece_id, OLD.kind, OLD.text, OLD.by_maker, OLD.written_at) THEN
        RAISE EXCEPTION 'the record of piece % is never edited', OLD.piece_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""
RECORD_EMPTIED = f"""IF TG_OP = 'UPDATE' AND NEW.text = '…' AND {ERASED.format(member="OLD.writer_id")}
       AND to_jsonb(NEW) - 'text' = to_jsonb(OLD) - 'text' THEN
        RETURN NEW;
    END IF;"""

TRACKING = """
CREATE OR REPLACE FUNCTION fulfilment_guard_tracking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {unless}
    RAISE EXCEPTION 'what a carrier told is never edited' USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
TRACKING_EMPTIED = """IF TG_OP = 'UPDATE' AND NEW.words = '' AND NEW.place = ''
       AND to_jsonb(NEW) - '{words,place}'::text[] = to_jsonb(OLD) - '{words,place}'::text[]
       AND EXISTS (SELECT FROM fulfilment_parcel p JOIN fulfilment_fulfilment f ON f.id = p.fulfilment_id
                   JOIN sales_order o ON o.id = f.order_id JOIN accounts_member m ON m.id = o.member_id
                   WHERE p.id = OLD.parcel_id AND m.erased_at IS NOT NULL) THEN
        RETURN NEW;
    END IF;"""

PAIRS = ((STATEMENT, STATEMENT_EMPTIED), (RECORD, RECORD_EMPTIED), (TRACKING, TRACKING_EMPTIED))


class Migration(migrations.Migration):
    dependencies = [
        ("erasing", "0001_erasing"),
        ("aftersales", "0006_statements_guard"),
        ("launches", "0006_piece_guards"),
        ("fulfilment", "0006_parcel_guards"),
        ("accounts", "0005_staff_invitation"),
    ]
    operations = [
        migrations.RunSQL(function.replace("{unless}", emptied), function.replace("    {unless}\n", ""))
        for function, emptied in PAIRS
    ]
