"""`quanzi pattern …`: the subcommands live in quanzi.growth.replicating.cli, in its list `commands`."""

from __future__ import annotations

import click

from quanzi.site.cli.imports import Imports


class Patterns(Imports):
    """Patterns of communities."""

    module = "quanzi.growth.replicating.cli"


@click.group("pattern", cls=Patterns)
def patterns() -> None:
    """Make many branches of a community that works."""
