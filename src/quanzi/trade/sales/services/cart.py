"""The cart: what a member may want to order. Nothing is held until the order is placed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from quanzi.base import planned
from quanzi.goods.catalogue.models import ProductState
from quanzi.goods.pricing import services as pricing
from quanzi.people.accounts.models import Member
from quanzi.trade.sales import errors, rules
from quanzi.trade.sales.models import CartLine

# Looks and writes at once: what is asked for, whether there is room for it and it can be ordered with the rest, and the line, new
# or grown. As in the view of the cart, the first thing on sale says in which currency.
ADD = """
WITH wanted AS (
    SELECT s.id, p.name, s.is_active AND p.state = 'on_sale' AS is_on_sale,
        EXISTS (SELECT FROM sales_cartline WHERE member_id = %(member)s AND sku_id = s.id)
        OR (SELECT count(*) FROM sales_cartline WHERE member_id = %(member)s) < %(most_lines)s AS has_room,
        coalesce((
            SELECT other.currency FROM sales_cartline l JOIN catalogue_sku other ON other.id = l.sku_id
            JOIN catalogue_product q ON q.id = other.product_id
            WHERE l.member_id = %(member)s AND other.is_active AND q.state = 'on_sale' ORDER BY l.id LIMIT 1
        ) = s.currency, true) AS fits, s.currency
    FROM catalogue_sku s JOIN catalogue_product p ON p.id = s.product_id WHERE s.id = %(sku)s
), put AS (
    INSERT INTO sales_cartline AS line (member_id, sku_id, quantity, added_at)
    SELECT %(member)s::bigint, id, %(quantity)s::int, %(now)s::timestamptz FROM wanted WHERE is_on_sale AND has_room AND fits
    ON CONFLICT (member_id, sku_id) DO UPDATE
        SET quantity = line.quantity + excluded.quantity, added_at = excluded.added_at
        WHERE line.quantity + excluded.quantity <= %(most)s
    RETURNING line.id, line.quantity
)
SELECT wanted.name, wanted.is_on_sale, wanted.has_room, wanted.fits, wanted.currency, put.id, put.quantity FROM wanted LEFT JOIN put ON true
"""


def add_to_cart(*, member: Member, sku_id: int, quantity: int, now: datetime) -> CartLine:
    """Put goods into the cart, on top of what is there. Raises BadQuantity, NoSuchGoods, NotOnSale, NotTogether, TooManyLines."""
    _check_quantity(quantity)
    if not rules.is_id(sku_id):
        raise errors.NoSuchGoods()
    asked: dict[str, Any] = {"member": member.pk, "sku": sku_id, "quantity": quantity, "now": now}
    found = planned.rows(ADD, {**asked, "most": rules.MOST_OF_ONE, "most_lines": rules.MOST_LINES})
    if not found:
        raise errors.NoSuchGoods()
    name, is_on_sale, has_room, fits, currency, line_id, together = found[0]
    if not is_on_sale:
        raise errors.NotOnSale(name=name)
    if not fits:
        raise errors.NotTogether(name=name, currency=currency)
    if not has_room:
        raise errors.TooManyLines(field="quantity", most=rules.MOST_LINES)
    if line_id is None:
        raise errors.BadQuantity(field="quantity", least=1, most=rules.MOST_OF_ONE)
    return CartLine(pk=line_id, member=member, sku_id=sku_id, quantity=together, added_at=now)


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
    """What the cart costs now, explained line by line; None when nothing in it is on sale.

    Like the view, it leaves out what is sold in another currency than the first thing.
    """
    there = CartLine.objects.filter(member=member, sku__is_active=True, sku__product__state=ProductState.ON_SALE)
    rows = list(there.order_by("id").values_list("sku_id", "quantity", "sku__currency"))
    if not rows:
        return None
    lines = [pricing.QuoteLine(sku_id, quantity) for sku_id, quantity, currency in rows if currency == rows[0][2]]
    return pricing.quote(lines=lines, member_id=member.pk, context={**(context or {}), "method": method}, now=now)


def _check_quantity(quantity: int) -> None:
    if type(quantity) is not int or not 1 <= quantity <= rules.MOST_OF_ONE:
        raise errors.BadQuantity(field="quantity", least=1, most=rules.MOST_OF_ONE)
