"""What went wrong in the demo shop: a return on its way, an answer that is contested, a lot that is paused, an invoice asked for."""

from __future__ import annotations

from datetime import timedelta

from quanzi.base.events.services import deliver_pending
from quanzi.goods.catalogue import services as catalogue
from quanzi.site.demo.stage import Stage
from quanzi.trade.aftersales import services as aftersales
from quanzi.trade.sales.models import Order, OrderState


def care(stage: Stage) -> None:
    """After everything else, so that no window closes over it."""
    _return(stage)
    _dispute(stage)
    _paused_lot(stage)
    _invoice(stage)
    deliver_pending(now=stage.now)


def _return(stage: Stage) -> None:
    order = stage.buy("xiaoyu", {"card": 1}, stage.ago(6))
    deliver_pending(now=stage.ago(6))
    stage.hand_over(order, stage.ago(4))
    claim = aftersales.ask(
        line_id=order.lines.get().pk, member=order.member, reason="return", note="颜色和想的不一样", now=stage.ago(1.5)
    )
    aftersales.send(claim_id=claim.pk, member=order.member, carrier="顺丰", tracking="SF1380000042", now=stage.ago(0.8))


def _dispute(stage: Stage) -> None:
    order = stage.buy("meimei", {"honey": 1}, stage.ago(5))
    deliver_pending(now=stage.ago(5))
    stage.hand_over(order, stage.ago(3.5))
    claim = aftersales.ask(
        line_id=order.lines.get().pk,
        member=order.member,
        reason="spoiled",
        note="盖子松了，漏了小半瓶",
        now=stage.ago(3),
    )
    aftersales.decline(
        claim_id=claim.pk,
        actor_member=stage.staff["zhoumin"],
        answer="照片上看不出漏，请再拍一张瓶口",
        now=stage.ago(2),
    )
    aftersales.contest(
        claim_id=claim.pk,
        member=order.member,
        words="瓶口里面有一圈干了的蜜，箱底也是黏的，称了一下只剩 310 克。",
        now=stage.ago(1),
    )


def _paused_lot(stage: Stage) -> None:
    """A small one of its own, so that the shelf stays full."""
    sku, at = stage.skus["rice"], stage.ago(3)
    lot = catalogue.add_lot(
        sku=sku, code="RICE-SECOND", expires_at=stage.now + timedelta(days=200), note="第二车", actor="system", now=at
    )
    stage.restock("rice", 6, at, lot_id=lot.pk)
    aftersales.pause(
        lot_id=lot.pk, reason="有一袋封口开了，先停下逐袋看", actor=stage.staff["zhoumin"], now=stage.ago(0.4)
    )


def _invoice(stage: Stage) -> None:
    order = Order.objects.filter(member=stage.people["chennian"], state=OrderState.COMPLETED, refunded_minor=0).last()
    if order is not None:
        aftersales.ask_invoice(
            order_id=order.pk, member=order.member, kind="company", title="杭州念念文化工作室", tax_number="91330106MA2XYZ12AB",
            email="fapiao@demo.example", now=stage.ago(0.6),
        )  # fmt: skip
