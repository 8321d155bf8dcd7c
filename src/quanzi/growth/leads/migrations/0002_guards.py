"""Who may be shown what, and who may write to whom: asked by the database itself, whoever writes."""

from django.db import migrations

FORWARD = """
-- Whether an opening lets a watcher look and write at a moment: it stands, its topic is allowed, the yes in the ledger stands, and it names them.
CREATE FUNCTION leads_is_open(opening bigint, watcher bigint, for_shop boolean, at timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM leads_opening o JOIN leads_topic t ON t.id = o.topic_id
        JOIN accounts_member m ON m.id = o.member_id AND m.is_active AND m.erased_at IS NULL
        JOIN contact_permission p ON p.member_id = o.member_id AND p.purpose = 'offers' AND p.granted
        WHERE o.id = opening AND o.opened_at <= at AND at < o.until AND o.ended_at IS NULL AND NOT t.is_off
          AND (NOT t.is_sensitive OR o.sentence <> '')
          AND (for_shop OR (EXISTS (SELECT FROM accounts_member w WHERE w.id = watcher AND w.is_leader AND w.is_active)
            AND (o.scope = 'any' OR (o.scope = 'known' AND EXISTS (SELECT FROM trust_edge e
                WHERE e.source_id = o.member_id AND e.target_id = watcher AND NOT e.hidden AND e.since <= at)))
            AND NOT EXISTS (SELECT FROM safety_block b WHERE b.member_id = o.member_id AND b.other_id = watcher)
            AND NOT EXISTS (SELECT FROM safety_block b WHERE b.other_id = o.member_id AND b.member_id = watcher))))
$$;

-- Whether the watcher may read the post: the shop what everybody may, a leader also what stands in circles of theirs.
CREATE FUNCTION leads_may_read(post bigint, watcher bigint, for_shop boolean) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM posts_post p LEFT JOIN circles_circle c ON c.id = p.circle_id
        WHERE p.id = post AND p.hidden_at IS NULL AND p.removed_at IS NULL
          AND (p.circle_id IS NULL OR (c.closed_at IS NULL AND (c.admission = 'open' OR (NOT for_shop AND EXISTS (SELECT FROM circles_membership s
                WHERE s.circle_id = c.id AND s.member_id = watcher AND s.state = 'joined'))))))
$$;

CREATE FUNCTION leads_refuse(what text, said text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', said USING ERRCODE = 'check_violation', CONSTRAINT = what;
END $$;

CREATE FUNCTION leads_guard_opening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
            OR (to_jsonb(NEW) - 'ended_at') IS DISTINCT FROM (to_jsonb(OLD) - 'ended_at') THEN
            PERFORM leads_refuse('leads_opening_fixed', 'of an opening only its end is written, once');
        END IF;
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT FROM contact_permission p JOIN contact_consent c ON c.id = p.consent_id
        WHERE p.member_id = NEW.member_id AND p.purpose = 'offers' AND p.granted AND c.id = NEW.consent_id) THEN
        PERFORM leads_refuse('leads_consent', 'an opening rests on the standing consent of its member');
    END IF;
    IF NOT EXISTS (SELECT FROM leads_topic t WHERE t.id = NEW.topic_id AND NOT t.is_off AND (NOT t.is_sensitive OR NEW.sentence <> '')) THEN
        PERFORM leads_refuse('leads_consent', 'the topic is forbidden, or sensitive and not agreed to by its own sentence');
    END IF;
    IF NEW.until > NEW.opened_at + interval '366 days' THEN
        PERFORM leads_refuse('leads_consent', 'nobody is open for longer than a year');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER leads_opening_guard BEFORE INSERT OR UPDATE ON leads_opening FOR EACH ROW EXECUTE FUNCTION leads_guard_opening();

-- The general no closes everything in the same moment, on whichever page it was said.
CREATE FUNCTION leads_consent_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE leads_opening SET ended_at = greatest(NEW.decided_at, opened_at) WHERE member_id = NEW.member_id AND ended_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER leads_consent_withdrawn AFTER INSERT ON contact_consent FOR EACH ROW
    WHEN (NEW.purpose = 'offers' AND NOT NEW.granted) EXECUTE FUNCTION leads_consent_ends();

CREATE FUNCTION leads_guard_lead() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moment timestamptz := NEW.found_at;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.post_id <> OLD.post_id OR NEW.opening_id <> OLD.opening_id OR NEW.owner_id IS DISTINCT FROM OLD.owner_id
            OR NEW.watch_id <> OLD.watch_id OR (OLD.shown_at IS NOT NULL AND NEW.shown_at IS DISTINCT FROM OLD.shown_at) THEN
            PERFORM leads_refuse('leads_lead_fixed', 'what a lead is about, and when it was first shown, is never changed');
        END IF;
        IF NEW.shown_at IS NOT DISTINCT FROM OLD.shown_at THEN RETURN NEW; END IF;
        moment := NEW.shown_at;
    ELSIF NEW.shown_at IS NOT NULL THEN
        PERFORM leads_refuse('leads_consent', 'a lead is found first and shown later');
    END IF;
    IF NOT EXISTS (SELECT FROM leads_opening o JOIN posts_post p ON p.id = NEW.post_id AND p.author_id = o.member_id
            JOIN leads_watch w ON w.id = NEW.watch_id AND w.topic_id = o.topic_id AND w.owner_id <> o.member_id
              AND NEW.owner_id IS NOT DISTINCT FROM CASE WHEN w.for_shop THEN NULL ELSE w.owner_id END WHERE o.id = NEW.opening_id)
        OR NOT leads_is_open(NEW.opening_id, NEW.owner_id, NEW.owner_id IS NULL, moment)
        OR NOT leads_may_read(NEW.post_id, NEW.owner_id, NEW.owner_id IS NULL) THEN
        PERFORM leads_refuse('leads_consent', 'its author is not open to this watcher on this topic, or the watcher may not read it');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER leads_lead_guard BEFORE INSERT OR UPDATE ON leads_lead FOR EACH ROW EXECUTE FUNCTION leads_guard_lead();

-- Twins of rules.load and rules.pause_days. The shop is one sender, whoever of it writes.
CREATE FUNCTION leads_load(one bigint, for_the_shop boolean, other bigint, at timestamptz) RETURNS float8 LANGUAGE sql STABLE AS $$
    WITH sent AS (
        SELECT a.sent_at, a.answer, a.opened_at, a.answer IN ('thanks', 'ask') OR EXISTS (SELECT FROM sales_orderline l
            JOIN sales_order o ON o.id = l.order_id WHERE l.member_id = other AND l.product_id = a.product_id AND o.paid_at > a.sent_at) AS welcome
        FROM leads_approach a WHERE a.recipient_id = other AND a.sent_at <= at AND a.for_shop = for_the_shop AND (for_the_shop OR a.sender_id = one))
    SELECT coalesce(sum((CASE WHEN answer = 'no' THEN 2 WHEN opened_at IS NOT NULL THEN 0.75 ELSE 1 END)
        * 0.5 ^ (extract(epoch FROM at - sent_at)::float8 / 5184000)), 0) FROM sent
    WHERE sent_at > coalesce((SELECT max(w.sent_at) FROM sent w WHERE w.welcome), '-infinity')
$$;
CREATE FUNCTION leads_pause(pressed float8) RETURNS interval LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN pressed < 1.5 THEN interval '0' ELSE make_interval(secs => 86400 * least(180, 7 * 2 ^ least(pressed - 1.5, 20))) END
$$;

CREATE FUNCTION leads_guard_approach() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last timestamptz; found leads_lead%ROWTYPE;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (to_jsonb(NEW) - '{told_at,opened_at,answer,answered_at}'::text[])
            IS DISTINCT FROM (to_jsonb(OLD) - '{told_at,opened_at,answer,answered_at}'::text[])
            OR (OLD.answer <> '' AND NEW.answer <> OLD.answer) THEN
            PERFORM leads_refuse('leads_approach_fixed', 'what was sent stays as it was sent, and is answered once');
        END IF;
        RETURN NEW;
    END IF;
    PERFORM FROM accounts_member WHERE id = NEW.recipient_id FOR NO KEY UPDATE;  -- everybody who writes to one person stands in one line
    IF NEW.kind = 'offer' THEN
        SELECT * INTO found FROM leads_lead WHERE id = NEW.lead_id;
        IF found.id IS NULL OR found.state = 'closed' OR (found.owner_id IS NULL) <> NEW.for_shop OR (NOT NEW.for_shop AND found.owner_id <> NEW.sender_id)
            OR NOT EXISTS (SELECT FROM leads_opening o WHERE o.id = found.opening_id AND o.member_id = NEW.recipient_id)
            OR NOT leads_is_open(found.opening_id, NEW.sender_id, NEW.for_shop, NEW.sent_at)
            OR NOT leads_may_read(found.post_id, NEW.sender_id, NEW.for_shop) THEN
            PERFORM leads_refuse('leads_consent', 'an offer needs a lead whose author is open to it now');
        END IF;
    ELSIF (SELECT count(*) FROM contact_permission p WHERE p.member_id = NEW.recipient_id AND p.granted
            AND ((p.purpose = 'recommendation' AND p.channel = 'none') OR (p.purpose = 'deals' AND p.channel = 'in_app'))) < 2
        OR NOT EXISTS (SELECT FROM trust_edge e WHERE e.source_id = NEW.sender_id AND e.target_id = NEW.recipient_id AND NOT e.hidden AND e.is_used) THEN
        PERFORM leads_refuse('leads_consent', 'goods are suggested to people one knows who agreed to hear of deals and to be recommended to');
    END IF;
    IF NOT NEW.for_shop AND EXISTS (SELECT FROM safety_block b WHERE (b.member_id = NEW.sender_id AND b.other_id = NEW.recipient_id)
        OR (b.member_id = NEW.recipient_id AND b.other_id = NEW.sender_id)) THEN
        PERFORM leads_refuse('leads_consent', 'a block stands between them');
    END IF;
    IF NEW.shows_at < NEW.sent_at OR extract(hour FROM NEW.shows_at AT TIME ZONE 'Asia/Shanghai') NOT BETWEEN 9 AND 20 THEN
        PERFORM leads_refuse('leads_quiet', 'nothing shows in the quiet hours');
    END IF;
    SELECT max(sent_at) INTO last FROM leads_approach a
        WHERE a.recipient_id = NEW.recipient_id AND a.for_shop = NEW.for_shop AND (NEW.for_shop OR a.sender_id = NEW.sender_id);
    IF EXISTS (SELECT FROM leads_approach a WHERE a.recipient_id = NEW.recipient_id AND a.for_shop = NEW.for_shop
            AND (NEW.for_shop OR a.sender_id = NEW.sender_id) AND a.answer = 'no' AND a.answered_at > NEW.sent_at - interval '90 days')
        OR (last > NEW.sent_at - interval '90 days' AND EXISTS (SELECT FROM leads_fewer f WHERE f.member_id = NEW.recipient_id
            AND f.other_id IS NOT DISTINCT FROM CASE WHEN NEW.for_shop THEN NULL ELSE NEW.sender_id END)) THEN
        PERFORM leads_refuse('leads_cools', 'they said no, or want less of it');
    END IF;
    IF last > NEW.sent_at OR last + leads_pause(leads_load(NEW.sender_id, NEW.for_shop, NEW.recipient_id, last)) > NEW.sent_at THEN
        PERFORM leads_refuse('leads_pressed', 'too many messages and no welcome');
    END IF;
    IF (SELECT count(*) FROM leads_approach a WHERE a.recipient_id = NEW.recipient_id AND a.sent_at > NEW.sent_at - interval '7 days'
            AND a.sent_at < NEW.sent_at + interval '7 days')
        >= coalesce((SELECT per_week FROM leads_attention WHERE member_id = NEW.recipient_id), 2) THEN
        PERFORM leads_refuse('leads_attention', 'their attention for this week is spent');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER leads_approach_guard BEFORE INSERT OR UPDATE ON leads_approach FOR EACH ROW EXECUTE FUNCTION leads_guard_approach();

-- A post of somebody who is open is looked at again.
CREATE FUNCTION leads_mark_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM leads_opening o WHERE o.member_id = NEW.author_id AND o.ended_at IS NULL) THEN
        INSERT INTO leads_mark (post_id) VALUES (NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER leads_post_written AFTER INSERT ON posts_post FOR EACH ROW EXECUTE FUNCTION leads_mark_post();
CREATE TRIGGER leads_post_changed AFTER UPDATE OF title, body, hidden_at, removed_at, circle_id ON posts_post
    FOR EACH ROW EXECUTE FUNCTION leads_mark_post();
"""

