"""What the database refuses of questions to friends: asking people who are not one's own or have been asked enough, late answers, edited prices."""

from django.db import migrations

POLLS = """
CREATE FUNCTION polls_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('polls by', NEW.asker_id));
        IF NEW.ended_at IS NOT NULL OR NEW.told_at IS NOT NULL OR NEW.closes_at > NEW.asked_at + interval '24 hours' THEN
            RAISE EXCEPTION 'a question begins open and ends within a day' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF (SELECT count(*) FROM polls_poll p WHERE p.asker_id = NEW.asker_id AND p.ended_at IS NULL) >= 2 THEN
            RAISE EXCEPTION 'member % has two open questions', NEW.asker_id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.code, NEW.asker_id, NEW.asked_at, NEW.closes_at) IS DISTINCT FROM (OLD.code, OLD.asker_id, OLD.asked_at, OLD.closes_at)
       OR (NEW.words IS DISTINCT FROM OLD.words AND NEW.words <> '')
       OR (OLD.ended_at IS NOT NULL AND (NEW.ended_at, NEW.end_reason) IS DISTINCT FROM (OLD.ended_at, OLD.end_reason))
       OR (OLD.told_at IS NOT NULL AND ((NEW.told_at, NEW.decision) IS DISTINCT FROM (OLD.told_at, OLD.decision)
                                        OR (NEW.told IS DISTINCT FROM OLD.told AND NEW.told <> ''))) THEN
        RAISE EXCEPTION 'question %: it is never edited, and ends once', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER polls_guard BEFORE INSERT OR UPDATE ON polls_poll FOR EACH ROW EXECUTE FUNCTION polls_guard();
"""

GOODS = """
CREATE FUNCTION polls_guard_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.order_id IS NOT NULL OR NOT EXISTS (SELECT FROM polls_poll p WHERE p.id = NEW.poll_id AND p.ended_at IS NULL) THEN
            RAISE EXCEPTION 'goods are held for an open question' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF EXISTS (SELECT FROM polls_poll p JOIN polls_poll o ON o.asker_id = p.asker_id AND o.id <> p.id
                     AND o.asked_at > p.asked_at - interval '7 days' AND o.asked_at <= p.asked_at
                     JOIN polls_good g ON g.poll_id = o.id AND g.sku_id = NEW.sku_id WHERE p.id = NEW.poll_id) THEN
            RAISE EXCEPTION 'goods % were held for the same member within a week', NEW.sku_id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.poll_id, NEW.sku_id, NEW.position, NEW.price_minor, NEW.currency)
        IS DISTINCT FROM (OLD.poll_id, OLD.sku_id, OLD.position, OLD.price_minor, OLD.currency)
       OR (NEW.order_id IS DISTINCT FROM OLD.order_id AND OLD.order_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM sales_order o WHERE o.id = OLD.order_id AND o.state = 'cancelled'))
       OR (NEW.order_id IS DISTINCT FROM OLD.order_id AND NEW.order_id IS NOT NULL AND NOT EXISTS (
           SELECT FROM sales_order o JOIN polls_poll p ON p.id = NEW.poll_id AND p.asker_id = o.member_id
            WHERE o.id = NEW.order_id AND o.placed_at >= p.asked_at AND o.placed_at < p.closes_at AND p.ended_at IS NULL)) THEN
        RAISE EXCEPTION 'good %: what was held is never edited, and only its asker orders it, in time', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER polls_guard BEFORE INSERT OR UPDATE ON polls_good FOR EACH ROW EXECUTE FUNCTION polls_guard_good();

CREATE FUNCTION polls_check_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM polls_good g JOIN sales_orderline s ON s.order_id = NEW.order_id AND s.id = NEW.line_id AND s.sku_id = g.sku_id
                    WHERE 'poll:' || g.id = NEW.source AND g.order_id = NEW.order_id AND s.quantity = 1
                      AND NEW.amount_minor >= -(s.list_minor - g.price_minor)) THEN
        RAISE EXCEPTION 'order %: the price of % is for the one unit that was held', NEW.order_id, NEW.source
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER polls_price AFTER INSERT ON sales_adjustment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (starts_with(NEW.source, 'poll:')) EXECUTE FUNCTION polls_check_price();
"""

