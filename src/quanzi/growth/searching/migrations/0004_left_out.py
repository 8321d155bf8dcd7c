"""Whoever is left out of counts is left out of what the search counts, from the same moment on."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE FUNCTION searching_follow_left_out() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE who bigint := coalesce(NEW.member_id, OLD.member_id);
BEGIN
    IF coalesce(OLD.left_out, false) IS DISTINCT FROM coalesce(NEW.left_out, false) THEN
        PERFORM searching_mark('product', g.id) FROM (SELECT DISTINCT product_id AS id FROM sales_orderline WHERE member_id = who) g;
        PERFORM searching_mark('post', p.id) FROM (SELECT post_id AS id FROM posts_reaction WHERE member_id = who
            UNION SELECT post_id FROM experiences_experience WHERE member_id = who) p;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER searching_left_out AFTER INSERT OR DELETE OR UPDATE OF left_out ON trust_ringmember
    FOR EACH ROW EXECUTE FUNCTION searching_follow_left_out();
INSERT INTO searching_stale ("group", object_id) SELECT DISTINCT 'product', l.product_id FROM trust_ringmember r
    JOIN sales_orderline l ON l.member_id = r.member_id WHERE r.left_out;
INSERT INTO searching_stale ("group", object_id) SELECT DISTINCT 'post', x.post_id FROM trust_ringmember r
    JOIN posts_reaction x ON x.member_id = r.member_id WHERE r.left_out;
INSERT INTO searching_stale ("group", object_id) SELECT DISTINCT 'post', x.post_id FROM trust_ringmember r
    JOIN experiences_experience x ON x.member_id = r.member_id WHERE r.left_out;
"""

BACKWARD = """
DROP TRIGGER searching_left_out ON trust_ringmember;
DROP FUNCTION searching_follow_left_out();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("searching", "0003_newest_of_author"),
        ("trust", "0006_rings"),
        ("experiences", "0001_initial"),
        ("sales", "0001_initial"),
        ("posts", "0001_initial"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
