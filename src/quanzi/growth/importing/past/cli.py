"""`quanzi import orders FILE`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from quanzi.growth.importing.past.errors import RowsRefused
from quanzi.growth.importing.past.fields import FIELDS, guessed, recognised
from quanzi.growth.importing.past.reading import SKIPPED, Log, currency_in, read_log
from quanzi.growth.importing.past.services import take_in
from quanzi.growth.importing.tables.errors import ColumnMissing, UnknownField
from quanzi.growth.importing.tables.reading import Table, read
from quanzi.kernel import clock
from quanzi.kernel.money import Money

EXIT_ROWS = 1
MOST_BYTES = 1_000_000_000
SHOWN_PROBLEMS = 20


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A JSON object of field to heading; what it leaves out is guessed.",
)
@click.option(
    "--source", help="Name of the shop they come from, such as 淘宝; for a known kind of sheet it is guessed."
)
@click.option("--currency", help="Currency of the amounts, such as CNY.")
@click.option("--dates", type=click.Choice(["mdy", "dmy"]), help="Which comes first where 03/04/2025 can be two days.")
@click.option(
    "--worksheet", default="", help="Which sheet of a workbook; else the one in which most columns are known."
)
@click.option("--skip-broken", is_flag=True, help="Leave out rows that cannot be read, instead of refusing the file.")
@click.option("--dry-run", is_flag=True, help="Only tell what would be imported.")
def orders(
    file: Path,
    mapping: Path | None,
    source: str | None,
    currency: str | None,
    dates: str | None,
    worksheet: str,
    skip_broken: bool,
    dry_run: bool,
) -> None:
    """Take in orders from before: a retail log, or a marketplace's export, as CSV or XLSX.

    They stand in tables of their own, marked as imported, and never count as kept, sold or earned here. Buyers become
    members without contact or login until they prove one of their contacts. The same file twice changes nothing.
    Exit codes: 0 done, 1 rows that cannot be read, 2 a mistake in the command or the file.
    """
    table = read(
        file.read_bytes(), file_name=file.name, most_bytes=MOST_BYTES, worksheet=worksheet,
        likeness=lambda headings: len(guessed(headings)),
    )  # fmt: skip
    if worksheet and worksheet != table.worksheet:
        raise click.UsageError(
            f"There is no sheet called “{worksheet}”. There is: {', '.join(table.worksheets) or 'none'}."
        )
    label, guessed_source, guessed_currency = recognised(table.headings)
    fields = guessed(table.headings) | (_mapping(mapping) if mapping else {})
    log = _read(table, fields, currency or currency_in(table, fields, usual=guessed_currency), dates or "")
    name = source or guessed_source or file.stem
    for line in _told(log, label, fields, name):
        click.echo(line)
    if len(table.worksheets) > 1:
        others = ", ".join(f"“{one}”" for one in table.worksheets if one != table.worksheet)
        click.echo(f"  read is the sheet “{table.worksheet}”, not {others}; --worksheet chooses")
    if log.problem_rows and not skip_broken:
        click.echo(RowsRefused(count=log.problem_rows).text + " Repair them, or add --skip-broken.", err=True)
        sys.exit(EXIT_ROWS)
    if dry_run:
        return
    with _bar() as progress:
        taken = take_in(log=log, source_name=name, skip_problems=skip_broken, progress=progress, now=clock.now())
    click.echo(f"{taken.new:,} orders are new, {taken.known:,} were here before; {taken.people:,} people are new.")


def _read(table: Table, fields: dict[str, str], currency: str, dates: str) -> Log:
    Money.zero(currency)
    try:
        return read_log(table, fields, currency=currency, dates=dates)
    except ColumnMissing as refused:
        headings = ", ".join(heading for heading in table.headings if heading)
        raise click.UsageError(f"{refused.text} The sheet has: {headings}. See --mapping.") from refused


def _mapping(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text("utf-8-sig"))
    except (ValueError, OSError) as trouble:
        raise click.UsageError(f"{path} is not JSON: {trouble}") from trouble
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise click.UsageError(f'{path} is not an object of field to heading, such as {{"number": "InvoiceNo"}}.')
    unknown = set(found) - {field.name for field in FIELDS}
    if unknown:
        known = ", ".join(field.name for field in FIELDS)
        raise click.UsageError(f"{UnknownField(name=min(unknown)).text} Fields: {known}.")
    return found


def _told(log: Log, label: str, fields: dict[str, str], source: str) -> Iterator[str]:
    yield f"{label or 'A sheet of orders'}, as orders of “{source}”:"
    yield "  " + ", ".join(f"{name} ← {heading}" for name, heading in fields.items())
    bought = sum(order.bought_minor for order in log.orders.values())
    back = sum(order.returned_minor for order in log.orders.values())
    lines = sum(len(order.lines) for order in log.orders.values())
    yield (
        f"{log.rows:,} rows: {len(log.orders) - log.cancellations:,} orders and {log.cancellations:,} cancellations with"
        f" {lines:,} lines; bought {Money(bought, log.currency)} {log.currency}, given back {Money(back, log.currency)}"
    )
    for reason, count in log.skipped.most_common():
        yield f"  {count:,} rows left out: {SKIPPED[reason]}"
    for problem in log.problems[:SHOWN_PROBLEMS]:
        yield f"  {problem.text}"
    if log.problem_rows > SHOWN_PROBLEMS:
        yield f"  … and {log.problem_rows - SHOWN_PROBLEMS:,} more"


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None] | None]:
    if not sys.stderr.isatty():
        yield None
        return
    columns = (TextColumn("Orders"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
