"""Coupons of the demo: one on its page for everybody, one that the shop gives when something went wrong."""

from __future__ import annotations

from datetime import timedelta

from quanzi.site.demo.stage import Stage
from quanzi.trade.rewards import services
from quanzi.trade.rewards.services import Terms

HERE = ("zhoujie", "ligong", "axia")
"""Who took one."""


def reward(stage: Stage) -> None:
    boss, since = stage.staff["zhoumin"], stage.ago(4)
    page = services.make_coupon(
        terms=Terms(
            name_zh="小雪暖胃券", name_en="First snow", kind="amount", way="page", off_minor=600, from_minor=5_900, opens_at=since,
            closes_at=stage.now + timedelta(days=10), use_days=14, most=200,
        ),
        actor=boss, is_demo=True, now=since,
    )  # fmt: skip
    sorry = services.make_coupon(
        terms=Terms(
            name_zh="不好意思券", name_en="We are sorry", kind="percent", way="given", off_bp=1_500, cap_minor=1_000, from_minor=1_000,
            opens_at=since, closes_at=stage.now + timedelta(days=60), use_days=30, most=50, each=2,
        ),
        actor=boss, is_demo=True, now=since,
    )  # fmt: skip
    for place, who in enumerate(HERE):
        services.take_coupon(code=page.code, member=stage.people[who], now=stage.ago(3 - 0.5 * place))
    services.give(
        coupon_id=sorry.pk, member_id=stage.people["xiaoyu"].pk, reason="上周的豆腐送到时磕破了一角", staff=boss,
        idempotency_key=stage.key(), now=stage.ago(1),
    )  # fmt: skip
