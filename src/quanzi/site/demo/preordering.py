"""Two small batches of the leather workshop: one near its threshold, one made, whose balances are being paid."""

from __future__ import annotations

from datetime import datetime, timedelta

from quanzi.base.events.services import deliver_pending
from quanzi.kernel.clock import today
from quanzi.site.demo.stage import Stage
from quanzi.trade.payments.services import pay_offline
from quanzi.trade.preorders import services as preorders
from quanzi.trade.preorders.models import Place, Preorder
from quanzi.trade.preorders.services import GoodPlan
from quanzi.trade.sales.models import OrderOrigin

NEARLY = ("chennian", "zhoujie", "liushu", "xuning", "meimei", "zhouhe", "zhao", "xiaohe")
MADE = ("aqing", "xiaoyu", "chennian", "wang", "zhouhe", "axia", "liushu", "meimei")
PAID_THE_REST = ("chennian", "zhouhe", "aqing")


def plan_batches(stage: Stage) -> None:
    """A briefcase that lacks two people, and a tote bag that is nearly ready."""
    actor = stage.staff["zhoumin"]
    brown = preorders.open_preorder(
        title="栗棕托特包，冬天这一批",
        story="拾皮一次只裁得出八只左右的皮。凑够六只，他就进一张整皮开工，从裁到缝完大约四周。",
        goods=[GoodPlan(stage.skus["tote-brown"].pk, 43_800, 8_000)],
        threshold=6, most=9, limit_each=1, opens_at=stage.ago(24), closes_at=stage.ago(14), balance_days=5,
        promised_on=today(stage.now + timedelta(days=9)), is_demo=True, actor=actor, now=stage.ago(24),
    )  # fmt: skip
    for day, who in enumerate(MADE):
        _hold(stage, brown, who, stage.ago(23 - day))
    preorders.decide_due(stage.ago(14))
    preorders.tell_news(
        preorder_id=brown.pk,
        text="整皮到了，颜色比样品略深一点，用久了会更深。今天开裁。",
        actor=actor,
        now=stage.ago(11),
    )
    preorders.tell_news(
        preorder_id=brown.pk, text="八只都缝完了，还剩封边，三遍要晾三天。", actor=actor, now=stage.ago(2)
    )
    preorders.ask_balance(preorder_id=brown.pk, actor=actor, now=stage.ago(1))
    for who in PAID_THE_REST:
        place = Place.objects.get(preorder=brown, member=stage.people[who])
        order = preorders.order_balance(
            place_id=place.pk, member=stage.people[who], idempotency_key=stage.key(), origin=OrderOrigin.DEMO,
            now=stage.ago(0.8), **stage.ordering(who, stage.ago(0.8)),
        )  # fmt: skip
        stage.pay(order, stage.ago(0.7))
    case = preorders.open_preorder(
        title="公文包第四批",
        story="一个人做，一批最多十五只。十只起做：皮料按批染，少于十只一缸染不匀。",
        goods=[GoodPlan(stage.skus["briefcase"].pk, 61_000, 10_000)],
        threshold=10, most=15, limit_each=2, opens_at=stage.ago(6), closes_at=stage.now + timedelta(days=3, hours=5),
        balance_days=7, promised_on=today(stage.now + timedelta(days=45)), is_demo=True, actor=actor, now=stage.ago(6),
    )  # fmt: skip
    for number, who in enumerate(NEARLY):
        _hold(stage, case, who, stage.ago(5.5 - number * 0.6))
    deliver_pending(now=stage.now)


def _hold(stage: Stage, batch: Preorder, who: str, at: datetime) -> None:
    place = preorders.ask_place(
        preorder_id=batch.pk, sku_id=batch.goods.order_by("id")[0].sku_id, quantity=1, member=stage.people[who],
        idempotency_key=stage.key(), now=at,
    )  # fmt: skip
    pay_offline(
        payable_kind="deposit", payable_id=place.pk, member_id=place.member_id, reference=f"demo-deposit-{place.pk}",
        actor="system", idempotency_key=stage.key(), now=at + timedelta(minutes=3),
    )  # fmt: skip
    deliver_pending(now=at + timedelta(minutes=3))
