"""A post says that its author was given the goods it names, from the moment both are true, wherever it is read."""

from django.db import migrations

FOLLOW = """
CREATE FUNCTION spread_got_sample(p_post bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM posts_post post JOIN spread_seed seed ON seed.member_id = post.author_id AND seed.state = 'sent'
        JOIN spread_plan plan ON plan.id = seed.plan_id JOIN catalogue_sku sku ON sku.id = plan.sku_id
        JOIN posts_postproduct named ON named.post_id = post.id AND named.product_id = sku.product_id WHERE post.id = p_post)
$$;

CREATE FUNCTION spread_mark_post() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.post_id ELSE NEW.post_id END;
BEGIN
    UPDATE posts_post SET got_sample = NOT got_sample WHERE id = changed AND got_sample <> spread_got_sample(changed);
    RETURN NULL;
END $$;
CREATE TRIGGER spread_goods_named AFTER INSERT OR DELETE ON posts_postproduct FOR EACH ROW EXECUTE FUNCTION spread_mark_post();

CREATE FUNCTION spread_mark_posts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE posts_post SET got_sample = true WHERE author_id = NEW.member_id AND NOT got_sample AND spread_got_sample(id);
    RETURN NULL;
END $$;
CREATE TRIGGER spread_sample_sent AFTER INSERT OR UPDATE OF state ON spread_seed FOR EACH ROW WHEN (NEW.state = 'sent')
    EXECUTE FUNCTION spread_mark_posts();

UPDATE posts_post SET got_sample = true
    WHERE author_id IN (SELECT member_id FROM spread_seed WHERE state = 'sent') AND spread_got_sample(id)
"""

UNDO = """
DROP TRIGGER spread_sample_sent ON spread_seed; DROP FUNCTION spread_mark_posts();
DROP TRIGGER spread_goods_named ON posts_postproduct; DROP FUNCTION spread_mark_post();
DROP FUNCTION spread_got_sample(bigint)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("spread", "0002_asked_with_consent"),
        ("posts", "0003_got_sample"),
        ("catalogue", "0001_initial"),
    ]

    operations = [migrations.RunSQL(FOLLOW, UNDO)]
