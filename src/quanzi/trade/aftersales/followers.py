"""Exchanges for dearer goods follow the orders over the difference (`sales.ports.OrderFollower`), and price them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from quanzi.goods.pricing.ports import Context, Draft
from quanzi.trade.aftersales.errors import NothingToExchange
from quanzi.trade.aftersales.models import Return
from quanzi.trade.aftersales.queries.holding import has_minor, money_behind
from quanzi.trade.aftersales.services import swapping
from quanzi.trade.aftersales.services.holding import lock_claim
from quanzi.trade.sales.models import Order

KIND = "exchange"
ORDER = 950
"""Behind everything, the freight too: the shop sends what it exchanges."""


class ExchangeFollower:
    def hold(self, *, order_id: int, waits_for: str, now: datetime) -> None:
        """The order of the goods that come back, and the claim: whatever answers it comes before, or after."""
        found = Return.objects.filter(pk=int(waits_for.removeprefix(f"{KIND}:"))).values_list("claim_id", flat=True)
        lock_claim(found.get(), now=now)

    def on_placed(self, *, order: Order, context: Mapping[str, Any], now: datetime) -> None:
        if "return_id" not in context:
            raise NothingToExchange()
        swapping.bind(order, return_id=int(context["return_id"]))

    def on_paid(self, *, order: Order, now: datetime) -> bool:
        return swapping.is_wanted(order)

    def on_cancelled(self, *, order: Order, now: datetime) -> None:
        swapping.fall_away(order, now=now)

    def also_back(self, order: Order) -> Mapping[int, int]:
        return {
            one.order_id: one.left_minor
            for line in order.lines.all()
            for one in money_behind(line.pk)
            if one.left_minor
        }

    def on_refunded(self, *, order: Order, now: datetime) -> None:
        swapping.fall_away(order, now=now)
        swapping.give_back_behind(order, now=now)


class ExchangePrice:
    """What the buyer of the return in the context ("return_id") paid for counts for the other variant."""

    def apply(self, draft: Draft, member_id: int | None, context: Context, now: datetime, /) -> None:
        if "return_id" not in context or member_id is None:
            return
        found = Return.objects.select_related("claim__line").filter(
            pk=int(context["return_id"]), claim__member_id=member_id, ended_at=None
        )  # fmt: skip
        back = found.first()
        if back is None:
            raise NothingToExchange()
        source = f"{KIND}:{back.pk}"
        draft.set_freight(0, label_zh="换货由商家寄出", label_en="The shop sends what it exchanges", source=source)
        draft.take_off(
            has_minor(back.claim.line), kind=KIND, label_zh="换回的商品抵扣", label_en="What you send back counts", source=source
        )  # fmt: skip


FOLLOWER = ExchangeFollower()
PRICE = ExchangePrice()
