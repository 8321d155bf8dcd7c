"""Suppliers hear what is asked of them."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.events.registry import react_to
from quanzi.goods.supply.events import PurchaseCancelled, PurchaseSent
from quanzi.goods.supply.models import Purchase, SupplierPerson
from quanzi.people.contact import services as contact


@react_to(PurchaseSent, consumer="supply.tell_sent")
def tell_sent(event: PurchaseSent, *, now: datetime) -> None:
    _tell(event.purchase_id, "purchase_sent", now)


@react_to(PurchaseCancelled, consumer="supply.tell_cancelled")
def tell_cancelled(event: PurchaseCancelled, *, now: datetime) -> None:
    if not event.by_supplier:
        _tell(event.purchase_id, "purchase_cancelled", now)


def _tell(purchase_id: int, kind: str, now: datetime) -> None:
    purchase = Purchase.objects.get(pk=purchase_id)
    if purchase.sent_at is None:  # a draft that was called off was never theirs to know
        return
    people = SupplierPerson.objects.filter(supplier_id=purchase.supplier_id, ended_at=None)
    for member_id in people.order_by("member_id").values_list("member_id", flat=True):
        contact.notify(
            member_id=member_id, kind=kind, params={"number": purchase.number}, link=f"/supplier/orders/{purchase.number}",
            key=f"{kind}:{purchase.pk}", now=now,
        )  # fmt: skip
