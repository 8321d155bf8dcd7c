"""What friends answer is the asker's alone; whoever kept the goods tells it to others by an experience of their own."""

from importlib import import_module

from django.db import migrations, models
from django.db.models import Q

PEOPLE: str = import_module("quanzi.trade.polls.migrations.0002_guards").PEOPLE
GUARD = PEOPLE[PEOPLE.index("CREATE FUNCTION polls_guard_asked") : PEOPLE.index("CREATE TRIGGER")].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
WHOLE = "poll_answer_is_whole"


def whole() -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(says="", good=None, answered_at=None, words="", has_it=False)
        | Q(says="yes", good__isnull=False, answered_at__isnull=False)
        | Q(says="no", good=None, answered_at__isnull=False),
        name=WHOLE,
    )


class Migration(migrations.Migration):
    dependencies = [("polls", "0002_guards")]

    operations = [
        migrations.RunSQL(GUARD.replace(" OR (NEW.is_for_all AND NOT OLD.is_for_all)", ""), GUARD),
        migrations.RemoveConstraint("asked", WHOLE),
        migrations.RemoveField("asked", "is_for_all"),
        migrations.AddConstraint("asked", whole()),
    ]
