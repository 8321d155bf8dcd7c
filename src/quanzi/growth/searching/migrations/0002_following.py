"""The index follows the facts: what may not be found any more goes in the same transaction, whatever else changed is marked.

Triggers, because everybody who writes is followed, also the ORM's own updates and plain SQL. The keys need a dictionary of sounds, which the
database does not have; so a change leaves a mark, and whoever searches next reads what is marked before looking.
"""

from django.db import migrations

FORWARD = """
-- Two indexes of keys: a word of fifty thousand posts is no reason to read them when goods are looked for.
CREATE INDEX search_posts ON searching_entry USING gin (keys) WITH (fastupdate = off) WHERE kind IN ('note', 'question', 'experience');
CREATE INDEX search_things ON searching_entry USING gin (keys) WITH (fastupdate = off) WHERE NOT (kind IN ('note', 'question', 'experience'));
-- How often a key stands in texts decides how to look for it; the planner knows by default the commonest thousand keys or so.
ALTER TABLE searching_entry ALTER COLUMN keys SET STATISTICS 1000;

-- Says that something must be read again. Never updated: two who change the same thing do not wait for each other here,
-- and a row shows itself only with the change that it speaks of.
CREATE FUNCTION searching_mark(groups text, id bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO searching_stale ("group", object_id) SELECT groups, id WHERE id IS NOT NULL
$$;

-- TG_ARGV: the group, and the column that names the thing; an update marks the old and the new one.
CREATE FUNCTION searching_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before bigint := CASE WHEN TG_OP <> 'INSERT' THEN (to_jsonb(OLD) ->> TG_ARGV[1])::bigint END;
    after bigint := CASE WHEN TG_OP <> 'DELETE' THEN (to_jsonb(NEW) ->> TG_ARGV[1])::bigint END;
BEGIN
    PERFORM searching_mark(TG_ARGV[0], coalesce(after, before));
    IF before IS DISTINCT FROM after AND before IS NOT NULL AND after IS NOT NULL THEN
        PERFORM searching_mark(TG_ARGV[0], before);
    END IF;
    RETURN NULL;
END $$;

-- What may not be found any more is gone in the same transaction; whatever else changed is read again.
CREATE FUNCTION searching_follow_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM searching_mark('post', OLD.id);
    IF TG_OP = 'DELETE' OR NEW.hidden_at IS NOT NULL OR NEW.removed_at IS NOT NULL OR NEW.kind <> OLD.kind
        OR NEW.circle_id IS DISTINCT FROM OLD.circle_id OR NEW.author_id <> OLD.author_id THEN
        DELETE FROM searching_entry WHERE kind IN ('note', 'question', 'experience') AND object_id = OLD.id;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION searching_follow_product() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM searching_mark('product', OLD.id);
    IF TG_OP = 'DELETE' OR NEW.state <> 'on_sale' THEN
        DELETE FROM searching_entry WHERE kind = 'product' AND object_id = OLD.id;
    END IF;
    RETURN NULL;
END $$;

-- A door that closes closes for what was written behind it too.
CREATE FUNCTION searching_follow_circle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM searching_mark('circle', OLD.id);
    IF TG_OP = 'DELETE' OR NEW.closed_at IS NOT NULL THEN
        DELETE FROM searching_entry WHERE kind = 'circle' AND object_id = OLD.id;
    ELSIF NEW.admission = 'invitation' THEN
        UPDATE searching_entry SET audience = 2 WHERE kind = 'circle' AND object_id = OLD.id;
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.admission = 'open') <> (OLD.admission = 'open') THEN
        UPDATE searching_entry SET audience = 2 WHERE circle_id = OLD.id AND kind IN ('note', 'question', 'experience') AND audience = 0;
        INSERT INTO searching_stale ("group", object_id) SELECT 'post', p.id FROM posts_post p WHERE p.circle_id = OLD.id;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION searching_follow_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM searching_choice c WHERE c.member_id = OLD.id AND c.is_findable) THEN
        PERFORM searching_mark('member', OLD.id);
    END IF;
    IF NOT NEW.is_active OR NEW.erased_at IS NOT NULL OR NEW.confirmed_at IS NULL THEN
        DELETE FROM searching_entry WHERE kind = 'member' AND object_id = OLD.id;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION searching_follow_choice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM searching_mark('member', CASE WHEN TG_OP = 'DELETE' THEN OLD.member_id ELSE NEW.member_id END);
    IF TG_OP = 'DELETE' THEN
        DELETE FROM searching_entry WHERE kind = 'member' AND object_id = OLD.member_id;
    ELSIF NOT NEW.is_findable THEN
        DELETE FROM searching_entry WHERE kind = 'member' AND object_id = NEW.member_id;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION searching_follow_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'catalogue_maker' THEN
        PERFORM searching_mark('maker', NEW.id);
        INSERT INTO searching_stale ("group", object_id) SELECT 'product', p.id FROM catalogue_product p WHERE p.maker_id = NEW.id;
    ELSE
        INSERT INTO searching_stale ("group", object_id) SELECT 'product', p.id FROM catalogue_product p WHERE p.category_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER searching_post_made AFTER INSERT ON posts_post FOR EACH ROW EXECUTE FUNCTION searching_follow('post', 'id');
CREATE TRIGGER searching_post_changed AFTER DELETE OR UPDATE OF kind, title, body, circle_id, author_id, hidden_at, removed_at, created_at ON posts_post
    FOR EACH ROW EXECUTE FUNCTION searching_follow_post();
CREATE TRIGGER searching_reaction AFTER INSERT OR DELETE ON posts_reaction FOR EACH ROW EXECUTE FUNCTION searching_follow('post', 'post_id');
CREATE TRIGGER searching_experience AFTER INSERT OR DELETE OR UPDATE OF voided_at ON experiences_experience
    FOR EACH ROW EXECUTE FUNCTION searching_follow('post', 'post_id');
CREATE TRIGGER searching_product_made AFTER INSERT ON catalogue_product FOR EACH ROW EXECUTE FUNCTION searching_follow('product', 'id');
CREATE TRIGGER searching_product_changed AFTER DELETE OR UPDATE OF name, summary, origin, maker_id, category_id, state, created_at ON catalogue_product
    FOR EACH ROW EXECUTE FUNCTION searching_follow_product();
CREATE TRIGGER searching_sku AFTER INSERT OR DELETE OR UPDATE OF price_minor, is_active, product_id ON catalogue_sku
    FOR EACH ROW EXECUTE FUNCTION searching_follow('product', 'product_id');
CREATE TRIGGER searching_line_kept AFTER UPDATE OF kept_at ON sales_orderline FOR EACH ROW
    WHEN ((OLD.kept_at IS NULL) <> (NEW.kept_at IS NULL)) EXECUTE FUNCTION searching_follow('product', 'product_id');
CREATE TRIGGER searching_line_gone AFTER DELETE ON sales_orderline FOR EACH ROW
    WHEN (OLD.kept_at IS NOT NULL) EXECUTE FUNCTION searching_follow('product', 'product_id');
CREATE TRIGGER searching_line_made AFTER INSERT ON sales_orderline FOR EACH ROW
    WHEN (NEW.kept_at IS NOT NULL) EXECUTE FUNCTION searching_follow('product', 'product_id');
CREATE TRIGGER searching_maker_made AFTER INSERT OR DELETE ON catalogue_maker FOR EACH ROW EXECUTE FUNCTION searching_follow('maker', 'id');
CREATE TRIGGER searching_maker_named AFTER UPDATE OF name, place ON catalogue_maker FOR EACH ROW EXECUTE FUNCTION searching_follow_names();
CREATE TRIGGER searching_category_named AFTER UPDATE OF name, name_en ON catalogue_category FOR EACH ROW EXECUTE FUNCTION searching_follow_names();
CREATE TRIGGER searching_circle_made AFTER INSERT ON circles_circle FOR EACH ROW EXECUTE FUNCTION searching_follow('circle', 'id');
CREATE TRIGGER searching_circle_changed AFTER DELETE OR UPDATE OF name, summary, place, admission, closed_at ON circles_circle
    FOR EACH ROW EXECUTE FUNCTION searching_follow_circle();
CREATE TRIGGER searching_membership AFTER INSERT OR DELETE OR UPDATE OF state, circle_id ON circles_membership
    FOR EACH ROW EXECUTE FUNCTION searching_follow('circle', 'circle_id');
CREATE TRIGGER searching_member AFTER UPDATE OF name, bio, is_active, erased_at, confirmed_at ON accounts_member
    FOR EACH ROW EXECUTE FUNCTION searching_follow_member();
CREATE TRIGGER searching_choice AFTER INSERT OR DELETE OR UPDATE ON searching_choice FOR EACH ROW EXECUTE FUNCTION searching_follow_choice();

-- What stood here before is read on the first start.
INSERT INTO searching_stale ("group", object_id) SELECT 'product', id FROM catalogue_product WHERE state = 'on_sale';
INSERT INTO searching_stale ("group", object_id) SELECT 'maker', id FROM catalogue_maker;
INSERT INTO searching_stale ("group", object_id) SELECT 'circle', id FROM circles_circle;
INSERT INTO searching_stale ("group", object_id) SELECT 'post', id FROM posts_post WHERE hidden_at IS NULL AND removed_at IS NULL;
"""

