"""No experience without kept goods, and no post that claims to be one without its proof."""

from typing import ClassVar

from django.db import migrations

PROOF = """
CREATE FUNCTION experiences_prove() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM sales_orderline line
        JOIN posts_post post ON post.id = NEW.post_id
        WHERE line.id = NEW.line_id AND line.kept_at IS NOT NULL
          AND line.member_id = NEW.member_id AND post.author_id = NEW.member_id AND post.kind = 'experience'
          AND line.product_id = NEW.product_id
          AND EXISTS (SELECT FROM payments_payment payment
                      WHERE payment.payable_kind = 'order' AND payment.payable_id = line.order_id AND payment.state = 'captured')
    ) THEN
        RAISE EXCEPTION 'an experience needs a kept, paid order line of its author' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER experiences_prove BEFORE INSERT OR UPDATE OF post_id, line_id, product_id, member_id ON experiences_experience
    FOR EACH ROW EXECUTE FUNCTION experiences_prove();

CREATE FUNCTION experiences_behind_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM posts_post WHERE id = NEW.id AND kind = 'experience')
       AND NOT EXISTS (SELECT FROM experiences_experience WHERE post_id = NEW.id) THEN
        RAISE EXCEPTION 'a post of kind experience needs its kept order line' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER experiences_behind_post AFTER INSERT OR UPDATE OF kind ON posts_post
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION experiences_behind_post();

CREATE FUNCTION experiences_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM posts_post WHERE id = OLD.post_id AND kind = 'experience') THEN
        RAISE EXCEPTION 'an experience is hidden or voided, never deleted' USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER experiences_stay BEFORE DELETE ON experiences_experience FOR EACH ROW EXECUTE FUNCTION experiences_stay();
"""

UNDO = """
DROP TRIGGER experiences_stay ON experiences_experience; DROP FUNCTION experiences_stay();
DROP TRIGGER experiences_behind_post ON posts_post; DROP FUNCTION experiences_behind_post();
DROP TRIGGER experiences_prove ON experiences_experience; DROP FUNCTION experiences_prove();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("experiences", "0001_initial"), ("payments", "0002_guards"), ("sales", "0001_initial"), ("posts", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(PROOF, UNDO)]
