"""Who speaks for goods, besides the shop."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from quanzi.goods.catalogue.models import Product, ProductState
from quanzi.goods.supply.models import SupplierGoods


def spoken_for_by(member_id: int) -> QuerySet[Product]:
    """Goods of which somebody says what they are like: their maker; where no maker is a member, who acts for a supplier of them."""
    supplies = SupplierGoods.objects.filter(
        sku__product=OuterRef("pk"), is_active=True, supplier__is_active=True,
        supplier__people__member=member_id, supplier__people__ended_at=None,
    )  # fmt: skip
    nobody_else = Q(maker=None) | Q(maker__member=None)
    return Product.objects.filter(
        Q(maker__member=member_id) | nobody_else & Exists(supplies),
        state__in=(ProductState.ON_SALE, ProductState.PAUSED),
    )
