"""`quanzi backup FILE` and `quanzi restore FILE`."""

from __future__ import annotations

from pathlib import Path

import click

from quanzi.site.cli.mistakes import Mistake
from quanzi.site.cli.progress import steps
from quanzi.site.cli.shop import open_shop


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="Write over an older backup of that name.")
def backup(file: Path, replace: bool) -> None:
    """Save the database, the pictures and the secret key in one FILE. The shop may go on running meanwhile."""
    if file.exists() and not replace:
        raise Mistake(f"{file} exists. Name another file, or add --replace.")
    open_shop(migrated=False)
    from quanzi.site import archive

    with steps("Backing up", archive.picture_count() + 1) as progress:
        archive.save(file, on_step=progress.advance)
    click.echo(f"The shop is in {file} ({file.stat().st_size / 1e6:.1f} MB). Keep it safe: it holds everybody's data.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--replace", is_flag=True, help="Throw away what the shop holds now.")
def restore(file: Path, replace: bool) -> None:
    """Bring back the shop from a backup FILE. Refuses to touch a shop that holds members, unless --replace.

    Either everything comes back, or the database stays as it was.
    """
    open_shop(migrated=False)
    from quanzi.site import archive

    if not replace and archive.holds_members():
        raise Mistake("This shop holds members. Restore into another QUANZI_HOME, or add --replace to throw them away.")
    with steps("Restoring") as progress:
        archive.bring_back(file, on_step=progress.advance)
    click.echo("The shop is back. Next: quanzi migrate, then quanzi doctor.")
