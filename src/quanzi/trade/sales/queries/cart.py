"""The cart as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quanzi.base.media.models import Picture
from quanzi.goods.catalogue.models import ProductState
from quanzi.goods.catalogue.queries.cards import first_pictures
from quanzi.goods.catalogue.rules import variant_title
from quanzi.goods.pricing.services import Quote
from quanzi.goods.stock.queries import free
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.trade.sales.models import CartLine
from quanzi.trade.sales.services.cart import cart_quote


@dataclass(frozen=True)
class CartRow:
    """One thing in the cart; `free`: how many can be had now; `total` None when it is not on sale."""

    sku_id: int
    product_id: int
    product_slug: str
    title: str
    picture: Picture | None
    quantity: int
    unit_price: Money
    total: Money | None
    free: int
    is_on_sale: bool

    @property
    def is_short(self) -> bool:
        """More in the cart than can be had."""
        return self.is_on_sale and self.quantity > self.free


@dataclass(frozen=True)
class CartView:
    """rows in the order of adding; quote: of what is on sale, None when that is nothing."""

    rows: tuple[CartRow, ...]
    quote: Quote | None

    @property
    def can_be_ordered(self) -> bool:
        return self.quote is not None and not any(row.is_short for row in self.rows)


def cart_view(*, member: Member, method: str = "delivery", now: datetime) -> CartView:
    """Everything in the cart, priced."""
    lines = list(CartLine.objects.filter(member=member).select_related("sku__product").order_by("id"))
    quote = cart_quote(member=member, method=method, now=now) if lines else None
    totals = {line.sku_id: line.total_minor for line in quote.lines} if quote else {}
    left = free([line.sku_id for line in lines])
    pictures = first_pictures({line.sku.product_id for line in lines})
    rows = [
        CartRow(
            sku_id=line.sku_id,
            product_id=line.sku.product_id,
            product_slug=line.sku.product.slug,
            title=variant_title(line.sku.product.name, line.sku.options),
            picture=pictures.get(line.sku.product_id),
            quantity=line.quantity,
            unit_price=Money(line.sku.price_minor, line.sku.currency),
            total=Money(totals[line.sku_id], line.sku.currency) if line.sku_id in totals else None,
            free=left.get(line.sku_id, 0),
            is_on_sale=line.sku.is_active and line.sku.product.state == ProductState.ON_SALE,
        )
        for line in lines
    ]
    return CartView(tuple(rows), quote)


def cart_count(member_id: int) -> int:
    """How many different things are in the cart."""
    return CartLine.objects.filter(member_id=member_id).count()
