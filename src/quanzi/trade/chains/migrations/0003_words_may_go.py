"""A sign-up that ended stays as it is, but for the words of a member who is erased."""

from importlib import import_module

from django.db import migrations

GUARDS = import_module("quanzi.trade.chains.migrations.0002_guards")
BEFORE = "OR OLD.ended_at IS NOT NULL THEN"
AFTER = "OR OLD.ended_at IS NOT NULL AND (NEW.ended_at IS DISTINCT FROM OLD.ended_at OR NEW.words <> '') THEN"


def guard() -> str:
    """The function of before, to be replaced."""
    text = next(part for part in vars(GUARDS).values() if isinstance(part, str) and "FUNCTION chains_guard_signup()" in part)
    start = text.index("CREATE FUNCTION chains_guard_signup()")
    end = text.index("END $$;", start) + len("END $$;")
    return text[start:end].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    dependencies = [("chains", "0002_guards")]
    operations = [migrations.RunSQL(guard().replace(BEFORE, AFTER), guard())]
