"""An invoice's facts on paper, for the buyer's file."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import get_language, gettext

from quanzi.base import printing
from quanzi.base.printing import InvoiceLine, InvoiceSheet, Party
from quanzi.base.shop.identity import shop_name
from quanzi.base.shop.queries import merchant
from quanzi.kernel.clock import local
from quanzi.trade.aftersales.models import InvoiceState
from quanzi.trade.aftersales.queries.invoices import InvoiceRow
from quanzi.trade.sales.models import Order


def invoice_paper(row: InvoiceRow, *, now: datetime) -> bytes:
    """Number, both sides, goods and sum; the invoice itself is kept by the tax office's system."""
    minor = row.amount.minor
    sheet = InvoiceSheet(
        title=gettext("Invoice"),
        state=row.state_label,
        facts=(
            (gettext("Number of the invoice"), row.number or "–"),
            (gettext("Invoiced on"), f"{local(row.issued_at):%Y-%m-%d}" if row.issued_at else "–"),
            (gettext("Order"), row.order_number),
        ),
        parties=(_buyer(row), _seller()),
        lines=_lines(row),
        total=f"¥{_plain(minor)}",
        words="" if (get_language() or "").startswith("en") else printing.capitals(minor),
        red=_red(row),
        note=gettext("This sheet repeats what the invoice says. The invoice itself is the file of the tax office."),
    )  # fmt: skip
    return printing.invoice_sheet(sheet, sender=shop_name(), now=now)


def _buyer(row: InvoiceRow) -> Party:
    return Party(gettext("Billed to"), row.title, ((gettext("Tax number"), row.tax_number),) if row.tax_number else ())


def _seller() -> Party:
    known = merchant()
    facts = ((gettext("Credit code"), known.credit_code), (gettext("Address"), known.address))
    return Party(gettext("Billed by"), known.legal_name or shop_name(), tuple(one for one in facts if one[1]))


def _lines(row: InvoiceRow) -> list[InvoiceLine]:
    """What was paid, line by line and for freight, less what had gone back before: together the amount of the invoice."""
    order = Order.objects.prefetch_related("lines").get(number=row.order_number)
    lines = [
        InvoiceLine(line.title, str(line.quantity), _unit(line.paid_minor, line.quantity), _plain(line.paid_minor))
        for line in sorted(order.lines.all(), key=lambda line: line.pk)
    ]
    freight = order.amount_minor - sum(line.paid_minor for line in order.lines.all())
    if freight:
        lines.append(InvoiceLine(gettext("Freight"), "", "", _plain(freight)))
    if back := order.amount_minor - row.amount.minor:
        lines.append(InvoiceLine(gettext("Refunded before"), "", "", _plain(-back)))
    return lines


def _red(row: InvoiceRow) -> tuple[tuple[str, str], ...]:
    if row.state != InvoiceState.REVERSED:
        return ()
    on = f"{local(row.reversed_at):%Y-%m-%d}" if row.reversed_at else ""
    said = gettext("Cancelled by the red letter %(number)s of %(on)s") % {"number": row.red_number, "on": on}
    return ((said, _plain(-row.amount.minor)), (gettext("Left of it"), "0.00"))


def _unit(minor: int, quantity: int) -> str:
    return _plain(minor // quantity) if minor % quantity == 0 else ""


def _plain(minor: int) -> str:
    return f"{'−' if minor < 0 else ''}{abs(minor) // 100:,}.{abs(minor) % 100:02d}"
