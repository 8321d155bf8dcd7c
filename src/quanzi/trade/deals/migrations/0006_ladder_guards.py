"""What the database refuses of ladders and newcomer teams: steps that make no sense, a price that was not reached, somebody who is not new."""

from django.db import migrations

STEPS = """
CREATE FUNCTION deals_guard_deal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE step jsonb; people integer := NEW.team_size; price bigint := NEW.price_minor;
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.steps, NEW.newcomers_only) IS DISTINCT FROM (OLD.steps, OLD.newcomers_only) THEN
        RAISE EXCEPTION 'deal %: its steps and who it is for are never edited', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    FOR step IN SELECT jsonb_array_elements(NEW.steps) LOOP
        IF (step->>0)::integer <= people OR (step->>0)::integer > 100 OR (step->>1)::bigint > price OR (step->>1)::bigint <= 0 THEN
            RAISE EXCEPTION 'a ladder goes up in people, to 100, and down in price' USING ERRCODE = 'check_violation';
        END IF;
        people := (step->>0)::integer;
        price := (step->>1)::bigint;
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER deals_guard_insert BEFORE INSERT ON deals_groupdeal FOR EACH ROW WHEN (NEW.steps <> '[]') EXECUTE FUNCTION deals_guard_deal();
CREATE TRIGGER deals_guard_update BEFORE UPDATE ON deals_groupdeal FOR EACH ROW EXECUTE FUNCTION deals_guard_deal();
"""

NO_STEPS = """
DROP TRIGGER deals_guard_update ON deals_groupdeal;
DROP TRIGGER deals_guard_insert ON deals_groupdeal;
DROP FUNCTION deals_guard_deal();
"""

TEAM = """
CREATE OR REPLACE FUNCTION deals_guard_team() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE proven integer; reached bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'team % is a record and is never deleted', OLD.code USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'forming' OR NEW.taken_seats <> 0 OR NEW.paid_seats <> 0 OR NOT EXISTS (
            SELECT 1 FROM deals_groupdeal d WHERE d.id = NEW.deal_id AND d.team_size = NEW.team_size AND d.price_minor = NEW.price_minor
               AND NEW.most_seats = coalesce((d.steps->-1->>0)::integer, d.team_size) AND NEW.newcomers_only = d.newcomers_only
               AND d.starts_at <= NEW.opened_at AND (d.stopped_at IS NULL OR NEW.opened_at < d.stopped_at)
               AND (d.ends_at IS NULL OR NEW.deadline <= d.ends_at)) THEN
            RAISE EXCEPTION 'team % must begin empty, on the terms and within the time of its deal', NEW.code
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.deal_id, NEW.code, NEW.opener_id, NEW.team_size, NEW.most_seats, NEW.newcomers_only, NEW.price_minor, NEW.opened_at, NEW.deadline)
        IS DISTINCT FROM (OLD.deal_id, OLD.code, OLD.opener_id, OLD.team_size, OLD.most_seats, OLD.newcomers_only, OLD.price_minor, OLD.opened_at, OLD.deadline) THEN
        RAISE EXCEPTION 'team %: its terms and its deadline are never edited', OLD.code USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IS NOT DISTINCT FROM OLD.state THEN
        IF NEW.final_minor IS DISTINCT FROM OLD.final_minor OR (OLD.levelled_at IS NOT NULL AND NEW.levelled_at IS DISTINCT FROM OLD.levelled_at) THEN
            RAISE EXCEPTION 'team %: the price that was reached is never edited', OLD.code USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.levelled_at IS DISTINCT FROM OLD.levelled_at AND (NEW.final_minor IS NULL OR EXISTS (
            SELECT 1 FROM deals_seat WHERE team_id = NEW.id AND state = 'paid' AND levelled_minor IS NULL)) THEN
            RAISE EXCEPTION 'team %: somebody has not got the difference back', OLD.code USING ERRCODE = 'integrity_constraint_violation';
        END IF;
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
        IF proven <> NEW.paid_seats OR NEW.paid_seats < NEW.team_size
           OR (NEW.succeeded_at < NEW.deadline AND NEW.paid_seats < NEW.most_seats)
           OR (NEW.succeeded_at >= NEW.deadline AND NEW.most_seats = NEW.team_size) THEN
            RAISE EXCEPTION 'team % needs % members who paid in time and has %', OLD.code, NEW.team_size, proven
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.most_seats > NEW.team_size THEN
            SELECT least(d.price_minor, min((step->>1)::bigint)) INTO reached
              FROM deals_groupdeal d LEFT JOIN jsonb_array_elements(d.steps) step ON (step->>0)::integer <= proven
             WHERE d.id = NEW.deal_id GROUP BY d.price_minor;
        END IF;
        IF NEW.final_minor IS DISTINCT FROM reached THEN
            RAISE EXCEPTION 'team %: % people make the price %, not %', OLD.code, proven, reached, NEW.final_minor
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
"""

SEAT = """
CREATE OR REPLACE FUNCTION deals_guard_seat() RETURNS trigger LANGUAGE plpgsql AS $$
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
    IF NEW.levelled_minor IS DISTINCT FROM OLD.levelled_minor AND (OLD.levelled_minor IS NOT NULL OR NEW.state <> 'paid' OR NOT EXISTS (
        SELECT 1 FROM deals_team WHERE id = NEW.team_id AND final_minor IS NOT NULL)) THEN
        RAISE EXCEPTION 'seat %: a difference goes back once, when the ladder has ended', OLD.id USING ERRCODE = 'integrity_constraint_violation';
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
    IF NEW.state = 'paid' AND EXISTS (
        SELECT 1 FROM deals_team t JOIN sales_order o ON o.member_id = NEW.member_id AND o.id <> NEW.order_id AND o.paid_at <= NEW.paid_at
         WHERE t.id = NEW.team_id AND t.newcomers_only AND t.opener_id <> NEW.member_id) THEN
        RAISE EXCEPTION 'seat %: this team is for people who never paid an order before', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""

# As they were before (migration 0002).
TEAM_BEFORE = """
CREATE OR REPLACE FUNCTION deals_guard_team() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""

SEAT_BEFORE = """
CREATE OR REPLACE FUNCTION deals_guard_seat() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    dependencies = [("deals", "0005_ladders"), ("sales", "0003_place_and_pay")]

    operations = [migrations.RunSQL(STEPS + TEAM + SEAT, NO_STEPS + TEAM_BEFORE + SEAT_BEFORE)]
