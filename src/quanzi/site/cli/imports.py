"""`quanzi import …`: the subcommands live in quanzi.growth.importing.cli, in its list `commands`."""

from __future__ import annotations

from copy import copy
from typing import Any

import click

from quanzi.site.cli.shop import load_django, open_shop

_MODULE = "quanzi.growth.importing.cli"


class Imports(click.Group):
    """The imports that the rooms offer; the database is opened before one of them runs."""

    module = "quanzi.growth.importing.cli"

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(self._commands())

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        return self._commands().get(name)

    def _commands(self) -> dict[str, click.Command]:
        load_django()
        from importlib import import_module

        return {str(command.name): _with_shop(command) for command in import_module(self.module).commands}


def _with_shop(command: click.Command) -> click.Command:
    """A copy of the command that opens the database once its arguments are known to be right."""
    inside = command.callback
    if inside is None:
        return command

    def opened(*arguments: Any, **options: Any) -> Any:
        open_shop()
        return inside(*arguments, **options)

    wrapped = copy(command)
    wrapped.callback = opened
    return wrapped


@click.group("import", cls=Imports)
def imports() -> None:
    """Bring in data from elsewhere, through the same rules as the shop itself."""
