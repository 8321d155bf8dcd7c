"""The cart: what a member may want to order. Nothing is held until the order is placed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from quanzi.goods.catalogue.models import ProductState, Sku
from quanzi.goods.pricing import services as pricing
from quanzi.people.accounts.models import Member
from quanzi.trade.sales import errors, rules
from quanzi.trade.sales.models import CartLine


@transaction.atomic
def add_to_cart(*, member: Member, sku_id: int, quantity: int, now: datetime) -> CartLine:
    """Put goods into the cart, on top of what is there. Raises BadQuantity, NotOnSale, TooManyLines."""
    _check_quantity(quantity)
    _check_on_sale(sku_id)
    line = CartLine.objects.filter(member=member, sku_id=sku_id).first()
    if line is None and CartLine.objects.filter(member=member).count() >= rules.MOST_LINES:
        raise errors.TooManyLines(field="quantity", most=rules.MOST_LINES)
    line, is_new = CartLine.objects.get_or_create(
        member=member, sku_id=sku_id, defaults={"quantity": quantity, "added_at": now}
    )
    if not is_new:
        room = CartLine.objects.filter(pk=line.pk, quantity__lte=rules.MOST_OF_ONE - quantity)
        if not room.update(quantity=F("quantity") + quantity, added_at=now):
            raise errors.BadQuantity(field="quantity", least=1, most=rules.MOST_OF_ONE)
        line.refresh_from_db()
    return line


@transaction.atomic
def set_quantity(*, member: Member, sku_id: int, quantity: int, now: datetime) -> None:
    """Say how many; 0 takes the goods out. Raises BadQuantity, NotOnSale."""
    if quantity == 0:
        remove_line(member=member, sku_id=sku_id, now=now)
        return
    _check_quantity(quantity)
    if not CartLine.objects.filter(member=member, sku_id=sku_id).update(quantity=quantity):
        add_to_cart(member=member, sku_id=sku_id, quantity=quantity, now=now)


def remove_line(*, member: Member, sku_id: int, now: datetime) -> None:
    """Take goods out of the cart; what is not there is no error."""
    CartLine.objects.filter(member=member, sku_id=sku_id).delete()


def cart_quote(
    *, member: Member, method: str = "delivery", context: Mapping[str, Any] | None = None, now: datetime
) -> pricing.Quote | None:
    """What the cart costs now, explained line by line; None when nothing in it is on sale."""
    there = CartLine.objects.filter(member=member, sku__is_active=True, sku__product__state=ProductState.ON_SALE)
    lines = [pricing.QuoteLine(*row) for row in there.order_by("id").values_list("sku_id", "quantity")]
    if not lines:
        return None
    return pricing.quote(lines=lines, member_id=member.pk, context={**(context or {}), "method": method}, now=now)


def _check_quantity(quantity: int) -> None:
    if type(quantity) is not int or not 1 <= quantity <= rules.MOST_OF_ONE:
        raise errors.BadQuantity(field="quantity", least=1, most=rules.MOST_OF_ONE)


def _check_on_sale(sku_id: int) -> None:
    sku = Sku.objects.select_related("product").filter(pk=sku_id).first()
    if sku is None:
        raise errors.NoSuchGoods()
    if not sku.is_active or sku.product.state != ProductState.ON_SALE:
        raise errors.NotOnSale(name=sku.product.name)
