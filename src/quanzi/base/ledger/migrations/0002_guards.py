"""The rules of the books, kept by the database: balanced, append-only, chained, balances as checked sums.

Plain SQL cannot get past them: the seal runs at commit for every new transaction, however it was written.
Works on PostgreSQL 15 and later; sha256() is the server's own.
"""

from django.db import migrations

# One canonical text per transaction: JSON arrays, so that no value can pretend to be two.
# Seals and the doctor read the same view; what is hashed is defined here and nowhere else.
CANONICAL = """
CREATE VIEW ledger_canonical AS
SELECT t.id AS transaction_id, jsonb_build_array(
    t.id, t.key, t.kind, t.memo, t.ref, t.actor, t.reverses_id,
    (extract(epoch FROM t.occurred_at) * 1000000)::bigint, (extract(epoch FROM t.posted_at) * 1000000)::bigint,
    (SELECT jsonb_agg(jsonb_build_array(e.id, a.code, e.amount_minor, e.currency) ORDER BY e.id)
     FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id WHERE e.transaction_id = t.id)
)::text AS body
FROM ledger_transaction t;

CREATE FUNCTION ledger_hash(prev_hash text, body text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT encode(sha256(convert_to(prev_hash || E'\\n' || body, 'UTF8')), 'hex') $$;
"""

CANONICAL_BACK = """
DROP FUNCTION ledger_hash(text, text);
DROP VIEW ledger_canonical;
"""

# 4201 is this lock's arbitrary number; it is held from the seal to the end of the commit, so the chain has no forks.
SEAL = """
CREATE FUNCTION ledger_seal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last ledger_link%ROWTYPE;
BEGIN
    PERFORM pg_advisory_xact_lock(4201, 1);
    PERFORM ledger_check(NEW.id, NEW.reverses_id);

    INSERT INTO ledger_balance AS b (account_id, balance_minor)
    SELECT account_id, sum(amount_minor) FROM ledger_entry
    WHERE transaction_id = NEW.id GROUP BY account_id ORDER BY account_id
    ON CONFLICT (account_id) DO UPDATE SET balance_minor = b.balance_minor + excluded.balance_minor;

    SELECT * INTO last FROM ledger_link ORDER BY seq DESC LIMIT 1;
    INSERT INTO ledger_link (transaction_id, seq, prev_hash, hash)
    SELECT NEW.id, coalesce(last.seq, 0) + 1, coalesce(last.hash, repeat('0', 64)),
           ledger_hash(coalesce(last.hash, repeat('0', 64)), c.body)
    FROM ledger_canonical c WHERE c.transaction_id = NEW.id;
    RETURN NULL;
END $$;

CREATE FUNCTION ledger_check(tx bigint, reversed bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM ledger_entry e WHERE e.transaction_id = tx) < 2 THEN
        RAISE EXCEPTION 'ledger transaction % has fewer than two entries', tx
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_two_entries';
    END IF;
    IF EXISTS (SELECT 1 FROM ledger_entry e WHERE e.transaction_id = tx
               GROUP BY e.currency HAVING sum(e.amount_minor) <> 0) THEN
        RAISE EXCEPTION 'ledger transaction % does not balance', tx
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_balanced';
    END IF;
    IF EXISTS (SELECT 1 FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id
               WHERE e.transaction_id = tx AND a.currency <> e.currency) THEN
        RAISE EXCEPTION 'ledger transaction % has an entry in a currency that its account does not keep', tx
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_currency';
    END IF;
    IF reversed IS NOT NULL AND EXISTS (
        SELECT account_id, currency FROM ledger_entry e WHERE e.transaction_id IN (tx, reversed)
        GROUP BY account_id, currency HAVING sum(amount_minor) <> 0) THEN
        RAISE EXCEPTION 'ledger transaction % does not undo transaction % exactly', tx, reversed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_reversal';
    END IF;
END $$;

CREATE CONSTRAINT TRIGGER ledger_seal AFTER INSERT ON ledger_transaction
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_seal();
"""

SEAL_BACK = """
DROP TRIGGER ledger_seal ON ledger_transaction;
DROP FUNCTION ledger_check(bigint, bigint);
DROP FUNCTION ledger_seal();
"""

