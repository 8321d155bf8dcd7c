"""The price that was held while friends were asked."""

from __future__ import annotations

from datetime import datetime

from quanzi.base import planned
from quanzi.goods.pricing.ports import Context, Draft
from quanzi.trade.polls.errors import BoughtAlready, NoSuchPoll, PollOver
from quanzi.trade.polls.rules import may_buy, ref_of

ORDER = 160
"""Behind prices that hold for everybody for a time: who would pay less today pays that."""

HELD = """
SELECT g.sku_id, g.price_minor, p.asker_id, p.asked_at, p.closes_at, p.ended_at, coalesce(o.state <> 'cancelled', false)
FROM polls_good g JOIN polls_poll p ON p.id = g.poll_id LEFT JOIN sales_order o ON o.id = g.order_id WHERE g.id = %s
"""


class HeldPrice:
    """Lowers one unit of the good that the context names ("poll_good_id") to what it cost when its asker asked.

    Raises NoSuchPoll for anybody else, PollOver. A trigger demands of the order that the good became its.
    """

    def apply(self, draft: Draft, member_id: int | None, context: Context, now: datetime, /) -> None:
        good_id = context.get("poll_good_id")
        if good_id is None:
            return
        found = planned.rows(HELD, [int(good_id)])
        if not found or found[0][2] != member_id:
            raise NoSuchPoll()
        sku_id, price_minor, _, asked_at, closes_at, ended_at, is_taken = found[0]
        if is_taken:
            raise BoughtAlready()
        if not may_buy(asked_at=asked_at, closes_at=closes_at, ended_at=ended_at, now=now):
            raise PollOver()
        for line in draft.lines:
            if line.sku_id == sku_id and line.quantity == 1:
                line.lower_unit_to(
                    price_minor, kind="poll", label_zh="问朋友时为你留住的价格", label_en="Price held while you asked friends",
                    source=ref_of(int(good_id)),
                )  # fmt: skip


HELD_PRICE = HeldPrice()
