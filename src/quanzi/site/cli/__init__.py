"""The `quanzi` command line."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from quanzi.site.cli.mistakes import told_plainly

# name: (module, attribute, help). Commands are loaded when they are called, so that `--help` answers at once.
_COMMANDS: dict[str, tuple[str, str, str]] = {
    "run": ("run", "run", "Run the shop: database, web server, worker."),
    "worker": ("worker", "worker", "Run the background worker alone."),
    "migrate": ("data", "migrate", "Bring the database up to date."),
    "demo": ("data", "demo", "Load the demo shop."),
    "staff": ("data", "staff", "Make a login for somebody of the staff."),
    "import": ("imports", "imports", "Bring in data from elsewhere."),
    "pattern": ("patterns", "patterns", "Make many branches of a community that works."),
    "recommend": ("recommend", "recommend", "Train the engine that recommends goods to members."),
    "evaluate": ("evaluate", "evaluate", "Measure the engine that recommends, on files of your own."),
    "export": ("export", "export", "Write everything the merchant owns to files."),
    "trust": ("trust", "trust", "Make the ties between people anew from their facts."),
    "search": ("search", "search", "Make the index of the search anew."),
    "doctor": ("doctor", "doctor", "Check every promise the books and the stock make."),
    "backup": ("backup", "backup", "Save the whole shop in one file, or keep every moment of its past."),
    "restore": ("restore", "restore", "Bring back a shop from a backup, or as it was at a moment."),
    "messages": ("messages", "messages", "Collect and check the texts to translate."),
    "django": ("django", "django_command", "Run one of Django's own commands."),
}


class Commands(click.Group):
    """A group whose commands are imported when needed."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        module, attribute, _ = _COMMANDS[name]
        command = getattr(importlib.import_module(f"quanzi.site.cli.{module}"), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, _, about) in _COMMANDS.items()])

    def invoke(self, context: click.Context) -> Any:
        with told_plainly():
            return super().invoke(context)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="quanzi", message="quanzi %(version)s")
def quanzi() -> None:
    """A shop for people who buy together.

    \b
    QUANZI_HOME   folder of the database, pictures and keys (default: var in the source folder)
    QUANZI_PORT   port of the web server (default: 8000)
    DATABASE_URL  a PostgreSQL 15 or newer of your own; without it an embedded one is started

    Exit codes: 0 done, 1 something is wrong with the data, 2 a mistake in the command or its surroundings.
    """


def main() -> None:
    """Entry point of the installed command."""
    try:
        quanzi(prog_name="quanzi")
    except KeyboardInterrupt:
        sys.exit(130)
