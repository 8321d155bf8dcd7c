"""What the database refuses of who takes part: somebody outside the circle, a team opened by who is no guest, two first orders of one person."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION deals_guard_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.sku_id, NEW.circle_id, NEW.for_guests, NEW.team_size, NEW.currency)
        IS DISTINCT FROM (OLD.sku_id, OLD.circle_id, OLD.for_guests, OLD.team_size, OLD.currency) THEN
        RAISE EXCEPTION 'deal %: its goods and who it is for are never edited', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER deals_guard_terms BEFORE UPDATE ON deals_groupdeal FOR EACH ROW EXECUTE FUNCTION deals_guard_terms();

CREATE FUNCTION deals_guard_guest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' OR NOT EXISTS (
        SELECT 1 FROM deals_groupdeal d WHERE d.id = NEW.deal_id AND d.for_guests AND NOT EXISTS (SELECT 1 FROM deals_team WHERE deal_id = d.id)) THEN
        RAISE EXCEPTION 'the guests of a deal are named when it is made' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER deals_guard BEFORE INSERT OR UPDATE ON deals_dealguest FOR EACH ROW EXECUTE FUNCTION deals_guard_guest();

CREATE FUNCTION deals_guard_opener() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM deals_groupdeal d WHERE d.id = NEW.deal_id AND d.for_guests
               AND NOT EXISTS (SELECT 1 FROM deals_dealguest g WHERE g.deal_id = d.id AND g.member_id = NEW.opener_id)) THEN
        RAISE EXCEPTION 'team %: only guests of the deal open one', NEW.code USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER deals_guard_opener BEFORE INSERT ON deals_team FOR EACH ROW EXECUTE FUNCTION deals_guard_opener();

CREATE FUNCTION deals_guard_company() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM deals_groupdeal d WHERE d.id = NEW.deal_id AND d.circle_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM circles_membership m WHERE m.circle_id = d.circle_id AND m.member_id = NEW.member_id AND m.state = 'joined')) THEN
        RAISE EXCEPTION 'deal %: a seat is for people of its circle', NEW.deal_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER deals_guard_company BEFORE INSERT ON deals_seat FOR EACH ROW EXECUTE FUNCTION deals_guard_company();

-- Before `deals_guard` looks whether somebody is new: payments of one person for such seats wait for each other, however they are written.
-- The same key as deals.services.newcomers takes.
CREATE FUNCTION deals_first_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM deals_team t WHERE t.id = NEW.team_id AND t.newcomers_only AND t.opener_id <> NEW.member_id) THEN
        PERFORM pg_advisory_xact_lock(hashtext('deals.newcomer'), (NEW.member_id % 2147483648)::integer);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER deals_first_order BEFORE UPDATE OF state ON deals_seat FOR EACH ROW
    WHEN (NEW.state = 'paid' AND OLD.state <> 'paid') EXECUTE FUNCTION deals_first_order();

-- What a ladder gives back is what the step makes, no more; the refund behind it is guarded by sales.
CREATE FUNCTION deals_guard_difference() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.levelled_minor < 0 OR NEW.levelled_minor > (
        SELECT (t.price_minor - t.final_minor) * sum(l.quantity) FROM deals_team t JOIN sales_orderline l ON l.order_id = NEW.order_id
         WHERE t.id = NEW.team_id GROUP BY t.id) THEN
        RAISE EXCEPTION 'seat %: more would go back than the ladder gives', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER deals_guard_difference BEFORE UPDATE OF levelled_minor ON deals_seat FOR EACH ROW
    WHEN (NEW.levelled_minor IS DISTINCT FROM OLD.levelled_minor) EXECUTE FUNCTION deals_guard_difference();
"""

BACKWARD = """
DROP TRIGGER deals_guard_difference ON deals_seat;
DROP FUNCTION deals_guard_difference();
DROP TRIGGER deals_first_order ON deals_seat;
DROP FUNCTION deals_first_order();
DROP TRIGGER deals_guard_company ON deals_seat;
DROP FUNCTION deals_guard_company();
DROP TRIGGER deals_guard_opener ON deals_team;
DROP FUNCTION deals_guard_opener();
DROP TRIGGER deals_guard ON deals_dealguest;
DROP FUNCTION deals_guard_guest();
DROP TRIGGER deals_guard_terms ON deals_groupdeal;
DROP FUNCTION deals_guard_terms();
"""


class Migration(migrations.Migration):
    dependencies = [("deals", "0007_guests"), ("circles", "0001_initial"), ("sales", "0003_place_and_pay")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
