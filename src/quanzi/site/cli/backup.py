"""`quanzi backup FILE`, and `quanzi backup start|now|list|verify|stop` for every moment of the past."""

from __future__ import annotations

from pathlib import Path

import click

from quanzi.kernel.clock import local
from quanzi.kernel.clock import now as clock_now
from quanzi.site import home
from quanzi.site.cli.mistakes import Mistake
from quanzi.site.cli.progress import steps
from quanzi.site.cli.shop import open_shop

DAYS = 14


class FileOrCommand(click.Group):
    """`backup FILE` is a command of its own; the word before anything else may name another."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        if arguments and arguments[0] not in (*self.commands, "-h", "--help"):
            arguments = ["file", *arguments]
        return super().parse_args(context, arguments)


@click.group(cls=FileOrCommand)
def backup() -> None:
    """Save the whole shop.

    \b
    quanzi backup FILE      as it is now, in one file; works with every database
    quanzi backup start     keep every moment from now on (embedded database): a copy each day and the log after it

    Bring it back with `quanzi restore`.
    """


@backup.command("file")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="Write over an older backup of that name.")
def file_(file: Path, replace: bool) -> None:
    """Save the database, the pictures and the secret key in one FILE. The shop may go on running meanwhile."""
    if file.exists() and not replace:
        raise Mistake(f"{file} exists. Name another file, or add --replace.")
    open_shop(migrated=False)
    from quanzi.site import archive

    with steps("Backing up", archive.picture_count() + 1) as progress:
        archive.save(file, on_step=progress.advance)
    click.echo(f"The shop is in {file} ({file.stat().st_size / 1e6:.1f} MB). Keep it safe: it holds everybody's data.")


@backup.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@click.option(
    "--days", type=click.IntRange(1, 3650), default=DAYS, show_default=True, help="How far back moments stay."
)
def start(folder: Path | None, days: int) -> None:
    """Keep every moment of the shop's past in FOLDER, from now on: a copy each night, the log every five minutes.

    Without FOLDER it is `backup` beside the database. Another disk, or a folder that is copied away, is safer.
    """
    open_shop(migrated=False)
    from quanzi.site.backup import copies
    from quanzi.site.database.folders import cluster_folder

    chosen = copies.start(folder=folder or cluster_folder(home.home()).parent / "backup", days=days)
    _copy()
    click.echo(f"Every moment is kept in {chosen.folder}, for {days} days. Look after it: quanzi backup verify")


@backup.command()
def now() -> None:
    """Make a copy at once, and clear away what is older than was chosen."""
    open_shop(migrated=False)
    from quanzi.site.backup import copies

    copies.chosen()
    _copy()
    copies.clear_away(now=clock_now())


def _copy() -> None:
    from quanzi.site.backup import copies

    with steps("Copying the database (MB)", 100) as progress:

        def tell(done: int, total: int) -> None:
            progress.advance(min(99, 300 * done // max(total, 1)) - progress.done)

        made = copies.make(now=clock_now(), on_bytes=tell)
    click.echo(f"Copied: {made.folder} ({made.size / 1e6:.1f} MB).")


@backup.command("list")
def list_() -> None:
    """Show the copies, and from when until when moments can be brought back."""
    open_shop(migrated=False)
    from quanzi.site.backup import copies, standing

    where = copies.chosen()
    there = copies.all_of(where)
    for copy in there:
        click.echo(f"{local(copy.finished_at):%Y-%m-%d %H:%M:%S}  {copy.size / 1e6:9.1f} MB  {copy.folder}")
    if there:
        click.echo(f"Any moment since {local(there[0].finished_at):%Y-%m-%d %H:%M:%S} can be brought back.")
    click.echo(standing.words())


@backup.command()
def verify() -> None:
    """Hold every kept file against its checksum and look for gaps in the log. Exit code 1 when something is wrong."""
    open_shop(migrated=False)
    from quanzi.site.backup import copies, proof, standing

    where = copies.chosen()
    with steps("Verifying", len(copies.all_of(where)) + len(copies.pieces(where))) as progress:
        found = proof.problems(where, on_step=progress.advance)
    found += standing.problems(now=clock_now())
    for problem in found:
        click.echo(problem, err=True)
    if found:
        raise SystemExit(1)
    click.echo("All copies and the whole log after them are there and whole.")


@backup.command()
def stop() -> None:
    """Keep the past no longer. What is kept stays where it is."""
    open_shop(migrated=False)
    from quanzi.site.backup import copies

    where = copies.chosen()
    copies.stop()
    click.echo(f"Nothing is added to {where.folder} any more.")