HOLDS = """
-- When a transaction ends, what is held for a question is what the question says.
CREATE FUNCTION polls_check_hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM polls_good g JOIN polls_poll p ON p.id = g.poll_id
                LEFT JOIN stock_reservation r ON r.ref = 'poll:' || g.id AND r.state = 'live'
                WHERE g.poll_id = CASE WHEN TG_TABLE_NAME = 'polls_poll' THEN NEW.id ELSE (to_jsonb(NEW)->>'poll_id')::bigint END
                  AND CASE WHEN p.ended_at IS NULL AND g.order_id IS NULL AND g.lost_at IS NULL
                           THEN r.id IS NULL OR r.quantity <> 1 OR r.sku_id <> g.sku_id OR r.expires_at IS DISTINCT FROM p.closes_at
                           ELSE r.id IS NOT NULL END) THEN
        RAISE EXCEPTION 'an open question holds one unit of each of its goods, an ended one nothing' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER polls_hold AFTER INSERT OR UPDATE ON polls_poll
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION polls_check_hold();
CREATE CONSTRAINT TRIGGER polls_hold AFTER INSERT OR UPDATE ON polls_good
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION polls_check_hold();
"""

PEOPLE = """
-- Own people know each other, nobody blocked anybody, and the one who is asked lets themselves be asked and was not asked too often.
CREATE FUNCTION polls_may_ask(asker bigint, other bigint, at timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT asker <> other
       AND EXISTS (SELECT FROM trust_edge e WHERE e.source_id = asker AND e.target_id = other)
       AND EXISTS (SELECT FROM trust_edge e WHERE e.source_id = other AND e.target_id = asker)
       AND NOT EXISTS (SELECT FROM safety_block b WHERE (b.member_id, b.other_id) IN ((asker, other), (other, asker)))
       AND NOT EXISTS (SELECT FROM polls_openness o WHERE o.member_id = other AND NOT o.may_be_asked)
       AND EXISTS (SELECT FROM accounts_member m WHERE m.id = other AND m.is_active AND m.erased_at IS NULL)
       AND (SELECT count(*) FROM polls_asked a WHERE a.member_id = other AND a.asked_at > at - interval '1 day') < 3
$$;

CREATE FUNCTION polls_guard_asked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE question polls_poll%ROWTYPE;
BEGIN
    SELECT * INTO question FROM polls_poll p WHERE p.id = NEW.poll_id;
    IF TG_OP = 'INSERT' THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('asked', NEW.member_id));
        IF NEW.answered_at IS NOT NULL OR question.ended_at IS NOT NULL OR NEW.asked_at < question.asked_at OR NEW.asked_at >= question.closes_at
           OR NOT polls_may_ask(question.asker_id, NEW.member_id, NEW.asked_at)
           OR (SELECT count(*) FROM polls_asked a WHERE a.poll_id = NEW.poll_id) >= 12 THEN
            RAISE EXCEPTION 'member % cannot be asked', NEW.member_id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.poll_id, NEW.member_id, NEW.asked_at) IS DISTINCT FROM (OLD.poll_id, OLD.member_id, OLD.asked_at)
       OR (OLD.answered_at IS NOT NULL AND NEW.answered_at IS DISTINCT FROM OLD.answered_at)
       OR (OLD.thanked_at IS NOT NULL AND NEW.thanked_at IS DISTINCT FROM OLD.thanked_at)
       OR (question.ended_at IS NOT NULL
           AND ((NEW.says, NEW.good_id, NEW.has_it, NEW.answered_at) IS DISTINCT FROM (OLD.says, OLD.good_id, OLD.has_it, OLD.answered_at)
                OR (NEW.words <> OLD.words AND NEW.words <> '') OR (NEW.is_for_all AND NOT OLD.is_for_all)))
       OR (NEW.good_id IS NOT NULL AND NOT EXISTS (SELECT FROM polls_good g WHERE g.id = NEW.good_id AND g.poll_id = NEW.poll_id)) THEN
        RAISE EXCEPTION 'answer %: one for each, of the goods asked about, until the question ends', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER polls_guard BEFORE INSERT OR UPDATE ON polls_asked FOR EACH ROW EXECUTE FUNCTION polls_guard_asked();
"""

BACKWARD = """
DROP TRIGGER polls_guard ON polls_asked;
DROP TRIGGER polls_hold ON polls_good;
DROP TRIGGER polls_hold ON polls_poll;
DROP TRIGGER polls_price ON sales_adjustment;
DROP TRIGGER polls_guard ON polls_good;
DROP TRIGGER polls_guard ON polls_poll;
DROP FUNCTION polls_guard_asked();
DROP FUNCTION polls_may_ask(bigint, bigint, timestamptz);
DROP FUNCTION polls_check_hold();
DROP FUNCTION polls_check_price();
DROP FUNCTION polls_guard_good();
DROP FUNCTION polls_guard();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("polls", "0001_initial"), ("trust", "0008_fade_once"), ("safety", "0001_initial"), ("stock", "0008_promises"),
        ("sales", "0008_lowest_charged"), ("accounts", "0001_initial"),
    ]  # fmt: skip

    operations = [migrations.RunSQL(POLLS + GOODS + HOLDS + PEOPLE, BACKWARD)]
