"""An invoice's facts on paper, for the buyer's file."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext

from quanzi.base import printing
from quanzi.base.printing import Column, ListSheet
from quanzi.base.shop.identity import shop_name
from quanzi.kernel.clock import local
from quanzi.trade.aftersales.queries.invoices import InvoiceRow
from quanzi.trade.sales.models import OrderLine


def invoice_paper(row: InvoiceRow, *, now: datetime) -> bytes:
    """Title, tax number, number and lines; the invoice itself is kept by the tax office's system."""
    lines = OrderLine.objects.filter(order__number=row.order_number).order_by("pk")
    facts = [
        (gettext("Title"), row.title),
        (gettext("Tax number"), row.tax_number or "–"),
        (gettext("Number of the invoice"), row.number or "–"),
        (gettext("Red-letter number"), row.red_number or "–"),
    ]
    rows = [(name, "", value) for name, value in facts]
    rows += [(line.title, str(line.quantity), f"{(line.paid_minor - line.refunded_minor) / 100:.2f}") for line in lines]
    issued = f" · {local(row.issued_at):%Y-%m-%d}" if row.issued_at else ""
    sheet = ListSheet(
        title=gettext("Invoice of order %(number)s") % {"number": row.order_number},
        second=f"{row.state_label}{issued}",
        columns=(Column(gettext("What"), share=5), Column(gettext("Items"), is_number=True), Column("CNY", is_number=True, share=3)),
        rows=tuple(rows),
        total=(gettext("In all"), "", f"{row.amount.minor / 100:.2f}"),
        ticks=False,
    )  # fmt: skip
    return printing.list_sheet(sheet, sender=shop_name(), now=now)
