"""`quanzi messages`: texts to translate."""

from __future__ import annotations

import sys

import click


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when a text lacks its translation.")
def messages(check: bool) -> None:
    """Collect the texts of the sources into the translation file, and compile it."""
    from quanzi.site import translations

    if check:
        lacking = translations.missing()
        for text in lacking:
            click.echo(f"not translated: {text}")
        sys.exit(1 if lacking else 0)
    total, without = translations.update()
    translations.compile_changed()
    click.echo(f"{total} texts, {without} of them without a translation: {translations.PO}")
