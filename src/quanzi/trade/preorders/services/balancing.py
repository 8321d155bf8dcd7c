"""The balance: asked for once, paid as an order for which the deposit counts, or the place lapses."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.base.events.services import record
from quanzi.goods.stock import services as stock
from quanzi.goods.stock.models import Promise
from quanzi.kernel import crash
from quanzi.kernel.errors import DomainError
from quanzi.people.accounts.models import Member
from quanzi.trade.payments.queries import captured_of
from quanzi.trade.preorders import errors, rules
from quanzi.trade.preorders.events import BalanceAsked, BalancePaid, PlaceReturned
from quanzi.trade.preorders.models import Place, PlaceState, Preorder, PreorderState
from quanzi.trade.preorders.services.moving import end_place, lock_place, lock_preorder, move_place, own_place
from quanzi.trade.preorders.services.returning import BALANCE_NOT_PAID, give_back, ref_of
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order, OrderOrigin, OrderState

log = logging.getLogger(__name__)

REPLACED = "preorder_balance_anew"


@transaction.atomic
def ask_balance(*, preorder_id: int, actor: Member | str, now: datetime) -> Preorder:
    """From now on, and for as many days as was said beforehand, everybody with a place pays the rest. Twice is once.

    Raises NoSuchPreorder, NotMade.
    """
    preorder = lock_preorder(preorder_id)
    if preorder.state != PreorderState.MADE:
        raise errors.NotMade()
    if preorder.balance_from is not None:
        return preorder
    preorder.balance_from, preorder.balance_until = now, now + timedelta(days=preorder.balance_days)
    preorder.save(update_fields=["balance_from", "balance_until"])
    after = {"until": preorder.balance_until.isoformat()}
    audit.write(actor=actor, action="preorders.ask_balance", target=f"preorder:{preorder.pk}", after=after, now=now)
    record(BalanceAsked(preorder.pk), now=now)
    return preorder


@transaction.atomic
def order_balance(
    *,
    place_id: int,
    member: Member,
    method: str,
    address_id: int | None = None,
    pickup_point_id: int | None = None,
    note: str = "",
    expected_amount_minor: int | None = None,
    idempotency_key: str,
    origin: str = OrderOrigin.SHOP,
    without_return: Collection[int] = (),
    now: datetime,
) -> Order:
    """An order over the full price, for which the deposit counts; what is left of it is to be paid until the window ends.

    expected_amount_minor: of the whole order. An unpaid one from before is replaced; the same key finds the same order, though another
    has replaced it. Raises NoSuchPlace, BalanceNotAsked, PaidInFull, or what placing an order raises.
    """
    place = own_place(place_id, member.pk)
    preorder, sku_id = place.preorder, place.good.sku_id
    source = f"{rules.KIND}:{preorder.pk}"
    ordering: dict[str, Any] = {
        "member": member,
        "lines": [(sku_id, place.quantity)],
        "method": method,
        "address_id": address_id,
        "pickup_point_id": pickup_point_id,
        "note": note,
        "context": {"preorder_id": preorder.pk, "place_id": place.pk, "apart": sku_id},
        "waits_for": source,
        "pay_by": preorder.balance_until,
        "expected_amount_minor": expected_amount_minor,
        "idempotency_key": idempotency_key,
        "origin": origin,
        "without_return": without_return,
        "now": now,
    }
    if Order.objects.filter(member=member, idempotency_key=idempotency_key).exists():
        known: Order = sales.place_order(**ordering)  # finds it or refuses; the place stays as it is
        return known
    if place.state == PlaceState.SETTLED:
        raise errors.PaidInFull()
    if place.state != PlaceState.HELD or not _takes_balances(preorder, now):
        raise errors.BalanceNotAsked()
    if place.order is not None:
        sales.cancel_order(order_id=place.order.pk, actor=f"member:{member.pk}", reason=REPLACED, now=now)
    coming = _promise_more(sku_id, source, place.quantity, now)
    order: Order = sales.place_order(**ordering)
    stock.release(refs=[ref_of(place.pk)], now=now)
    stock.promise(sku_id=sku_id, source=source, coming=coming, now=now)
    crash.point("preorders.balance.ordered")
    return order


def _promise_more(sku_id: int, source: str, units: int, now: datetime) -> int:
    """The order holds its goods before the place lets go of them, so that nobody else can step in between.

    For that moment the batch promises them twice; returns what is to be promised afterwards.
    """
    coming: int = Promise.objects.values_list("coming", flat=True).get(sku_id=sku_id, source=source)
    stock.promise(sku_id=sku_id, source=source, coming=coming + units, now=now)
    return coming


def _takes_balances(preorder: Preorder, now: datetime) -> bool:
    return preorder.state == PreorderState.MADE and rules.takes_balances(
        balance_from=preorder.balance_from, balance_until=preorder.balance_until, now=now
    )


def bind(*, order: Order, place_id: int, now: datetime) -> None:
    """The new order is the place's, and the deposit counts for it. Raises NoSuchPlace, BalanceNotAsked."""
    place = own_place(place_id, order.member_id)
    if place.state != PlaceState.HELD or place.order_id is not None or not _takes_balances(place.preorder, now):
        raise errors.BalanceNotAsked()
    paid = captured_of(rules.DEPOSIT, place.pk)
    assert paid is not None, "a place that counts has a captured deposit"
    sales.credit(order=order, payment=paid, now=now)
    place.order = order
    place.save(update_fields=["order"])
    crash.point("preorders.balance.bound")