# A transaction that is visible and not yet linked was written by the same database transaction, since
# every committed one is linked; so nobody can slip an entry into another's booking, sealed or in flight.
ENTRY = """
CREATE FUNCTION ledger_entry_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_transaction t WHERE t.id = NEW.transaction_id)
       OR EXISTS (SELECT 1 FROM ledger_link l WHERE l.transaction_id = NEW.transaction_id) THEN
        RAISE EXCEPTION 'entries are written together with their ledger transaction % and never later',
            NEW.transaction_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_entry_in_time BEFORE INSERT ON ledger_entry
FOR EACH ROW EXECUTE FUNCTION ledger_entry_in_time();
"""

ENTRY_BACK = """
DROP TRIGGER ledger_entry_in_time ON ledger_entry;
DROP FUNCTION ledger_entry_in_time();
"""

# ALWAYS: also for sessions that call themselves replicas, which switch ordinary triggers off.
APPEND_ONLY = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are never changed or removed; reverse the transaction instead', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON ledger_transaction
FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON ledger_entry
FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON ledger_link
FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
ALTER TABLE ledger_transaction ENABLE ALWAYS TRIGGER ledger_append_only;
ALTER TABLE ledger_entry ENABLE ALWAYS TRIGGER ledger_append_only;
ALTER TABLE ledger_link ENABLE ALWAYS TRIGGER ledger_append_only;

CREATE FUNCTION ledger_link_by_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'only sealing a ledger transaction writes its link'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_link_by_seal BEFORE INSERT ON ledger_link
FOR EACH ROW EXECUTE FUNCTION ledger_link_by_seal();
"""

APPEND_ONLY_BACK = """
DROP TRIGGER ledger_link_by_seal ON ledger_link;
DROP FUNCTION ledger_link_by_seal();
DROP TRIGGER ledger_append_only ON ledger_link;
DROP TRIGGER ledger_append_only ON ledger_entry;
DROP TRIGGER ledger_append_only ON ledger_transaction;
DROP FUNCTION ledger_refuse_change();
"""

ACCOUNT = """
CREATE FUNCTION ledger_natural(kind text, balance bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN kind IN ('asset', 'expense') THEN balance ELSE -balance END $$;

CREATE FUNCTION ledger_balance_floor() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held ledger_account%ROWTYPE;
BEGIN
    SELECT * INTO held FROM ledger_account WHERE id = NEW.account_id;
    IF NOT held.may_go_negative AND ledger_natural(held.kind, NEW.balance_minor) < 0 THEN
        RAISE EXCEPTION 'account % would fall below zero', held.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_balance_floor';
    END IF;
    RETURN NULL;
END $$;
-- AFTER, since BEFORE INSERT would see the mere difference of an upsert.
CREATE TRIGGER ledger_balance_floor AFTER INSERT OR UPDATE ON ledger_balance
FOR EACH ROW EXECUTE FUNCTION ledger_balance_floor();

CREATE FUNCTION ledger_account_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.code, NEW.currency, NEW.kind) IS DISTINCT FROM (OLD.id, OLD.code, OLD.currency, OLD.kind) THEN
        RAISE EXCEPTION 'account % keeps its code, currency and kind', OLD.code
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT NEW.may_go_negative AND EXISTS (
        SELECT 1 FROM ledger_balance b
        WHERE b.account_id = NEW.id AND ledger_natural(NEW.kind, b.balance_minor) < 0) THEN
        RAISE EXCEPTION 'account % is below zero now', OLD.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_balance_floor';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_account_fixed BEFORE UPDATE ON ledger_account
FOR EACH ROW EXECUTE FUNCTION ledger_account_fixed();
"""

ACCOUNT_BACK = """
DROP TRIGGER ledger_account_fixed ON ledger_account;
DROP FUNCTION ledger_account_fixed();
DROP TRIGGER ledger_balance_floor ON ledger_balance;
DROP FUNCTION ledger_balance_floor();
DROP FUNCTION ledger_natural(text, bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [
        migrations.RunSQL(CANONICAL, CANONICAL_BACK),
        migrations.RunSQL(ACCOUNT, ACCOUNT_BACK),
        migrations.RunSQL(ENTRY, ENTRY_BACK),
        migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_BACK),
        migrations.RunSQL(SEAL, SEAL_BACK),
    ]
