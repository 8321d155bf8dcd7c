"""Nobody stands by goods that they did not keep: the line is a kept one of the page's own person, or of somebody who looks after the circle."""

from typing import ClassVar

from django.db import migrations

PROOF = """
CREATE FUNCTION fronts_prove() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.line_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM sales_orderline line
        JOIN fronts_front front ON front.id = NEW.front_id
        LEFT JOIN catalogue_maker maker ON maker.id = front.maker_id
        WHERE line.id = NEW.line_id AND line.kept_at IS NOT NULL
          AND (line.member_id = front.member_id OR line.member_id = maker.member_id OR EXISTS (
                SELECT FROM circles_membership place WHERE place.circle_id = front.circle_id AND place.member_id = line.member_id
                  AND place.state = 'joined' AND place.role IN ('founder', 'moderator')))
    ) THEN
        RAISE EXCEPTION 'only kept goods of one''s own may be stood by' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fronts_prove BEFORE INSERT OR UPDATE OF line_id, front_id ON fronts_pin FOR EACH ROW EXECUTE FUNCTION fronts_prove();
"""

UNDO = "DROP TRIGGER fronts_prove ON fronts_pin; DROP FUNCTION fronts_prove();"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("fronts", "0001_initial"), ("sales", "0001_initial"), ("circles", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(PROOF, UNDO)]
