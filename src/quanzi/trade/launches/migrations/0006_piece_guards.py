"""What the database refuses of numbered pieces: other numbers, owners who neither paid nor took over, edited records."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION launches_guard_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.code, NEW.sku_id, NEW.size) IS DISTINCT FROM (OLD.code, OLD.sku_id, OLD.size) THEN
        RAISE EXCEPTION 'edition %: how many there are of what is never edited', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER launches_guard BEFORE UPDATE OR DELETE ON launches_edition FOR EACH ROW EXECUTE FUNCTION launches_guard_edition();

CREATE FUNCTION launches_guard_piece() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'piece % is never deleted', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'free' OR NEW.number > (SELECT size FROM launches_edition WHERE id = NEW.edition_id) THEN
            RAISE EXCEPTION 'a piece begins free, with one of the numbers of its edition' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.edition_id, NEW.number, NEW.code) IS DISTINCT FROM (OLD.edition_id, OLD.number, OLD.code) THEN
        RAISE EXCEPTION 'piece %: its number is never edited', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IS DISTINCT FROM OLD.state AND NOT (
           OLD.state = 'free' AND NEW.state IN ('offered', 'ordered') OR OLD.state = 'offered' AND NEW.state IN ('free', 'ordered')
        OR OLD.state = 'ordered' AND NEW.state IN ('owned', 'free') OR OLD.state = 'owned' AND NEW.state = 'free') THEN
        RAISE EXCEPTION 'piece %: no move from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.owner_id IS NOT NULL AND NEW.owner_id IS DISTINCT FROM OLD.owner_id AND NOT (
           OLD.owner_id IS NULL AND EXISTS (SELECT 1 FROM sales_order o WHERE o.id = NEW.order_id AND o.member_id = NEW.owner_id
                                               AND o.paid_at IS NOT NULL AND o.waits_for = 'piece:' || NEW.id)
        OR OLD.owner_id IS NOT NULL AND EXISTS (SELECT 1 FROM launches_handing h WHERE h.piece_id = NEW.id AND h.giver_id = OLD.owner_id
                                                   AND h.taker_id = NEW.owner_id AND h.taken_at IS NOT NULL AND h.withdrawn_at IS NULL)) THEN
        RAISE EXCEPTION 'piece %: it becomes somebody''s by paying or by both sides'' word', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER launches_guard BEFORE INSERT OR UPDATE OR DELETE ON launches_piece FOR EACH ROW EXECUTE FUNCTION launches_guard_piece();

CREATE FUNCTION launches_guard_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.piece_id, NEW.kind, NEW.text, NEW.by_maker, NEW.written_at)
        IS DISTINCT FROM (OLD.piece_id, OLD.kind, OLD.text, OLD.by_maker, OLD.written_at) THEN
        RAISE EXCEPTION 'the record of piece % is never edited', OLD.piece_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER launches_guard BEFORE UPDATE OR DELETE ON launches_piecerecord FOR EACH ROW EXECUTE FUNCTION launches_guard_record();
"""

BACKWARD = """
DROP TRIGGER launches_guard ON launches_piecerecord;
DROP TRIGGER launches_guard ON launches_piece;
DROP TRIGGER launches_guard ON launches_edition;
DROP FUNCTION launches_guard_record();
DROP FUNCTION launches_guard_piece();
DROP FUNCTION launches_guard_edition();
"""


class Migration(migrations.Migration):
    dependencies = [("launches", "0005_pieces"), ("sales", "0003_place_and_pay")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
