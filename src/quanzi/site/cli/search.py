"""`quanzi search`: the index of the search."""

from __future__ import annotations

import click

from quanzi.site.cli.progress import steps
from quanzi.site.cli.shop import open_shop


@click.group()
def search() -> None:
    """The index of the search."""


@search.command()
def rebuild() -> None:
    """Make every entry of the index anew, while people search."""
    open_shop()
    from quanzi.growth.searching.indexing import rebuild as make_anew

    with steps("Entries of the search") as counter:

        def told(done: int, of: int) -> None:
            counter.advance(done - counter.done, f"of {of}")

        count = make_anew(told=told)
    click.echo(f"{count} things read, the index is what they say.")
