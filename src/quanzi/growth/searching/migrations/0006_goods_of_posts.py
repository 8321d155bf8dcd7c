"""A post is found by the names of goods that it shows, so it follows their names, their being on sale, and which they are."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE FUNCTION searching_follow_goods_of_posts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM searching_mark('post', g.post_id) FROM posts_postproduct g WHERE g.product_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER searching_goods_of_posts AFTER UPDATE OF name, state ON catalogue_product FOR EACH ROW
    WHEN (OLD.name <> NEW.name OR (OLD.state = 'on_sale') <> (NEW.state = 'on_sale')) EXECUTE FUNCTION searching_follow_goods_of_posts();
CREATE TRIGGER searching_post_goods AFTER INSERT OR DELETE OR UPDATE ON posts_postproduct
    FOR EACH ROW EXECUTE FUNCTION searching_follow('post', 'post_id');
INSERT INTO searching_stale ("group", object_id) SELECT DISTINCT 'post', post_id FROM posts_postproduct;
"""

BACKWARD = """
DROP TRIGGER searching_post_goods ON posts_postproduct;
DROP TRIGGER searching_goods_of_posts ON catalogue_product;
DROP FUNCTION searching_follow_goods_of_posts();
INSERT INTO searching_stale ("group", object_id) SELECT DISTINCT 'post', post_id FROM posts_postproduct;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("searching", "0005_changes"),
        ("posts", "0001_initial"),
        ("catalogue", "0001_initial"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
