"""`quanzi export`: everything the merchant owns, as plain files."""

from __future__ import annotations

from pathlib import Path

import click

from quanzi.site.cli.mistakes import Mistake
from quanzi.site.cli.progress import steps
from quanzi.site.cli.shop import open_shop


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Write over what is there.")
def export(target: Path, replace: bool) -> None:
    """Write every table as CSV and as JSON, and all pictures, into the folder TARGET, or into one TARGET.zip.

    Passwords, sessions and keys are left out: nobody needs them elsewhere.
    """
    occupied = target.exists() and (target.is_file() or any(target.iterdir()))
    if occupied and not replace:
        raise Mistake(f"{target} already holds something. Name another place, or add --replace.")
    open_shop()
    from quanzi.site import exporting

    tables = exporting.tables()
    with steps("Exporting", len(tables) + 1) as progress:
        report = exporting.write(target, tables, on_step=progress.advance)
    click.echo(f"{report.rows} rows of {report.tables} tables and {report.pictures} picture files are in {target}.")