BACKWARD = """
DROP TRIGGER leads_post_changed ON posts_post;
DROP TRIGGER leads_post_written ON posts_post;
DROP FUNCTION leads_mark_post();
DROP TRIGGER leads_approach_guard ON leads_approach;
DROP FUNCTION leads_guard_approach();
DROP FUNCTION leads_pause(float8);
DROP FUNCTION leads_load(bigint, boolean, bigint, timestamptz);
DROP TRIGGER leads_lead_guard ON leads_lead;
DROP FUNCTION leads_guard_lead();
DROP TRIGGER leads_consent_withdrawn ON contact_consent;
DROP FUNCTION leads_consent_ends();
DROP TRIGGER leads_opening_guard ON leads_opening;
DROP FUNCTION leads_guard_opening();
DROP FUNCTION leads_refuse(text, text);
DROP FUNCTION leads_may_read(bigint, bigint, boolean);
DROP FUNCTION leads_is_open(bigint, bigint, boolean, timestamptz);
"""

TOPICS = [
    ("轻食减脂", "Light eating", "减脂, 减肥, 瘦身, 轻食, 低脂, 控糖, 掉秤, slimming, diet", False, False),
    ("早餐", "Breakfast", "早餐, 早饭, 豆浆, 燕麦, 馒头, 包子, breakfast", False, False),
    ("烘焙", "Baking", "烘焙, 烤箱, 吐司, 欧包, 酵母, 面粉, 蛋糕, baking", False, False),
    ("户外露营", "Outdoor", "露营, 徒步, 野餐, 登山, 帐篷, 户外, camping, hiking", False, False),
    ("茶", "Tea", "茶, 喝茶, 绿茶, 红茶, 乌龙, 普洱, 泡茶, tea", False, False),
    ("送礼", "Gifts", "送礼, 礼盒, 伴手礼, 年货, 回礼, gift", False, False),
    ("婴幼儿辅食", "Baby food", "辅食, 米粉, 断奶, 宝宝餐, 婴儿, baby food", True, False),
    ("健康", "Health", "血糖, 血压, 过敏, 住院, 手术, 怀孕, 糖尿病, 抑郁, 失眠, 吃药", True, False),
    ("信仰", "Faith", "清真, 斋戒, 念佛, 礼拜, 教堂, 寺庙", True, True),
    ("手头紧", "Money trouble", "欠钱, 还不上, 失业, 裁员, 借钱, 网贷", True, True),
]


def plant(apps, schema_editor):
    topic = apps.get_model("leads", "Topic")
    for name, name_en, words, is_sensitive, is_off in TOPICS:
        topic.objects.create(name=name, name_en=name_en, words=words, is_sensitive=is_sensitive, is_off=is_off)


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0001_initial"),
        ("trust", "0005_edges"),
        ("sales", "0001_initial"),
        ("circles", "0001_initial"),
        ("safety", "0001_initial"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD), migrations.RunPython(plant, migrations.RunPython.noop)]