BACKWARD = """
DROP TRIGGER searching_post_made ON posts_post;
DROP TRIGGER searching_post_changed ON posts_post;
DROP TRIGGER searching_reaction ON posts_reaction;
DROP TRIGGER searching_experience ON experiences_experience;
DROP TRIGGER searching_product_made ON catalogue_product;
DROP TRIGGER searching_product_changed ON catalogue_product;
DROP TRIGGER searching_sku ON catalogue_sku;
DROP TRIGGER searching_line_kept ON sales_orderline;
DROP TRIGGER searching_line_gone ON sales_orderline;
DROP TRIGGER searching_line_made ON sales_orderline;
DROP TRIGGER searching_maker_made ON catalogue_maker;
DROP TRIGGER searching_maker_named ON catalogue_maker;
DROP TRIGGER searching_category_named ON catalogue_category;
DROP TRIGGER searching_circle_made ON circles_circle;
DROP TRIGGER searching_circle_changed ON circles_circle;
DROP TRIGGER searching_membership ON circles_membership;
DROP TRIGGER searching_member ON accounts_member;
DROP TRIGGER searching_choice ON searching_choice;
DROP FUNCTION searching_follow_names();
DROP FUNCTION searching_follow_choice();
DROP FUNCTION searching_follow_member();
DROP FUNCTION searching_follow_circle();
DROP FUNCTION searching_follow_product();
DROP FUNCTION searching_follow_post();
DROP FUNCTION searching_follow();
DROP FUNCTION searching_mark(text, bigint);
DROP INDEX search_posts;
DROP INDEX search_things;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("searching", "0001_initial"),
        ("accounts", "0005_staff_invitation"),
        ("catalogue", "0008_paused_lots"),
        ("circles", "0003_read_from_the_index"),
        ("posts", "0002_words"),
        ("experiences", "0002_proof"),
        ("sales", "0008_lowest_charged"),
        ("contact", "0005_push_guards"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
