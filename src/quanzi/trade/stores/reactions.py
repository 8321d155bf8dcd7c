"""What people at a counter hear."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.events.registry import react_to
from quanzi.kernel.money import Money
from quanzi.people.contact.services import notify
from quanzi.trade.stores.events import AmountAnswered, AmountAsked
from quanzi.trade.stores.models import PayLink


@react_to(AmountAsked, consumer="stores.tell_keeper")
def tell_keeper(event: AmountAsked, *, now: datetime) -> None:
    """The shopkeeper's phone shows the amount also when the till page is not open."""
    link = PayLink.objects.select_related("store__point", "sku__product", "only_for").get(pk=event.link_id)
    assert link.store is not None and link.only_for is not None
    notify(
        member_id=link.store.point.leader_id,
        kind="amount_asked",
        params={
            "name": link.only_for.name,
            "amount": str(Money(link.sku.price_minor, link.sku.currency)),
            "what": link.sku.product.name,
        },
        link=f"/till/{link.store.code}",
        key=f"amount_asked:{link.pk}",
        now=now,
    )


@react_to(AmountAnswered, consumer="stores.tell_buyer")
def tell_buyer(event: AmountAnswered, *, now: datetime) -> None:
    link = PayLink.objects.select_related("store__point", "sku__product").get(pk=event.link_id)
    assert link.store is not None
    notify(
        member_id=event.member_id,
        kind="amount_confirmed" if event.is_confirmed else "amount_declined",
        params={"store": link.store.point.name, "what": link.sku.product.name},
        link=f"/l/{link.code}",
        key=f"amount_answered:{link.pk}",
        now=now,
    )
