"""What the database refuses of prices asked for together: edited wishes, a second answer, voices after it or from outside the circle."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION bargains_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'what people asked for together is a record and is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'gathering' THEN
            RAISE EXCEPTION 'a wish begins without an answer' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.code, NEW.sku_id, NEW.circle_id, NEW.opener_id, NEW.wish_minor, NEW.single_minor, NEW.currency, NEW.opened_at, NEW.closes_at)
        IS DISTINCT FROM (OLD.code, OLD.sku_id, OLD.circle_id, OLD.opener_id, OLD.wish_minor, OLD.single_minor, OLD.currency, OLD.opened_at, OLD.closes_at)
       OR (NEW.words IS DISTINCT FROM OLD.words AND NEW.words <> '')
       OR (OLD.state <> 'gathering'
           AND (NEW.state, NEW.answered_at, NEW.answer, NEW.deal_id) IS DISTINCT FROM (OLD.state, OLD.answered_at, OLD.answer, OLD.deal_id)) THEN
        RAISE EXCEPTION 'wish %: it is never edited, and answered once', OLD.code USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'agreed' AND OLD.state = 'gathering' AND NOT EXISTS (
        SELECT 1 FROM deals_groupdeal d WHERE d.id = NEW.deal_id AND d.sku_id = NEW.sku_id AND d.for_guests
           AND d.circle_id IS NOT DISTINCT FROM NEW.circle_id) THEN
        RAISE EXCEPTION 'wish %: the offer is for these goods and for those who asked', OLD.code USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bargains_guard BEFORE INSERT OR UPDATE OR DELETE ON bargains_bargain FOR EACH ROW EXECUTE FUNCTION bargains_guard();

CREATE FUNCTION bargains_guard_voice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a voice is withdrawn, not deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.bargain_id, NEW.member_id) IS DISTINCT FROM (OLD.bargain_id, OLD.member_id) THEN
        RAISE EXCEPTION 'whose voice it is is never edited' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM bargains_bargain b WHERE b.id = NEW.bargain_id AND b.state = 'gathering'
                   AND coalesce(NEW.withdrawn_at, NEW.said_at) >= b.opened_at AND coalesce(NEW.withdrawn_at, NEW.said_at) < b.closes_at
                   AND (b.circle_id IS NULL OR NEW.withdrawn_at IS NOT NULL OR EXISTS (
                       SELECT 1 FROM circles_membership m WHERE m.circle_id = b.circle_id AND m.member_id = NEW.member_id AND m.state = 'joined'))) THEN
        RAISE EXCEPTION 'a voice is added while the wish gathers, by people who may see it' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bargains_guard BEFORE INSERT OR UPDATE OR DELETE ON bargains_voice FOR EACH ROW EXECUTE FUNCTION bargains_guard_voice();
"""

BACKWARD = """
DROP TRIGGER bargains_guard ON bargains_voice;
DROP FUNCTION bargains_guard_voice();
DROP TRIGGER bargains_guard ON bargains_bargain;
DROP FUNCTION bargains_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("bargains", "0001_initial"), ("deals", "0008_company_guards"), ("circles", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
