"""`quanzi recommend …`: the subcommands live in quanzi.growth.recommending.cli, in its list `commands`."""

from __future__ import annotations

import click

from quanzi.site.cli.imports import Imports


class Recommending(Imports):
    """The engine that recommends."""

    module = "quanzi.growth.recommending.cli"


@click.group("recommend", cls=Recommending)
def recommend() -> None:
    """Train the engine that recommends goods to members."""
