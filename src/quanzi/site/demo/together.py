"""What the demo's people buy together now: a ladder on its way up, a list of the neighbours."""

from __future__ import annotations

from datetime import timedelta

from quanzi.base.events.services import deliver_pending
from quanzi.goods.pricing.building import set_build_up
from quanzi.site.demo.stage import Stage
from quanzi.trade.bargains import services as bargains
from quanzi.trade.chains import services as chains
from quanzi.trade.chains.models import Chain
from quanzi.trade.chains.services.opening import Good
from quanzi.trade.deals.services import create_deal
from quanzi.trade.polls import services as polls
from quanzi.trade.sales.models import OrderOrigin

LADDER = ("apple", 3, 3680, [(5, 3480), (8, 3280)])
SIGNED = (
    ("zhao", 2, "一份给我妈", True),
    ("meimei", 1, "", True),
    ("baobao", 3, "下班拿", False),
    ("chennian", 1, "", False),
)
"""Who, how many, a word beside it, paid at once."""


def buy_together(stage: Stage) -> None:
    _ladder(stage)
    _chain(stage)
    _wishes(stage)
    _build_ups(stage)
    _before_buying(stage)
    deliver_pending(now=stage.now)


def _ladder(stage: Stage) -> None:
    """Four have paid: the first step is reached, the second one lacks somebody."""
    key, size, price, steps = LADDER
    stage.deals["ladder"] = create_deal(
        sku=stage.skus[key], team_size=size, price_minor=price, steps=steps, reason_zh="一车来，人多省运费",
        reason_en="One van: more people share it", window_minutes=72 * 60, starts_at=stage.ago(1), is_demo=True,
        actor=stage.staff["zhoumin"], now=stage.ago(1),
    )  # fmt: skip
    team = stage.open_team("chenjie", "ladder", stage.ago(0.5))
    for place, who in enumerate(("liushu", "xiaohe", "ligong")):
        stage.join_team(who, team, stage.ago(0.4 - 0.05 * place), invited_by="chenjie")


def _chain(stage: Stage) -> Chain:
    """Wang's list: two have paid, two may for a day after its closing."""
    chain = chains.open_chain(
        circle=stage.circles["neighbours"], opener=stage.people["wang"], title="一起拿：蜜薯和草莓",
        note="收单后第二天下午四点到站点。", goods=[Good(stage.skus["yam"].pk), Good(stage.skus["strawberry"].pk)],
        point_id=stage.points["jinxiu"].pk, closes_at=stage.now + timedelta(days=2), pay_hours=24, now=stage.ago(0.6),
    )  # fmt: skip
    for place, (who, quantity, words, is_paid) in enumerate(SIGNED):
        at = stage.ago(0.5 - 0.06 * place)
        order = chains.sign_up(
            chain=chain, member=stage.people[who], lines=[(stage.skus["yam" if place != 1 else "strawberry"].pk, quantity)],
            words=words, idempotency_key=stage.key(), origin=OrderOrigin.DEMO, now=at,
        )  # fmt: skip
        if is_paid:
            stage.pay(order, at + timedelta(minutes=3))
    return chain


def _wishes(stage: Stage) -> None:
    """One that gathers, and one to which the shop has made an offer."""
    asked = bargains.ask(
        sku_id=stage.skus["blueberry"].pk, opener=stage.people["chennian"], wish_minor=3980, quantity=2,
        words="孩子每天一盒，十几家一起要，能不能按箱给？", now=stage.ago(2),
    )  # fmt: skip
    for place, (who, quantity) in enumerate((("baobao", 2), ("meimei", 1), ("chenjie", 3), ("xiaohe", 1), ("zhao", 2))):
        bargains.add_voice(bargain=asked, member=stage.people[who], quantity=quantity, now=stage.ago(1.8 - 0.2 * place))
    answered = bargains.ask(
        sku_id=stage.skus["shrimp"].pk, opener=stage.people["axia"], wish_minor=3500, words="周末聚餐，至少四家要。",
        circle=stage.circles["neighbours"], now=stage.ago(3),
    )  # fmt: skip
    for who in ("liushu", "zhao", "meimei"):
        bargains.add_voice(bargain=answered, member=stage.people[who], quantity=1, now=stage.ago(2.5))
    bargains.agree(
        bargain_id=answered.pk, price_minor=3680, minimum=3, ends_at=stage.now + timedelta(days=3),
        answer="阿海说凑满三家就能单独走一箱。", actor=stage.staff["zhoumin"], now=stage.ago(0.8),
    )  # fmt: skip


def _before_buying(stage: Stage) -> None:
    """One asks her people which to take and has two answers; she is asked herself and has not answered yet."""
    people = stage.people
    mine = polls.ask(
        asker=people["xiaoyu"], sku_ids=[stage.skus["strawberry"].pk, stage.skus["blueberry"].pk],
        member_ids=[people[who].pk for who in ("meimei", "zhao", "axia")], words="周末带给孩子同学，哪个不容易坏？",
        now=stage.ago(0.15),
    )  # fmt: skip
    strawberry, blueberry = mine.goods.order_by("position")
    polls.answer(
        poll=mine, member=people["meimei"], good_id=blueberry.pk, words="蓝莓，放冰箱三天都行。", now=stage.ago(0.1)
    )
    polls.answer(
        poll=mine, member=people["zhao"], good_id=strawberry.pk, words="当天吃就草莓，孩子都抢。", now=stage.ago(0.05)
    )
    polls.ask(
        asker=people["zhao"], sku_ids=[stage.skus["tangerine"].pk], member_ids=[people["xiaoyu"].pk],
        words="你上次买的那个，给我爸买一箱合适吗？", now=stage.ago(0.08),
    )  # fmt: skip


def _build_ups(stage: Stage) -> None:
    """Where this shop likes to show how its prices are made."""
    for key, goods, delivery, leader in (
        ("apple", 2300, 520, 200),
        ("yam", 1490, 380, 130),
        ("strawberry", 1900, 460, 150),
    ):
        set_build_up(
            sku_id=stage.skus[key].pk, goods_minor=goods, delivery_minor=delivery, leader_minor=leader, is_shown=True,
            actor=stage.staff["zhoumin"], now=stage.ago(20),
        )  # fmt: skip
