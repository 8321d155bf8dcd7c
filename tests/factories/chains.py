"""The smallest chain, and people who sign up."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from quanzi.community.circles.models import Circle
from quanzi.goods.catalogue.models import Sku
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.trade.chains import services as chains
from quanzi.trade.chains.models import Chain
from quanzi.trade.chains.services.opening import Good
from quanzi.trade.sales.models import Order
from tests.factories.deals import make_point
from tests.factories.goods import make_sku

_numbers = count(1)


def make_chain(
    *, circle: Circle, opener: Member, sku: Sku | None = None, now: datetime | None = None, **more: Any
) -> Chain:
    """Closes in a day, payable for another day, at 39.90."""
    now = now or clock.now()
    sku = sku or make_sku(price_minor=3_990, stock_of=20, now=now)
    usual: dict[str, Any] = {
        "title": "周五一起拿山药", "goods": [Good(sku.pk)], "point_id": make_point().pk, "closes_at": now + timedelta(days=1)
    }  # fmt: skip
    return chains.open_chain(circle=circle, opener=opener, now=now, **{**usual, **more})


def sign_up(chain: Chain, member: Member, quantity: int = 1, *, now: datetime | None = None, **more: Any) -> Order:
    sku_id = chain.goods.order_by("id").values_list("sku_id", flat=True)[0]
    usual: dict[str, Any] = {"lines": [(sku_id, quantity)], "idempotency_key": f"chain:{next(_numbers)}"}
    return chains.sign_up(chain=chain, member=member, now=now or clock.now(), **{**usual, **more})
