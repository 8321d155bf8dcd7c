"""`quanzi django …`: Django's own commands, with the database up."""

from __future__ import annotations

import click

from quanzi.site.cli.shop import open_shop


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def django_command(arguments: tuple[str, ...]) -> None:
    """Run one of Django's own commands, for instance: quanzi django makemigrations stock."""
    open_shop(migrated=False)
    from django.core.management import execute_from_command_line

    execute_from_command_line(["quanzi django", *arguments])
