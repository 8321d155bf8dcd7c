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
@click.option("--goods", is_flag=True, help="Only the goods, as one sheet that can be imported again: .csv or .xlsx.")
def export(target: Path, replace: bool, goods: bool) -> None:
    """Write every table as CSV and as JSON lines, and all pictures, into the folder TARGET, or into one TARGET.zip.

    Passwords, sessions and keys are left out: nobody needs them elsewhere. A README in it describes every column.
    """
    form = target.suffix.lower().removeprefix(".")
    if goods and form not in ("csv", "xlsx"):
        raise Mistake(f"{target} must end in .csv or .xlsx.")
    occupied = target.exists() and (target.is_file() or any(target.iterdir()))
    if occupied and not replace:
        raise Mistake(f"{target} already holds something. Name another place, or add --replace.")
    open_shop()
    if goods:
        _write_goods(target, form)
        return
    from quanzi.growth.exporting.tables import tables
    from quanzi.growth.exporting.writing import write

    chosen = tables()
    with steps("Exporting", len(chosen) + 1) as progress:
        report = write(target, chosen, on_step=progress.advance)
    click.echo(f"{report.rows} rows of {report.tables} tables and {report.pictures} picture files are in {target}.")


def _write_goods(target: Path, form: str) -> None:
    from quanzi.growth.importing.goods.exporting import goods_sheet

    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(goods_sheet(form))
    click.echo(f"The goods are in {target}.")
