"""Placing an order: one read for the quote, one statement that writes everything."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from quanzi.goods.pricing import services as pricing
from quanzi.kernel.errors import DomainError, Errors
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.trade.sales import errors, rules
from quanzi.trade.sales.models import DeliveryMethod, Order, OrderOrigin
from quanzi.trade.sales.ports import follower_of, spenders_asked
from quanzi.trade.sales.services.writing import Draft, write_order


def place_order(
    *,
    member: Member,
    lines: Sequence[tuple[int, int]],
    method: str,
    address_id: int | None = None,
    pickup_point_id: int | None = None,
    note: str = "",
    context: Mapping[str, Any] | None = None,
    expected_amount_minor: int | None = None,
    idempotency_key: str,
    waits_for: str = "",
    pay_within_minutes: int = rules.PAY_WITHIN_MINUTES,
    pay_by: datetime | None = None,
    origin: str = OrderOrigin.SHOP,
    from_cart: bool = False,
    without_return: Collection[int] = (),
    now: datetime,
) -> Order:
    """Agree on goods and price, and hold the goods until `pay_by`.

    lines: (sku_id, quantity) pairs; context: what price rules and followers need ({"team_id": 12}), plain values;
    expected_amount_minor: what the buyer saw; without_return: the SKUs of which the buyer confirmed, for this purchase,
    that they are not sent back without a reason; it counts where the law lets it. The same key with the same content returns the same order.
    Raises PriceChanged, OutOfStock, KeyReused, and Errors for everything the form can repair; then nothing is written.
    """
    wanted, note = _merged(lines), rules.clean(note)
    if not rules.is_key(idempotency_key):
        raise errors.BadKey(field="idempotency_key")
    context = dict(context or {})
    given_up = [["gave up", *sorted(set(without_return))]] if without_return else []
    asked = fingerprint(wanted, method, address_id, pickup_point_id, note, waits_for, context, *given_up)
    try:
        _check(wanted, method, address_id, pickup_point_id, note)
        quote = pricing.quote(
            lines=[pricing.QuoteLine(sku_id, quantity) for sku_id, quantity in wanted.items()],
            member_id=member.pk,
            context={**context, "method": method, "address_id": address_id},
            now=now,
        )
        _check_price(quote, expected_amount_minor)
    except DomainError:
        # Only the refused path looks for it: a repeated request finds its order although prices have changed since.
        first = Order.objects.filter(member_id=member.pk, idempotency_key=idempotency_key).first()
        if first is None:
            raise
        return _same(first, asked)
    is_pickup = method == DeliveryMethod.PICKUP
    draft = Draft(
        member_id=member.pk,
        method=method,
        address_id=None if is_pickup else address_id,
        pickup_point_id=pickup_point_id if is_pickup else None,
        note=note,
        waits_for=waits_for,
        origin=origin,
        idempotency_key=idempotency_key,
        request_hash=asked,
        pay_by=pay_by or now + timedelta(minutes=pay_within_minutes),
        empties_cart=from_cart,
        without_return=frozenset(without_return),
    )
    follower, spenders = follower_of(waits_for), spenders_asked(context)
    if follower is None and not spenders:  # one statement is a transaction of its own
        order, is_new = write_order(draft, quote, now)
        return order if is_new else _same(order, asked)
    with transaction.atomic():
        order, is_new = write_order(draft, quote, now)
        if not is_new:
            return _same(order, asked)
        for spender in spenders:
            spender.on_placed(order=order, context=context, now=now)
        if follower is not None:
            follower.on_placed(order=order, context=context, now=now)
    return order


def _merged(lines: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Quantity by SKU, in the order of first mention; wrong quantities stay for the check to name."""
    wanted: dict[int, int] = {}
    for sku_id, quantity in lines:
        if type(quantity) is not int or quantity < 1:
            raise errors.BadQuantity(field="quantity", least=1, most=rules.MOST_OF_ONE)
        wanted[sku_id] = wanted.get(sku_id, 0) + quantity
    return wanted


def fingerprint(wanted: dict[int, int], *parts: Any) -> str:
    """What was asked for under a key, the same for the same request."""
    text = json.dumps([sorted(wanted.items()), *parts], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _same(order: Order, asked: str) -> Order:
    if order.request_hash != asked:
        raise errors.KeyReused()
    return order


def _check(wanted: dict[int, int], method: str, address_id: int | None, point_id: int | None, note: str) -> None:
    """Everything wrong with the form at once."""
    wrong: list[DomainError] = []
    if not wanted:
        wrong.append(errors.EmptyOrder(field="lines"))
    if len(wanted) > rules.MOST_LINES:
        wrong.append(errors.TooManyLines(field="lines", most=rules.MOST_LINES))
    if any(quantity > rules.MOST_OF_ONE for quantity in wanted.values()):
        wrong.append(errors.BadQuantity(field="quantity", least=1, most=rules.MOST_OF_ONE))
    if method not in DeliveryMethod.values:
        wrong.append(errors.BadMethod(field="method"))
    if method == DeliveryMethod.DELIVERY and not rules.is_id(address_id):
        wrong.append(errors.AddressNeeded(field="address_id"))
    if method == DeliveryMethod.PICKUP and not rules.is_id(point_id):
        wrong.append(errors.PointNeeded(field="pickup_point_id"))
    if len(note) > rules.LONGEST_NOTE:
        wrong.append(errors.NoteTooLong(field="note", most=rules.LONGEST_NOTE))
    Errors.raise_any(wrong)


def _check_price(quote: pricing.Quote, expected_amount_minor: int | None) -> None:
    if expected_amount_minor is not None and expected_amount_minor != quote.amount_minor:
        shown = Money(expected_amount_minor, quote.currency)
        raise errors.PriceChanged(shown=shown, current=Money(quote.amount_minor, quote.currency))
    if quote.amount_minor <= 0:
        raise errors.NothingToPay()
