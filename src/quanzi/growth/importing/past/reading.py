"""From rows of a sheet to orders with lines. Pure: no database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from quanzi.growth.importing.past.errors import NoAmount, NumberMissing, OtherCurrency, TextTooLong
from quanzi.growth.importing.past.fields import CLOSED, FIELDS, UNPAID, is_of_order
from quanzi.growth.importing.tables.errors import RowProblem
from quanzi.growth.importing.tables.mapping import Reader, checked
from quanzi.growth.importing.tables.reading import Row, Table, formula_in
from quanzi.growth.importing.tables.values import minor, moment, number, order_of, whole
from quanzi.kernel.errors import DomainError
from quanzi.kernel.money import split
from quanzi.kernel.words import N_

MOST_PROBLEMS = 100
"""More are counted, not kept."""

SKIPPED = {
    "unpaid": N_("nobody paid this order"),
    "nothing": N_("the quantity is zero"),
    "adjustment": N_("a correction of stock, without price and person"),
    "below_zero": N_("a price below zero: a booking, not a sale"),
}
"""Why a row that can be read is left out."""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """quantity and amount_minor are negative for what was given back.

    priced_minor: what quantity and price of one come to, None without a price; is_told: the sheet tells the amount, it does not
    come from the price.
    """

    code: str
    title: str
    quantity: int
    amount_minor: int
    priced_minor: int | None
    is_told: bool


@dataclass(slots=True)
class DraftOrder:
    """One order as the sheet tells it. customer, phone, email, name: of its first row that says so."""

    number: str
    placed_at: datetime
    lines: list[DraftLine] = field(default_factory=list)
    refund_minor: int = 0
    customer: str = ""
    phone: str = ""
    email: str = ""
    name: str = ""

    def spread_total(self, *, is_orders: bool) -> None:
        """Where the amount is the whole order's, each line takes a part after its price, or its quantity where there are no prices.

        is_orders: the heading of the column says so.
        """
        if len(self.lines) < 2 or any(line.amount_minor < 0 for line in self.lines):
            return
        total = self._total(is_orders=is_orders)
        if total is None:
            return
        prices = [line.priced_minor for line in self.lines if line.priced_minor is not None]
        fits = len(prices) == len(self.lines) and any(prices)
        parts = split(total, prices if fits else [line.quantity for line in self.lines])
        self.lines = [replace(line, amount_minor=part) for line, part in zip(self.lines, parts, strict=True)]

    def _total(self, *, is_orders: bool) -> int | None:
        """What the whole order came to, as its sheet tells it in the first row or in every row; None where rows tell their own."""
        told = [line.amount_minor for line in self.lines if line.is_told]
        is_one = len(set(told)) == 1
        if not told:
            return None
        if len(told) < len(self.lines):
            return told[0] if is_orders and is_one else sum(told)
        if not is_one:
            return None
        prices = [line.priced_minor for line in self.lines]
        proven = None not in prices and (len(set(prices)) > 1 or told[0] > max(price or 0 for price in prices))
        return told[0] if is_orders or proven else None

    @property
    def bought_minor(self) -> int:
        return sum(line.amount_minor for line in self.lines if line.amount_minor > 0)

    @property
    def returned_minor(self) -> int:
        """Lines given back and what was refunded besides; of an order that was refunded, never more than was bought."""
        back = -sum(line.amount_minor for line in self.lines if line.amount_minor < 0)
        return back + min(self.refund_minor, max(0, self.bought_minor - back))


@dataclass
class Log:
    """What a sheet holds. problems: the first of them; problem_rows: how many rows have one."""

    currency: str
    orders: dict[str, DraftOrder] = field(default_factory=dict)
    rows: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    problems: list[RowProblem] = field(default_factory=list)
    problem_rows: int = 0

    @property
    def cancellations(self) -> int:
        return sum(not order.bought_minor and order.returned_minor > 0 for order in self.orders.values())


def read_log(table: Table, mapping: dict[str, str], *, currency: str, dates: str = "") -> Log:
    """Every row of a sheet. dates: "mdy" or "dmy"; empty lets the column prove its order.

    Raises ColumnMissing, NoAmount and the refusals of `tables`; what is wrong with single rows stands in the log.
    """
    mapping = checked(mapping, table.headings, FIELDS)
    if not mapping.keys() & {"unit_price", "amount"}:
        raise NoAmount(field="amount")
    cells = Reader(mapping, table.headings)
    order = dates or order_of(cells.text(row.cells, "placed_at") for row in table.rows())
    log = Log(currency)
    rows = _Rows(cells, log, order)
    for row in table.rows():
        log.rows += 1
        rows.take(row)
    is_orders = is_of_order(cells.column("amount"))
    for found in log.orders.values():
        found.spread_total(is_orders=is_orders)
    return log


def currency_in(table: Table, mapping: dict[str, str], *, usual: str) -> str:
    """What the first row that names a currency names; the usual one where none does."""
    if "currency" not in mapping:
        return usual
    cells = Reader(mapping, table.headings)
    told = (cells.text(row.cells, "currency").upper() for row in table.rows())
    return next((one for one in told if len(one) == 3 and one.isascii() and one.isalpha()), usual)


class _Rows:
    def __init__(self, cells: Reader, log: Log, dates: str) -> None:
        self._cells, self._log, self._dates = cells, log, dates
        self._column = ""
        self._above = ""
        self._unpaid: set[str] = set()

    def take(self, row: Row) -> None:
        try:
            found = self._read(row)
        except DomainError as refused:
            self._log.problem_rows += 1
            if len(self._log.problems) < MOST_PROBLEMS:
                self._log.problems.append(RowProblem(row.number, self._column, refused))
            return
        if isinstance(found, str):
            self._log.skipped[found] += 1

    def _read(self, row: Row) -> str | None:
        """Put a row into its order; the reason when it is left out."""
        log, text = self._log, self._text(row)
        placed, outside = text("placed_at", 60), text("number", 60)
        if not outside and not placed:
            outside = self._above  # cells merged over the lines of an order: only the first row carries them
        if not outside:
            raise NumberMissing()
        self._above = outside
        refund = text("refund", 30)
        refunded = number(refund) if refund else Decimal(0)
        if self._is_unpaid(outside, self._cells.text(row.cells, "status").casefold(), is_refunded=refunded != 0):
            return "unpaid"
        told = text("currency", 10).upper()
        if told and told != log.currency:
            raise OtherCurrency(told=told, read=log.currency)
        known = log.orders.get(outside)
        text("placed_at", 60)  # what is wrong with it is told of its column
        at = known.placed_at if known and not placed else moment(placed, order=self._dates)
        line = self._line(row, is_cancelled=outside[:1] in "Cc" and outside[1:].isdigit())
        if isinstance(line, str):
            return line
        order = log.orders.setdefault(outside, DraftOrder(outside, at))
        order.lines.append(line)
        order.placed_at = min(order.placed_at, at)
        order.refund_minor += minor(abs(refunded), log.currency) if refund else 0
        for name in ("customer", "phone", "email", "name"):
            if not getattr(order, name):
                setattr(order, name, text(name, 200))
        return None

    def _is_unpaid(self, outside: str, status: str, *, is_refunded: bool) -> bool:
        """Sheets with a row for each line tell the state of an order in its first row alone."""
        if status in UNPAID and not (status in CLOSED and is_refunded):
            self._unpaid.add(outside)
        return outside in self._unpaid

    def _line(self, row: Row, *, is_cancelled: bool) -> DraftLine | str:
        text = self._text(row)
        code, title = text("code", 60), text("title", 2_000)[:200]
        counted = text("quantity", 30)
        quantity = whole(counted) if counted else 1
        told = text("amount", 30)
        value = number(told) if told else None
        one = text("unit_price", 30)
        is_told = value is not None
        priced = number(one) * quantity if one or value is None else None
        if value is None:
            assert priced is not None  # "" is not a number
            if number(one) < 0:
                return "below_zero"
            value = priced
        if quantity == 0:
            return "nothing"
        if value == 0 and quantity < 0 and not text("customer", 200):
            return "adjustment"
        given_back = quantity < 0 or value < 0 or is_cancelled
        sign = -1 if given_back else 1
        amount = sign * minor(abs(value), self._log.currency)
        by_price = None if priced is None else minor(abs(priced), self._log.currency)
        return DraftLine(code, title, sign * abs(quantity), amount, by_price, is_told)

    def _text(self, row: Row) -> _Taker:
        return _Taker(self, row)


class _Taker:
    """Reads one field and remembers its column, so that a refusal can name it."""

    def __init__(self, rows: _Rows, row: Row) -> None:
        self._rows, self._row = rows, row

    def __call__(self, name: str, most: int) -> str:
        value = self._rows._cells.text(self._row.cells, name)
        self._rows._column = self._rows._cells.column(name)
        if len(value) > most:
            raise TextTooLong(most=most)
        if found := formula_in(value):
            raise found
        return value


def sums(log: Log) -> Iterator[tuple[str, int]]:
    """Counts for a preview, in words of the report."""
    yield "rows", log.rows
    yield "orders", len(log.orders) - log.cancellations
    yield "cancellations", log.cancellations
    yield "lines", sum(len(order.lines) for order in log.orders.values())
    yield "bought_minor", sum(order.bought_minor for order in log.orders.values())
    yield "returned_minor", sum(order.returned_minor for order in log.orders.values())
