"""`quanzi restore FILE`, and `quanzi restore --to MOMENT`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from quanzi.kernel.clock import SITE_ZONE, local
from quanzi.site import home
from quanzi.site.cli.mistakes import Mistake
from quanzi.site.cli.progress import steps
from quanzi.site.cli.shop import load_django, open_shop, waiting_migrations

LATEST = "latest"
NEXT = "Next: quanzi migrate, then quanzi doctor."


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True), required=False)
@click.option("--to", "moment", metavar="MOMENT", help='As it was at "2026-11-22 10:00" (Shanghai), or "latest".')
@click.option(
    "--from", "folder", type=click.Path(path_type=Path, file_okay=False, exists=True), help="Where it is kept."
)
@click.option("--replace", is_flag=True, help="Put away what the shop holds now.")
def restore(file: Path | None, moment: str | None, folder: Path | None, replace: bool) -> None:
    """Bring back the shop from a backup FILE, or as it was at a moment that `quanzi backup start` keeps.

    Refuses to touch a shop that is there, unless --replace. Either everything comes back, or all stays as it was.
    """
    if (file is None) == (moment is None):
        raise Mistake("Name a backup FILE, or a moment with --to.")
    if file is not None:
        _from_file(file, replace)
    else:
        _to_moment(_read(moment or ""), folder, replace)


def _from_file(file: Path, replace: bool) -> None:
    open_shop(migrated=False)
    from quanzi.site import archive
    from quanzi.site.backup.errors import ShopIsRunning

    if archive.is_in_use():
        raise ShopIsRunning()
    if not replace and archive.holds_members():
        raise Mistake("This shop holds members. Restore into another QUANZI_HOME, or add --replace to throw them away.")
    if not waiting_migrations():
        from quanzi.growth.erasing import tombstones

        tombstones.mend()
    with steps("Restoring") as progress:
        archive.bring_back(file, on_step=progress.advance)
    click.echo(f"The shop is back.\n{_erase_again()}{NEXT}")


def _erase_again() -> str:
    """What was done for members who were erased since; of a copy of an older version `quanzi migrate` does it."""
    from quanzi.site.backup import erased

    return "" if waiting_migrations() else erased.erase_since()


def _read(text: str) -> datetime | None:
    """A moment on the site's clock unless it names another; None for the latest."""
    if text == LATEST:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Mistake(f'"{text}" is no moment. Write it as 2026-11-22 10:00, or say latest.') from None
    return moment if moment.tzinfo else moment.replace(tzinfo=SITE_ZONE)


def _to_moment(moment: datetime | None, folder: Path | None, replace: bool) -> None:
    load_django()
    from quanzi.site.backup import copies, erased, pictures, recovery
    from quanzi.site.backup.errors import NotEmbedded
    from quanzi.site.database import address, archiving, folders

    if address.external_url():
        raise NotEmbedded()
    where = archiving.Choice(folder.absolute(), 0) if folder else copies.chosen()
    if folders.cluster_folder(home.home()).exists() and not replace:
        raise Mistake(
            "There is a shop here. Restore into another QUANZI_HOME with --from, or add --replace to put it away."
        )
    with steps("Restoring") as progress:
        aside = recovery.bring_back(
            where=where, home=home.home(), moment=moment, on_step=lambda note: progress.advance(note=note)
        )
        pictures.bring_back(where.media, on_step=progress.advance)
        erased.fetch(where.folder)
    click.echo(f"The shop is as it was at {local(moment):%Y-%m-%d %H:%M:%S}." if moment else "The shop is back.")
    if aside is not None:
        click.echo(f"What was here before lies in {aside}; delete it when all is well.")
    open_shop(migrated=False)
    if moment is None and (last := _last_event()):
        click.echo(f"The last thing that it knows happened at {local(last):%Y-%m-%d %H:%M:%S}.")
    click.echo(_erase_again() + NEXT)


def _last_event() -> datetime | None:
    """How far the newest that is kept goes: when the last event was noted; of an older version nothing is asked."""
    if waiting_migrations():
        return None
    from quanzi.base.events.models import Event

    return Event.objects.order_by("-id").values_list("recorded_at", flat=True).first()
