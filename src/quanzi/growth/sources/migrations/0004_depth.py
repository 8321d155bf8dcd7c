"""How many hands a link went through is written with each arrival, by the database. Earlier arrivals are told in their order."""

from django.db import migrations, models

# Who made it their own speaks for themselves: bought these goods (or, of a page that is no product's, anything), wrote the note or
# bought what it names, sits in the team, belongs to the circle. Else a link is one hand further than the one by which its owner
# came to the page before they had a link to it. The first arrival decides, so that coming again by a shorter way takes nothing off.
FUNCTION = """
CREATE FUNCTION sources_depth(link_id bigint, moment timestamptz) RETURNS smallint LANGUAGE sql STABLE AS $$
WITH link AS (SELECT owner_id, created_at, split_part(target, '?', 1) AS page FROM sources_source WHERE id = link_id),
bought AS (
    SELECT line.product_id FROM link JOIN sales_order o ON o.member_id = link.owner_id JOIN sales_orderline line ON line.order_id = o.id
    WHERE o.paid_at <= moment AND o.origin <> 'replay' AND o.state <> 'refunded' AND line.returned_at IS NULL
),
own AS (
    SELECT CASE
        WHEN page LIKE '/p/%' THEN EXISTS (SELECT FROM bought JOIN catalogue_product product ON product.id = bought.product_id
                                           WHERE product.slug = split_part(page, '/', 3))
        WHEN page ~ '^/n/[0-9]{1,18}$' THEN
            EXISTS (SELECT FROM posts_post post WHERE post.id = split_part(page, '/', 3)::bigint AND post.author_id = link.owner_id)
            OR EXISTS (SELECT FROM bought JOIN posts_postproduct named USING (product_id) WHERE named.post_id = split_part(page, '/', 3)::bigint)
        WHEN page LIKE '/t/%' THEN EXISTS (SELECT FROM deals_seat seat JOIN deals_team team ON team.id = seat.team_id
                                           WHERE team.code = split_part(page, '/', 3) AND seat.member_id = link.owner_id AND seat.state = 'paid')
        WHEN page LIKE '/c/%' THEN EXISTS (SELECT FROM circles_membership place JOIN circles_circle circle ON circle.id = place.circle_id
                                           WHERE circle.slug = split_part(page, '/', 3) AND place.member_id = link.owner_id
                                             AND place.joined_at <= moment)
        ELSE EXISTS (SELECT FROM bought) END AS is_own
    FROM link
)
SELECT CASE
    WHEN link.owner_id IS NULL THEN 0
    WHEN own.is_own THEN 1
    ELSE least(9, 1 + coalesce((
        SELECT touch.depth FROM sources_touch touch JOIN sources_source way ON way.id = touch.source_id
        WHERE touch.member_id = link.owner_id AND touch.happened_at <= link.created_at AND way.owner_id IS DISTINCT FROM link.owner_id
          AND (link.page = '/' OR touch.path = link.page OR split_part(way.target, '?', 1) = link.page)
        ORDER BY touch.happened_at, touch.id LIMIT 1), 0)) END::smallint
FROM link, own
$$
"""

EARLIER = """
DO $$
DECLARE one record;
BEGIN
    FOR one IN SELECT touch.id, touch.source_id, touch.happened_at FROM sources_touch touch
        JOIN sources_source way ON way.id = touch.source_id WHERE way.owner_id IS NOT NULL ORDER BY touch.happened_at, touch.id
    LOOP
        UPDATE sources_touch SET depth = sources_depth(one.source_id, one.happened_at) WHERE id = one.id;
    END LOOP;
END $$
"""

TRIGGER = """
CREATE FUNCTION sources_touch_depth() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.depth := coalesce(sources_depth(NEW.source_id, NEW.happened_at), 0);
    ELSIF NEW.depth <> OLD.depth THEN
        RAISE EXCEPTION 'how an arrival came is not changed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sources_touch_depth BEFORE INSERT OR UPDATE OF depth ON sources_touch FOR EACH ROW EXECUTE FUNCTION sources_touch_depth()
"""

UNDO_TRIGGER = "DROP TRIGGER sources_touch_depth ON sources_touch; DROP FUNCTION sources_touch_depth()"

CHAIN = """
INSERT INTO sources_source (kind, name, token, utm, target, is_demo, created_at)
VALUES ('chain', 'Passed on and on', 'chain', '', '/', false, now()) ON CONFLICT (token) DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("sources", "0003_pay_links"),
        ("sales", "0001_initial"),
        ("deals", "0001_initial"),
        ("posts", "0001_initial"),
        ("circles", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="source",
            name="kind",
            field=models.CharField(
                choices=[
                    ("direct", "Direct visit"),
                    ("invitation", "Friend's invitation"),
                    ("share", "Shared link"),
                    ("circle", "Circle link"),
                    ("team", "Team link"),
                    ("parcel", "Parcel code"),
                    ("station", "Pickup point code"),
                    ("note", "Note on another platform"),
                    ("ad", "Advertisement"),
                    ("sample", "Samples"),
                    ("import", "Import"),
                    ("pay", "Pay link"),
                    ("chain", "Passed on and on (advertising)"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="touch",
            name="depth",
            field=models.PositiveSmallIntegerField(
                db_default=0,
                default=0,
                editable=False,
                help_text="How many hands the link went through; 0: of nobody's hand, 9: nine or more",
            ),
        ),
        migrations.AddConstraint(
            model_name="touch",
            constraint=models.CheckConstraint(condition=models.Q(("depth__lte", 9)), name="touch_depth_is_cut"),
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION sources_depth(bigint, timestamptz)"),
        migrations.RunSQL(EARLIER, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGER, UNDO_TRIGGER),
        migrations.RunSQL(CHAIN, "DELETE FROM sources_source WHERE token = 'chain' AND NOT EXISTS (SELECT FROM sources_touch)"),
    ]
