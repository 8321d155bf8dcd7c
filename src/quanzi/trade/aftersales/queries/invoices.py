"""Invoices in lists, and what was invoiced in each month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from quanzi.base import planned
from quanzi.kernel.clock import SITE_ZONE
from quanzi.kernel.money import Money
from quanzi.trade.aftersales.errors import NoInvoiceFile
from quanzi.trade.aftersales.models import Invoice, InvoiceFile, InvoiceState

GROUPS = {
    "asked": (InvoiceState.ASKED,),
    "red_needed": (InvoiceState.RED_NEEDED,),
    "issued": (InvoiceState.ISSUED,),
    "reversed": (InvoiceState.REVERSED,),
}

MONTHS = """
SELECT month, sum(issued), sum(issued_minor)::bigint, sum(reversed), sum(reversed_minor)::bigint FROM (
    SELECT date_trunc('month', i.issued_at AT TIME ZONE %(zone)s)::date AS month, 1 AS issued, i.amount_minor AS issued_minor,
        0 AS reversed, 0 AS reversed_minor FROM aftersales_invoice i WHERE i.issued_at IS NOT NULL
    UNION ALL
    SELECT date_trunc('month', i.reversed_at AT TIME ZONE %(zone)s)::date, 0, 0, 1, i.amount_minor
    FROM aftersales_invoice i WHERE i.reversed_at IS NOT NULL
) facts GROUP BY month ORDER BY month DESC LIMIT 24
"""


@dataclass(frozen=True)
class InvoiceRow:
    """amount: what it is about; of one that is only asked for, what it would be about now. file_kind, red_file_kind: of the lawful
    file that is kept here, empty without one."""

    id: int
    order_number: str
    buyer_name: str
    kind: str
    kind_label: str
    title: str
    tax_number: str
    email: str
    state: str
    state_label: str
    amount: Money
    asked_at: datetime
    number: str
    issued_at: datetime | None
    red_needed_at: datetime | None
    red_number: str
    reversed_at: datetime | None
    file_kind: str
    red_file_kind: str


@dataclass(frozen=True)
class InvoiceMonth:
    """Counted in the month of the invoice and of the red letter; amounts in minor units of CNY."""

    month: date
    issued: int
    issued_minor: int
    reversed: int
    reversed_minor: int

    @property
    def net(self) -> Money:
        return Money(self.issued_minor - self.reversed_minor, "CNY")


def invoices(*, group: str, after_id: int = 0, limit: int = 50) -> list[InvoiceRow]:
    """In the order of their ids. group: a key of GROUPS."""
    found = Invoice.objects.filter(state__in=GROUPS[group], pk__gt=after_id).select_related("order__member")
    return _rows(found.order_by("pk")[:limit])


def invoices_of(order_id: int) -> list[InvoiceRow]:
    """All of one order, the newest first."""
    found = Invoice.objects.filter(order_id=order_id).select_related("order__member").order_by("-pk")
    return _rows(found)


def invoice_file(invoice_id: int, *, is_red: bool, order_id: int | None = None) -> InvoiceFile:
    """The newest file of an invoice, or of its red letter; order_id: only of that order. Raises NoInvoiceFile."""
    found = InvoiceFile.objects.filter(invoice_id=invoice_id, is_red=is_red).order_by("-pk")
    if order_id is not None:
        found = found.filter(invoice__order_id=order_id)
    one = found.select_related("invoice").first()
    if one is None:
        raise NoInvoiceFile()
    return one


def invoice_months() -> list[InvoiceMonth]:
    """What was invoiced and cancelled in each of the last months, the newest first."""
    rows = planned.rows(MONTHS, {"zone": str(SITE_ZONE)})
    return [
        InvoiceMonth(month, int(n), int(minor), int(red), int(red_minor)) for month, n, minor, red, red_minor in rows
    ]


def _rows(found: QuerySet[Invoice]) -> list[InvoiceRow]:
    rows = list(found)
    kept = InvoiceFile.objects.filter(invoice__in=rows).order_by("pk").values_list("invoice_id", "is_red", "kind")
    kinds = {(invoice_id, is_red): kind for invoice_id, is_red, kind in kept}
    return [_row(one, kinds.get((one.pk, False), ""), kinds.get((one.pk, True), "")) for one in rows]


def _row(one: Invoice, file_kind: str, red_file_kind: str) -> InvoiceRow:
    order = one.order
    minor = one.amount_minor if one.amount_minor is not None else order.amount_minor - order.refunded_minor
    return InvoiceRow(
        id=one.pk,
        order_number=order.number,
        buyer_name=order.member.name,
        kind=one.kind,
        kind_label=one.get_kind_display(),
        title=one.title,
        tax_number=one.tax_number,
        email=one.email,
        state=one.state,
        state_label=one.get_state_display(),
        amount=Money(minor, order.currency),
        asked_at=one.asked_at,
        number=one.number,
        issued_at=one.issued_at,
        red_needed_at=one.red_needed_at,
        red_number=one.red_number,
        reversed_at=one.reversed_at,
        file_kind=file_kind,
        red_file_kind=red_file_kind,
    )
