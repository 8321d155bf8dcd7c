"""`quanzi doctor`: every invariant, checked."""

from __future__ import annotations

import sys

import click
from rich.console import Console
from rich.table import Table

from quanzi.site.cli.mistakes import EXIT_VIOLATIONS
from quanzi.site.cli.shop import open_shop


@click.command()
@click.option("--fix", is_flag=True, help="Repair what can be worked out again from the facts.")
def doctor(fix: bool) -> None:
    """Check every promise of the books, the stock, the teams and the outbox.

    Prints each with its number of violations. Exits 1 when any is left.
    """
    open_shop()
    from quanzi.base import doctor as clinic

    results = clinic.run(fix=fix)
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    table.add_column("Promise")
    table.add_column("Violations", justify="right")
    table.add_column("Repaired", justify="right")
    for result in results:
        count = "?" if result.error else str(result.violations)
        table.add_row(result.id, result.title, count, str(result.fixed or ""), style="" if result.is_well else "red")
    console = Console()
    console.print(table)
    broken = [result for result in results if not result.is_well]
    for result in broken:
        words = result.error or "for example " + "; ".join(str(row) for row in result.sample)
        console.print(f"{result.id}: {words}", markup=False)
    if not broken:
        console.print(f"All {len(results)} promises hold.")
        return
    if not fix and any(result.can_fix for result in broken):
        console.print("Some of this may be repaired by: quanzi doctor --fix")
    sys.exit(EXIT_VIOLATIONS)
