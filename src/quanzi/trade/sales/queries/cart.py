"""The cart as its page shows it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from quanzi.base import planned
from quanzi.base.media.models import Picture
from quanzi.goods.catalogue.rules import variant_title
from quanzi.goods.pricing.services import Quote, QuoteLine, quote
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.trade.sales.models import CartLine


@dataclass(frozen=True)
class CartRow:
    """One thing in the cart; `free`: how many can be had now; `total` None when it is left out of the order: it is not on sale, or
    sold in another currency than what was put in first. unit_price: what one costs now; list_price: without what holds for a time."""

    sku_id: int
    product_id: int
    product_slug: str
    title: str
    picture: Picture | None
    quantity: int
    unit_price: Money
    list_price: Money
    total: Money | None
    free: int
    is_on_sale: bool

    @property
    def is_apart(self) -> bool:
        """On sale, but not to be ordered together with the rest."""
        return self.is_on_sale and self.total is None

    @property
    def is_short(self) -> bool:
        """More in the cart than can be had."""
        return self.total is not None and self.quantity > self.free


@dataclass(frozen=True)
class CartView:
    """rows in the order of adding; quote: of what can be ordered together, None when that is nothing."""

    rows: tuple[CartRow, ...]
    quote: Quote | None

    @property
    def can_be_ordered(self) -> bool:
        return self.quote is not None and not any(row.is_short for row in self.rows)


# What is in the cart, as it is sold now, with how many can be had and its leading picture.
LINES = """
SELECT l.sku_id, l.quantity, s.product_id, p.slug, p.name, s.options::text, s.price_minor, s.currency,
    s.is_active AND p.state = 'on_sale' AS is_on_sale, coalesce(k.on_hand + k.expected - k.reserved, 0) AS free,
    shown.id, shown.sha256, shown.width, shown.height, shown.alt, shown.purpose
FROM sales_cartline l JOIN catalogue_sku s ON s.id = l.sku_id JOIN catalogue_product p ON p.id = s.product_id
LEFT JOIN stock_stock k ON k.sku_id = l.sku_id
LEFT JOIN LATERAL (
    SELECT m.* FROM catalogue_productpicture c JOIN media_picture m ON m.id = c.picture_id
    WHERE c.product_id = s.product_id ORDER BY c.position, c.id LIMIT 1
) AS shown ON true
WHERE l.member_id = %s ORDER BY l.id
"""


def cart_view(*, member: Member, method: str = "delivery", now: datetime) -> CartView:
    """Everything in the cart, priced. It opens whatever lies in it."""
    lines = [_line(*row) for row in planned.rows(LINES, [member.pk])]
    on_sale = [line for line in lines if line.is_on_sale]
    asked = [QuoteLine(line.sku_id, line.quantity) for line in on_sale if line.currency == on_sale[0].currency]
    priced = quote(lines=asked, member_id=member.pk, context={"method": method}, now=now) if asked else None
    found = {line.sku_id: line for line in priced.lines} if priced else {}
    rows = [
        CartRow(
            sku_id=line.sku_id,
            product_id=line.product_id,
            product_slug=line.slug,
            title=variant_title(line.name, json.loads(line.options)),
            picture=line.picture,
            quantity=line.quantity,
            unit_price=Money(
                found[line.sku_id].unit_minor if line.sku_id in found else line.price_minor, line.currency
            ),
            list_price=Money(line.price_minor, line.currency),
            total=Money(found[line.sku_id].total_minor, line.currency) if line.sku_id in found else None,
            free=line.free,
            is_on_sale=line.is_on_sale,
        )
        for line in lines
    ]
    return CartView(tuple(rows), priced)


class _Line(NamedTuple):
    sku_id: int
    quantity: int
    product_id: int
    slug: str
    name: str
    options: str
    price_minor: int
    currency: str
    is_on_sale: bool
    free: int
    picture: Picture | None


def _line(*row: Any) -> _Line:
    pk, sha256, width, height, alt, purpose = row[10:]
    picture = None if pk is None else Picture(pk, sha256=sha256, width=width, height=height, alt=alt, purpose=purpose)
    return _Line._make([*row[:10], picture])


def cart_count(member_id: int) -> int:
    """How many different things are in the cart."""
    return CartLine.objects.filter(member_id=member_id).count()


WAITING = """(SELECT count(*) FROM contact_notice n WHERE n.member_id = %(member)s AND n.read_at IS NULL),
    (SELECT count(*) FROM sales_cartline c WHERE c.member_id = %(member)s)"""


def waiting_for(member_id: int) -> tuple[int, int]:
    """What every page says to a member, in one statement: unread notices (contact.queries.unread_count), things in the cart."""
    unread, things = planned.rows(f"SELECT {WAITING}", {"member": member_id})[0]
    return unread, things
