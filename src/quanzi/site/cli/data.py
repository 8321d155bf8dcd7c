"""`quanzi migrate`, `quanzi demo`, `quanzi staff`."""

from __future__ import annotations

from contextlib import nullcontext

import click

from quanzi.site.cli.mistakes import Mistake
from quanzi.site.cli.progress import steps
from quanzi.site.cli.shop import open_shop, waiting_migrations

_LOADING = "the demo of quanzi is being loaded"
ROLES = ["owner", "operator", "fulfilment", "support", "finance", "moderator"]


@click.command()
@click.option("--check", is_flag=True, help="Only say whether changes are waiting (exit code 1 when so).")
@click.pass_context
def migrate(context: click.Context, check: bool) -> None:
    """Bring the database up to date with this version of quanzi. Safe to repeat."""
    open_shop(migrated=False)
    waiting = waiting_migrations()
    if check:
        click.echo(f"{waiting} migration(s) are waiting." if waiting else "The database is up to date.")
        context.exit(1 if waiting else 0)
    bring_up_to_date()
    begin_shop()
    click.echo(f"{waiting} migration(s) applied." if waiting else "The database is up to date.")


def bring_up_to_date() -> int:
    """Apply what is waiting; returns how many. Two processes that start together do not apply it twice."""
    from django.core.management import call_command
    from django.db import connection

    from quanzi.site.database.making import few_models_drawn

    if not waiting_migrations():
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('quanzi.migrate'))")
        try:
            waiting = waiting_migrations()
            is_new = not connection.introspection.table_names(cursor)
            with few_models_drawn() if is_new else nullcontext():
                call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('quanzi.migrate'))")
    _erase_again()
    return waiting


def begin_shop() -> None:
    """What a shop of which nobody is a member yet begins with, and may change. Safe to repeat."""
    from quanzi.growth.searching.services import add_usual_words
    from quanzi.kernel.clock import now

    if is_empty():
        add_usual_words(actor="system", now=now())


def _erase_again() -> None:
    """The tables may have come back from a copy of an older version, which could not do it itself."""
    from quanzi.growth.erasing import tombstones
    from quanzi.site.backup import erased

    if tombstones.path().is_file():
        click.echo(erased.erase_since(), nl=False)


def is_empty() -> bool:
    """Whether nobody has ever signed up here."""
    from django.contrib.auth import get_user_model

    return not get_user_model().objects.exists()


@click.command()
def demo() -> None:
    """Load the demo shop, clearly marked as demo, into an empty database."""
    open_shop()
    if not is_empty() and not was_interrupted():
        raise Mistake(
            "This shop already has members; the demo is for an empty one.\n"
            "Try it in a folder of its own: QUANZI_HOME=/tmp/quanzi-demo quanzi run"
        )
    load_demo()
    for line in logins():
        click.echo(line)


def load_demo() -> None:
    """Fill the empty shop through its own services. One that was interrupted is cleared away and begun again.

    The demo module offers `load(*, now, progress)`, where progress(count=1, note="") may be called at each step,
    and `logins()`, a list of objects with role, name and password.
    """
    from django.db import connection  # needs Django's settings

    from quanzi.kernel.clock import now
    from quanzi.site.demo import load as shop

    with connection.cursor() as cursor:
        if was_interrupted():
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
            bring_up_to_date()
        cursor.execute(f"COMMENT ON SCHEMA public IS '{_LOADING}'")
        with steps("Loading the demo shop") as progress:
            shop.load(now=now(), progress=progress.advance)
        cursor.execute("COMMENT ON SCHEMA public IS NULL")


def was_interrupted() -> bool:
    """Whether loading the demo was begun and not finished: there is nothing but demo in the database then."""
    from django.db import connection  # needs Django's settings

    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description('public'::regnamespace, 'pg_namespace') = %s", [_LOADING])
        row = cursor.fetchone()
    return bool(row and row[0])


def logins() -> list[str]:
    """The demo's logins, a line each; empty when this is no demo shop."""
    from quanzi.site.demo import load as shop  # needs Django's settings

    return [f"{login.role}: {login.name}  {login.password}" for login in shop.logins()]


@click.command()
@click.argument("email")
@click.option("--name", prompt=True, help="What colleagues call this person.")
@click.option("--role", type=click.Choice(ROLES), default="operator", show_default=True)
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True, help="At least 10 characters.")
def staff(email: str, name: str, role: str, password: str) -> None:
    """Make a login for somebody of the staff, or give a member a role of the staff."""
    open_shop()
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from quanzi.site.staff import appoint

    try:
        validate_email(email)
        made = appoint(email=email, name=name, role=role, password=password)
    except ValidationError as trouble:
        raise Mistake(" ".join(trouble.messages)) from trouble
    click.echo(
        f"{email} {'can sign in now' if made else 'has the role now, with the password they had before'}: {role}."
    )
