"""An answer may be told to others, as an experience of its writer with goods of the question; that it is theirs, the database asks."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

GUARD: str = import_module("quanzi.trade.polls.migrations.0003_answers_are_private").GUARD
BEFORE = GUARD.replace(" OR (NEW.is_for_all AND NOT OLD.is_for_all)", "")
AFTER = BEFORE.replace(
    "       OR (NEW.good_id IS NOT NULL AND NOT EXISTS",
    """       OR (NEW.experience_id IS DISTINCT FROM OLD.experience_id AND NEW.experience_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM experiences_experience e JOIN polls_good g ON g.poll_id = NEW.poll_id JOIN catalogue_sku s ON s.id = g.sku_id
            WHERE e.post_id = NEW.experience_id AND e.member_id = NEW.member_id AND e.product_id = s.product_id))
       OR (NEW.good_id IS NOT NULL AND NOT EXISTS""",
)


class Migration(migrations.Migration):
    dependencies = [("polls", "0003_answers_are_private"), ("experiences", "0001_initial")]

    operations = [
        migrations.AddField(
            "asked",
            "experience",
            models.OneToOneField(
                to="experiences.experience",
                null=True,
                blank=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
            ),
        ),
        migrations.RunSQL(AFTER, BEFORE),
    ]
