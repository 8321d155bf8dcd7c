"""What the database refuses by itself: teams filled with people who did not pay, seats beyond the size, edited terms."""

from django.db import migrations

TEAMS = """
CREATE FUNCTION deals_guard_team() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE proven integer;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'team % is a record and is never deleted', OLD.code USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'forming' OR NEW.taken_seats <> 0 OR NEW.paid_seats <> 0 OR NOT EXISTS (
            SELECT 1 FROM deals_groupdeal d WHERE d.id = NEW.deal_id AND d.team_size = NEW.team_size AND d.price_minor = NEW.price_minor
               AND d.starts_at <= NEW.opened_at AND (d.stopped_at IS NULL OR NEW.opened_at < d.stopped_at)
               AND (d.ends_at IS NULL OR NEW.deadline <= d.ends_at)) THEN
            RAISE EXCEPTION 'team % must begin empty, on the terms and within the time of its deal', NEW.code
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.deal_id, NEW.code, NEW.opener_id, NEW.team_size, NEW.price_minor, NEW.opened_at, NEW.deadline)
        IS DISTINCT FROM (OLD.deal_id, OLD.code, OLD.opener_id, OLD.team_size, OLD.price_minor, OLD.opened_at, OLD.deadline) THEN
        RAISE EXCEPTION 'team %: its terms and its deadline are never edited', OLD.code USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IS NOT DISTINCT FROM OLD.state THEN
        RETURN NEW;
    END IF;
    IF OLD.state <> 'forming' OR NEW.state NOT IN ('succeeded', 'failed') THEN
        RAISE EXCEPTION 'team %: no move from % to %', OLD.code, OLD.state, NEW.state USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'failed' AND (NEW.failed_at < NEW.deadline OR NEW.paid_seats >= NEW.team_size) THEN
        RAISE EXCEPTION 'team % fails at its deadline and only when it is not full', OLD.code USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'succeeded' THEN
        SELECT count(DISTINCT s.member_id) INTO proven
          FROM deals_seat s
          JOIN payments_payment p ON p.payable_kind = 'order' AND p.payable_id = s.order_id AND p.state = 'captured' AND NOT p.surplus
         WHERE s.team_id = NEW.id AND s.state = 'paid' AND p.captured_at < NEW.deadline;
        IF proven <> NEW.team_size OR NEW.paid_seats <> NEW.team_size OR NEW.succeeded_at >= NEW.deadline THEN
            RAISE EXCEPTION 'team % needs % members who paid in time and has %', OLD.code, NEW.team_size, proven
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER deals_guard BEFORE INSERT OR UPDATE OR DELETE ON deals_team FOR EACH ROW EXECUTE FUNCTION deals_guard_team();
"""

SEATS = """
CREATE FUNCTION deals_guard_seat() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'seat % is a record and is never deleted', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'held' OR NOT EXISTS (
            SELECT 1 FROM deals_team t JOIN sales_order o ON o.id = NEW.order_id
             WHERE t.id = NEW.team_id AND t.deal_id = NEW.deal_id AND t.state = 'forming' AND NEW.taken_at < t.deadline
               AND o.member_id = NEW.member_id AND o.waits_for = 'team:' || NEW.team_id) THEN
            RAISE EXCEPTION 'a seat begins unpaid, in a forming team, with an order of the same member for it'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.deal_id, NEW.team_id, NEW.member_id, NEW.order_id, NEW.taken_at)
        IS DISTINCT FROM (OLD.deal_id, OLD.team_id, OLD.member_id, OLD.order_id, OLD.taken_at) THEN
        RAISE EXCEPTION 'seat %: whose it is is never edited', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IS NOT DISTINCT FROM OLD.state THEN
        RETURN NEW;
    END IF;
    IF (OLD.state, NEW.state) NOT IN (('held', 'paid'), ('held', 'released'), ('released', 'paid'), ('paid', 'refunded')) THEN
        RAISE EXCEPTION 'seat %: no move from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'paid' AND NOT EXISTS (
        SELECT 1 FROM deals_team t
          JOIN payments_payment p ON p.payable_kind = 'order' AND p.payable_id = NEW.order_id AND p.state = 'captured' AND NOT p.surplus
         WHERE t.id = NEW.team_id AND t.state = 'forming' AND p.captured_at < t.deadline) THEN
        RAISE EXCEPTION 'seat % needs a captured payment of its order, before the deadline of a forming team', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER deals_guard BEFORE INSERT OR UPDATE OR DELETE ON deals_seat FOR EACH ROW EXECUTE FUNCTION deals_guard_seat();
"""

