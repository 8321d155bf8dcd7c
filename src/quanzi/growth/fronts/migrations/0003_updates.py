"""News of a page: written by whoever looks after it, seldom, undone only before they go; received by who follows, agreed, and did not mute."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

GUARDS = """
-- Whether somebody hears news of a page that a sender looks after: they follow and agreed, did not mute it, and no block stands between.
CREATE FUNCTION fronts_hears(front bigint, circle bigint, person bigint, sender bigint, other bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT other <> sender AND NOT EXISTS (SELECT FROM fronts_mute u WHERE u.front_id = front AND u.member_id = other)
        AND NOT EXISTS (SELECT FROM safety_block b WHERE (b.member_id, b.other_id) IN ((sender, other), (other, sender)))
        AND EXISTS (SELECT FROM contact_permission p WHERE p.member_id = other AND p.granted AND p.channel = 'in_app'
            AND p.purpose = CASE WHEN circle IS NULL THEN 'deals' ELSE 'circle' END)
        AND CASE WHEN circle IS NULL
            THEN EXISTS (SELECT FROM trust_tie t WHERE t.source_id = other AND t.target_id = person AND t.kind = 'follow' AND t.withdrawn_at IS NULL)
            ELSE EXISTS (SELECT FROM circles_membership m WHERE m.circle_id = circle AND m.member_id = other AND m.state = 'joined') END
$$;

CREATE FUNCTION fronts_guard_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (to_jsonb(NEW) - '{next_at,undone_at}'::text[]) IS DISTINCT FROM (to_jsonb(OLD) - '{next_at,undone_at}'::text[])
            OR (OLD.undone_at IS NOT NULL AND NEW.undone_at IS DISTINCT FROM OLD.undone_at)
            OR (NEW.undone_at IS NOT NULL AND EXISTS (SELECT FROM fronts_receipt r WHERE r.update_id = NEW.id)) THEN
            RAISE EXCEPTION 'what was written goes as it was written, and is undone only before' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    PERFORM FROM fronts_front WHERE id = NEW.front_id FOR NO KEY UPDATE;
    IF NOT EXISTS (SELECT FROM fronts_front f LEFT JOIN catalogue_maker k ON k.id = f.maker_id WHERE f.id = NEW.front_id
        AND (NEW.sender_id IN (f.member_id, k.member_id) OR EXISTS (SELECT FROM circles_membership m WHERE m.circle_id = f.circle_id
            AND m.member_id = NEW.sender_id AND m.state = 'joined' AND m.role IN ('founder', 'moderator')))) THEN
        RAISE EXCEPTION 'news of a page come from whoever looks after it' USING ERRCODE = 'check_violation';
    END IF;
    IF (SELECT count(*) FROM fronts_update u WHERE u.front_id = NEW.front_id AND u.undone_at IS NULL
            AND u.written_at > NEW.written_at - interval '7 days') >= 2 THEN
        RAISE EXCEPTION 'twice in seven days' USING ERRCODE = 'check_violation', CONSTRAINT = 'fronts_too_often';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fronts_guard BEFORE INSERT OR UPDATE ON fronts_update FOR EACH ROW EXECUTE FUNCTION fronts_guard_update();

CREATE FUNCTION fronts_guard_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM fronts_update u JOIN fronts_front f ON f.id = u.front_id LEFT JOIN catalogue_maker k ON k.id = f.maker_id
        JOIN leads_approach a ON a.id = NEW.approach_id AND a.kind = 'update' AND a.sender_id = u.sender_id AND a.recipient_id = NEW.member_id
        WHERE u.id = NEW.update_id AND u.undone_at IS NULL AND a.sent_at >= u.goes_at
          AND fronts_hears(f.id, f.circle_id, coalesce(f.member_id, k.member_id), u.sender_id, NEW.member_id)) THEN
        RAISE EXCEPTION 'news go to who follows, agreed and did not mute them, when their time has come' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fronts_guard BEFORE INSERT OR UPDATE ON fronts_receipt FOR EACH ROW EXECUTE FUNCTION fronts_guard_receipt();
"""

UNDO = """
DROP TRIGGER fronts_guard ON fronts_receipt;
DROP FUNCTION fronts_guard_receipt();
DROP TRIGGER fronts_guard ON fronts_update;
DROP FUNCTION fronts_guard_update();
DROP FUNCTION fronts_hears(bigint, bigint, bigint, bigint, bigint);
"""


def of(to: str, related: str = "+", *, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(to, related_name=related, null=null, blank=null, on_delete=django.db.models.deletion.CASCADE)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("fronts", "0002_proof"), ("leads", "0003_updates"), ("deals", "0001_initial")]
    operations: ClassVar = [
        migrations.CreateModel(
            "Update",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=300)),
                ("written_at", models.DateTimeField()),
                ("goes_at", models.DateTimeField()),
                ("next_at", models.DateTimeField(null=True, blank=True)),
                ("undone_at", models.DateTimeField(null=True, blank=True)),
                ("front", of("fronts.front", "updates")),
                ("sender", of("accounts.member")),
                ("product", of("catalogue.product", null=True)),
                ("post", of("posts.post", null=True)),
                ("team", of("deals.team", null=True)),
            ],
            {
                "constraints": [
                    models.CheckConstraint(condition=~Q(words=""), name="update_says_something"),
                    models.CheckConstraint(condition=Q(goes_at__gt=F("written_at")), name="update_waits_first"),
                    models.CheckConstraint(
                        condition=Q(undone_at=None) | Q(undone_at__lt=F("goes_at"), next_at=None), name="update_undone_before"
                    ),
                    models.CheckConstraint(
                        condition=Q(product=None, post=None) | Q(product=None, team=None) | Q(post=None, team=None),
                        name="update_leads_to_one",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["front", "-id"], name="update_of_front"),
                    models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="update_to_send"),
                ],
            },
        ),
        migrations.CreateModel(
            "Receipt",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("update", of("fronts.update", "receipts")),
                ("member", of("accounts.member")),
                (
                    "approach",
                    models.OneToOneField(
                        to="leads.approach", on_delete=django.db.models.deletion.CASCADE, related_name="news"
                    ),
                ),
            ],
            {"constraints": [models.UniqueConstraint(fields=["update", "member"], name="receipt_once")]},
        ),
        migrations.CreateModel(
            "Mute",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("muted_at", models.DateTimeField()),
                ("front", of("fronts.front")),
                ("member", of("accounts.member")),
            ],
            {"constraints": [models.UniqueConstraint(fields=["front", "member"], name="front_muted_once")]},
        ),
        migrations.RunSQL(GUARDS, UNDO),
    ]  # fmt: skip
