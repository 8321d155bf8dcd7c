"""`python -m simulation`: a month of a shop, then the doctor."""

from __future__ import annotations

import os
import shutil
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from quanzi.site import home

if TYPE_CHECKING:
    from simulation.bank import Bank

BEGINS = datetime(2027, 3, 1, 0, tzinfo=UTC)


@click.command()
@click.option("--days", default=30, show_default=True)
@click.option("--stations", "wanted_stations", default=20, show_default=True)
@click.option("--members", default=5000, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--port", default=8890, show_default=True)
def simulate(days: int, wanted_stations: int, members: int, seed: int, port: int) -> None:
    """Live through it, print the figures, and exit 1 when the doctor or the bank finds anything wrong."""
    folder = home.home() / "simulation"
    shutil.rmtree(folder, ignore_errors=True)
    os.environ.update(QUANZI_HOME=str(folder), QUANZI_PORT=str(port))
    from quanzi.site.cli.data import bring_up_to_date
    from quanzi.site.cli.shop import open_shop

    open_shop(migrated=False)
    bring_up_to_date()
    sys.exit(_live(days, wanted_stations, members, seed, Console(stderr=True)))


def _live(days: int, wanted_stations: int, members: int, seed: int, console: Console) -> int:
    from django.db import connection

    from quanzi.kernel import clock
    from simulation import figures, world
    from simulation.days import Month

    with connection.cursor() as cursor:  # what was simulated need not survive a power cut: nobody waits for the disk
        cursor.execute("ALTER ROLE CURRENT_USER SET synchronous_commit = off; SET synchronous_commit = off")
    began, time_of_shop = time.monotonic(), clock.Clock(BEGINS)
    clock.set_source(time_of_shop)
    console.print(f"{wanted_stations} stations, {members:,} members, {days} days, seed {seed}")
    shop = world.build(stations_wanted=wanted_stations, members_wanted=members, seed=seed, now=BEGINS)
    month = Month(
        shop,
        time_of_shop,
        tell=lambda words: console.print(f"{time.monotonic() - began:7.0f} s  {words}", highlight=False),
    )
    month.live(days)
    month.come_to_rest()
    table = Table("", "", title=f"{days} days, seed {seed}", show_header=False)
    for one in figures.read():
        table.add_row(one.name, str(one))
    for name, count in sorted(month.doing.refused.items()):
        table.add_row(f"told no — {name}", f"{count:,}")
    Console().print(table)
    return _judge(shop.bank, console, time.monotonic() - began)


def _judge(bank: Bank, console: Console, seconds: float) -> int:
    from quanzi.base import doctor
    from simulation import figures

    looked = doctor.run()
    ill = [one for one in looked if not one.is_well]
    for one in ill:
        console.print(f"{one.id} {one.title}: {one.violations} {one.error} {one.sample[:2]}", highlight=False)
    there, here = bank.balance_minor, figures.cash_minor(f"cash.{bank.name}")
    console.print(f"The doctor asked {len(looked)} questions and found {len(ill)} promises broken.")
    console.print(f"The bank holds {there / 100:,.2f}, the books say {here / 100:,.2f}. {seconds:,.0f} s in all.")
    return 1 if ill or there != here else 0


if __name__ == "__main__":
    simulate()
