"""Freight: pickup costs nothing; delivery goes by the templates of the goods, and by the shop's one tariff for goods without any."""

from __future__ import annotations

import json
from datetime import datetime

from django.conf import settings

from quanzi.base.shop.identity import current
from quanzi.goods.pricing.areas import area_for, area_of, charge_minor
from quanzi.goods.pricing.draft import Tariff
from quanzi.goods.pricing.errors import BadMethod, NotSentThere
from quanzi.goods.pricing.ports import Context, Draft
from quanzi.kernel.money import Money
from quanzi.people.accounts.divisions import name_of
from quanzi.people.accounts.models import Address

__all__ = ["BY_PLACE", "FREIGHT", "ORDER", "FreightRule", "Tariff", "decided", "tariff"]

ORDER = 900
"""After everything that changes what the goods cost."""
BY_PLACE = "freight:area"
"""Source of a freight that another address may change."""


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
            if any(line.template_id is not None for line in draft.lines):
                self._by_templates(draft, member_id, context.get("address_id"))
            else:
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

    def _by_templates(self, draft: Draft, member_id: int | None, address_id: object) -> None:
        """The parts add up: goods of each template by its area, the others by the tariff."""
        place = _region(member_id, address_id)
        parts = {
            line.template_id: [one for one in draft.lines if one.template_id == line.template_id]
            for line in draft.lines
        }
        total = 0
        for template_id, lines in parts.items():
            paid = sum(line.total_minor for line in lines)
            if template_id is None:
                total += 0 if paid >= draft.tariff.free_from_minor else draft.tariff.delivery_minor
                continue
            area = area_for([area_of(one) for one in json.loads(lines[0].areas or "[]")], place)
            if area is None or not area.is_served:
                raise NotSentThere(field="address_id", title=lines[0].title, region=name_of(place) or "–")
            weight_g = sum(line.weight_g * line.quantity for line in lines)
            total += charge_minor(area, weight_g=weight_g, units=sum(line.quantity for line in lines), goods_minor=paid)
        if total == 0:
            draft.set_freight(0, label_zh="免运费", label_en="Free delivery", source=BY_PLACE)
            return
        where = name_of(place[:2] + "0000") if place else ""
        draft.set_freight(total, label_zh=f"运费（{where}）" if where else "运费", label_en="Delivery", source=BY_PLACE)


def _region(member_id: int | None, address_id: object) -> str:
    """The region of the member's own address; "" while none is chosen."""
    if member_id is None or type(address_id) is not int:
        return ""
    own = Address.objects.filter(pk=address_id, member_id=member_id, removed_at=None)
    return own.values_list("region_code", flat=True).first() or ""


FREIGHT = FreightRule()
