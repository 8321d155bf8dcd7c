"""News to people who follow are commercial messages like the others: one rule decides, and may be asked before anything is written."""

from importlib import import_module

from django.db import migrations, models
from django.db.models import Q

FORWARD: str = import_module("quanzi.growth.leads.migrations.0002_guards").FORWARD
GUARD = FORWARD[
    FORWARD.index("CREATE FUNCTION leads_guard_approach") : FORWARD.index("CREATE TRIGGER leads_approach_guard")
].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")

VERDICT = """
-- Why a message from one to another may not go at a moment: leads_cools, leads_pressed, leads_attention; NULL when it may.
CREATE FUNCTION leads_verdict(one bigint, for_the_shop boolean, other bigint, at timestamptz) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE last timestamptz;
BEGIN
    SELECT max(sent_at) INTO last FROM leads_approach a
        WHERE a.recipient_id = other AND a.for_shop = for_the_shop AND (for_the_shop OR a.sender_id = one);
    IF EXISTS (SELECT FROM leads_approach a WHERE a.recipient_id = other AND a.for_shop = for_the_shop
            AND (for_the_shop OR a.sender_id = one) AND a.answer = 'no' AND a.answered_at > at - interval '90 days')
        OR (last > at - interval '90 days' AND EXISTS (SELECT FROM leads_fewer f WHERE f.member_id = other
            AND f.other_id IS NOT DISTINCT FROM CASE WHEN for_the_shop THEN NULL ELSE one END)) THEN
        RETURN 'leads_cools';
    END IF;
    IF last > at OR last + leads_pause(leads_load(one, for_the_shop, other, last)) > at THEN
        RETURN 'leads_pressed';
    END IF;
    IF (SELECT count(*) FROM leads_approach a WHERE a.recipient_id = other AND a.sent_at > at - interval '7 days'
            AND a.sent_at < at + interval '7 days') >= coalesce((SELECT per_week FROM leads_attention WHERE member_id = other), 2) THEN
        RETURN 'leads_attention';
    END IF;
    RETURN NULL;
END $$;

-- Whether somebody hears news of a page: they follow whose it is and hear of deals, or belong to the circle and hear what happens there.
CREATE FUNCTION leads_follows(other bigint, one bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM trust_tie t JOIN contact_permission p ON p.member_id = other AND p.granted AND p.channel = 'in_app' AND p.purpose = 'deals'
            WHERE t.source_id = other AND t.target_id = one AND t.kind = 'follow' AND t.withdrawn_at IS NULL)
        OR EXISTS (SELECT FROM circles_membership mine JOIN circles_membership theirs ON theirs.circle_id = mine.circle_id AND theirs.member_id = one
                AND theirs.state = 'joined' AND theirs.role IN ('founder', 'moderator')
            JOIN contact_permission p ON p.member_id = other AND p.granted AND p.channel = 'in_app' AND p.purpose = 'circle'
            WHERE mine.member_id = other AND mine.state = 'joined')
$$;
"""

KINDS = """    ELSIF NEW.kind = 'update' THEN
        IF NOT leads_follows(NEW.recipient_id, NEW.sender_id) THEN
            PERFORM leads_refuse('leads_consent', 'news go to people who follow and agreed to hear them');
        END IF;
    ELSIF (SELECT count(*) FROM contact_permission p"""

ASKED = """    verdict := leads_verdict(NEW.sender_id, NEW.for_shop, NEW.recipient_id, NEW.sent_at);
    IF verdict IS NOT NULL THEN
        PERFORM leads_refuse(verdict, 'they said no or want less, heard too much without a welcome, or their attention for this week is spent');
    END IF;
    RETURN NEW;
END $$;
"""
AFTER = (
    GUARD[: GUARD.index("    SELECT max(sent_at) INTO last")]
    .replace("DECLARE last timestamptz;", "DECLARE verdict text;")
    .replace("    ELSIF (SELECT count(*) FROM contact_permission p", KINDS)
    + ASKED
)
WHOLE = "approach_is_whole"
OFFER = Q(kind="offer", lead__isnull=False)
SUGGESTION = Q(kind="suggestion", lead=None, product__isnull=False, for_shop=False)
UPDATE = Q(kind="update", lead=None, for_shop=False)
UNDO = "DROP FUNCTION leads_follows(bigint, bigint); DROP FUNCTION leads_verdict(bigint, boolean, bigint, timestamptz);"


class Migration(migrations.Migration):
    dependencies = [("leads", "0002_guards"), ("contact", "0007_offers")]

    operations = [
        migrations.AlterField(
            "approach",
            "kind",
            models.CharField(
                max_length=10, choices=[("offer", "An offer"), ("suggestion", "A suggestion"), ("update", "News")]
            ),
        ),
        migrations.RemoveConstraint("approach", WHOLE),
        migrations.AddConstraint("approach", models.CheckConstraint(condition=OFFER | SUGGESTION | UPDATE, name=WHOLE)),
        migrations.RunSQL(VERDICT + AFTER, GUARD + UNDO),
    ]