LIMITS = """
CREATE FUNCTION deals_guard_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.used > (SELECT per_member_limit FROM deals_groupdeal WHERE id = NEW.deal_id) THEN
        RAISE EXCEPTION 'member % is in as many teams of deal % as one member may be', NEW.member_id, NEW.deal_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER deals_guard_insert BEFORE INSERT ON deals_dealuse FOR EACH ROW EXECUTE FUNCTION deals_guard_use();
CREATE TRIGGER deals_guard_update BEFORE UPDATE ON deals_dealuse FOR EACH ROW WHEN (NEW.used > OLD.used) EXECUTE FUNCTION deals_guard_use();
"""

# Checked when the transaction commits: counters and rows change in several statements of one transaction.
COUNTS = """
CREATE FUNCTION deals_check_team_counts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE team bigint := CASE TG_TABLE_NAME WHEN 'deals_team' THEN (to_jsonb(NEW)->>'id')::bigint ELSE (to_jsonb(NEW)->>'team_id')::bigint END;
BEGIN
    PERFORM 1 FROM deals_team t
      JOIN (SELECT count(*) FILTER (WHERE state IN ('held', 'paid')) AS taken, count(*) FILTER (WHERE state = 'paid') AS paid
              FROM deals_seat WHERE team_id = team) s ON t.taken_seats = s.taken AND t.paid_seats = s.paid
     WHERE t.id = team;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'team %: counted seats are not the seats that live', team USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER deals_counts AFTER UPDATE OF taken_seats, paid_seats ON deals_team
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION deals_check_team_counts();
CREATE CONSTRAINT TRIGGER deals_counts AFTER INSERT OR UPDATE OF state ON deals_seat
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION deals_check_team_counts();

CREATE FUNCTION deals_check_use_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM deals_seat WHERE deal_id = NEW.deal_id AND member_id = NEW.member_id AND state IN ('held', 'paid'))
        <> COALESCE((SELECT used FROM deals_dealuse WHERE deal_id = NEW.deal_id AND member_id = NEW.member_id), 0) THEN
        RAISE EXCEPTION 'member % in deal %: counted uses are not the seats that live', NEW.member_id, NEW.deal_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER deals_uses AFTER INSERT OR UPDATE ON deals_dealuse
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION deals_check_use_counts();
CREATE CONSTRAINT TRIGGER deals_uses AFTER INSERT OR UPDATE OF state ON deals_seat
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION deals_check_use_counts();

CREATE FUNCTION deals_check_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM deals_seat WHERE order_id = NEW.order_id AND 'deal:' || deal_id = NEW.source) THEN
        RAISE EXCEPTION 'order %: the price of % belongs to seats of its teams', NEW.order_id, NEW.source
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER deals_price AFTER INSERT OR UPDATE ON sales_adjustment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (starts_with(NEW.source, 'deal:')) EXECUTE FUNCTION deals_check_price();
"""

BACKWARD = """
DROP TRIGGER deals_price ON sales_adjustment;
DROP TRIGGER deals_uses ON deals_seat;
DROP TRIGGER deals_uses ON deals_dealuse;
DROP TRIGGER deals_counts ON deals_seat;
DROP TRIGGER deals_counts ON deals_team;
DROP TRIGGER deals_guard_update ON deals_dealuse;
DROP TRIGGER deals_guard_insert ON deals_dealuse;
DROP TRIGGER deals_guard ON deals_seat;
DROP TRIGGER deals_guard ON deals_team;
DROP FUNCTION deals_check_price();
DROP FUNCTION deals_check_use_counts();
DROP FUNCTION deals_check_team_counts();
DROP FUNCTION deals_guard_use();
DROP FUNCTION deals_guard_seat();
DROP FUNCTION deals_guard_team();
"""


class Migration(migrations.Migration):
    dependencies = [("deals", "0001_initial"), ("payments", "0002_guards"), ("sales", "0001_initial")]

    operations = [migrations.RunSQL(TEAMS + SEATS + LIMITS + COUNTS, BACKWARD)]