def settle(*, order: Order, now: datetime) -> bool:
    """The balance is here. False: too late, or the place is not this order's any more. The batch and the place are locked.

    What was paid in the last minute of the window may be told a little later.
    """
    place = Place.objects.select_related("preorder").filter(order=order).first()
    if place is None or place.state != PlaceState.HELD:
        return False
    if not _takes_balances(place.preorder, now - rules.ASKED_GRACE) and not _takes_balances(place.preorder, now):
        return False
    place.settled_at = now
    move_place(place, PlaceState.SETTLED, also=["settled_at"])
    crash.point("preorders.balance.settled")
    record(BalancePaid(place.preorder_id, place_id=place.pk, order_id=order.pk), now=now)
    return True


def unbind(*, order: Order, now: datetime) -> None:
    """The order ended unpaid: the place has its deposit and its goods as before. Safe to repeat."""
    place = Place.objects.select_related("preorder", "good").filter(order=order, state=PlaceState.HELD).first()
    if place is None:
        return
    place.order = None
    place.save(update_fields=["order"])
    source = f"{rules.KIND}:{place.preorder_id}"
    line = (place.good.sku_id, place.quantity, ref_of(place.pk))
    stock.reserve(lines=[line], expires_at=None, source=source, now=now)
    crash.point("preorders.balance.unbound")


def end_refunded(*, order: Order, now: datetime) -> None:
    """The paid order went back whole, and the deposit with it. Safe to repeat."""
    place = Place.objects.select_related("preorder").filter(order=order, state=PlaceState.SETTLED).first()
    if place is None:
        return
    end_place(place, PlaceState.RETURNED, reason=order.end_reason, now=now)
    record(
        PlaceReturned(
            place.preorder_id, place_id=place.pk, member_id=place.member_id, amount_minor=order.amount_minor,
            currency=order.currency, reason=order.end_reason,
        ),
        now=now,
    )  # fmt: skip


def lapse_due(now: datetime, *, limit: int = 200) -> int:
    """Places whose balance was not paid in time end, and their deposits go back; returns how many."""
    due = Place.objects.filter(
        state=PlaceState.HELD, preorder__state=PreorderState.MADE, preorder__balance_until__lte=now - rules.ASKED_GRACE
    )
    return sum(_lapse(place_id, now) for place_id in list(due.order_by("id").values_list("pk", flat=True)[:limit]))


def _lapse(place_id: int, now: datetime) -> bool:
    try:
        with transaction.atomic():
            place = lock_place(place_id)
            until = place.preorder.balance_until
            if place.state != PlaceState.HELD or until is None or until > now - rules.ASKED_GRACE:
                return False
            if place.order is not None and place.order.state == OrderState.PAID:
                return False
            give_back(place, reason=BALANCE_NOT_PAID, actor="system", now=now)
    except DomainError as refusal:
        log.warning("Place %s waits for the next run: %s", place_id, refusal.code)
        return False
    crash.point("preorders.lapse.one_done")
    return True
