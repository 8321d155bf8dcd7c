"""Freight: pickup costs nothing; delivery has one price, and none from a certain sum of goods on."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from quanzi.base.shop.identity import current
from quanzi.goods.pricing.draft import Tariff
from quanzi.goods.pricing.errors import BadMethod
from quanzi.goods.pricing.ports import Context, Draft
from quanzi.kernel.money import Money

__all__ = ["FREIGHT", "ORDER", "FreightRule", "Tariff", "decided", "tariff"]

ORDER = 900
"""After everything that changes what the goods cost."""


def tariff() -> Tariff:
    """The merchant's tariff as pages tell it; a quote reads the row itself."""
    return decided(current().freight_minor, current().freight_free_from_minor)


def decided(fee: int | None, free_from: int | None) -> Tariff:
    """What the merchant decided on the shop's page, and where nothing was, the settings QUANZI_FREIGHT_…."""
    usual = Tariff()
    return Tariff(
        getattr(settings, "QUANZI_FREIGHT_MINOR", usual.delivery_minor) if fee is None else fee,
        getattr(settings, "QUANZI_FREIGHT_FREE_FROM_MINOR", usual.free_from_minor) if free_from is None else free_from,
    )


class FreightRule:
    """Names the freight once the buyer has chosen how the goods come; before, a quote has none."""

    def apply(self, draft: Draft, member_id: int | None, context: Context, now: datetime, /) -> None:
        method = context.get("method")
        if method is None:
            return
        if method == "pickup":
            draft.set_freight(0, label_zh="自提，免运费", label_en="Pickup, no delivery fee", source="freight")
        elif method == "delivery":
            self._deliver(draft, draft.tariff)
        else:
            raise BadMethod(field="method")

    def _deliver(self, draft: Draft, rates: Tariff) -> None:
        limit = Money(rates.free_from_minor, draft.currency)
        if draft.goods_minor >= rates.free_from_minor:
            draft.set_freight(
                0, label_zh=f"满 {limit} 元免运费", label_en=f"Free delivery from {limit}", source="freight"
            )
        else:
            draft.set_freight(rates.delivery_minor, label_zh="运费", label_en="Delivery", source="freight")


FREIGHT = FreightRule()
