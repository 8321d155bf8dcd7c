"""A store of the demo shop, with a shelf, a table whose guests wait for their order, an amount to confirm, a pay link, and a pattern."""

from __future__ import annotations

from datetime import timedelta

from quanzi.base.events.services import deliver_pending
from quanzi.growth.replicating.services import make_pattern
from quanzi.growth.sources.models import SourceKind
from quanzi.growth.sources.services import create_source
from quanzi.site.demo.stage import Stage
from quanzi.trade.sales.models import OrderOrigin
from quanzi.trade.stores import services as stores
from quanzi.trade.stores.models import Store

SHELF = {"eggs": 18, "strawberry": 9, "yam": 12, "corn": 20}
"""What stood there this morning."""


def open_stores(stage: Stage) -> None:
    """The leader of the second point keeps a small store there; the first circle's pattern waits for another estate."""
    point = stage.points["gudang"]
    store = stores.open_store(
        point=point, about="古荡新村的小店：刚到的菜、早上的鸡蛋，坐下来可以扫桌上的码。", phone="0571-0000 0000", actor="demo", now=stage.ago(40),
    )  # fmt: skip
    keeper = point.leader
    counts = {stage.skus[key].pk: units for key, units in SHELF.items() if key in stage.skus}
    stores.count_shelf(store_id=store.pk, counts=counts, by=keeper, now=stage.ago(0.3))
    stores.plan_event(
        store_id=store.pk, title="草莓试吃", text="两个品种一起尝，尝完再买。", starts_at=stage.now + timedelta(days=2),
        ends_at=stage.now + timedelta(days=2, hours=3), by=keeper, now=stage.ago(1),
    )  # fmt: skip
    _sell(stage, store)
    _ask(stage, store)
    make_pattern(
        circle=stage.circles["neighbours"],
        areas=["锦绣社区", "锦绣"],
        kept_words=_names(stage),
        actor="demo",
        now=stage.ago(2),
    )
    deliver_pending(now=stage.now)


def _sell(stage: Stage, store: Store) -> None:
    """One table has paid and waits; another order was fetched by its buyer's code an hour ago."""
    for who, basket, spot, at in (
        ("p25", {"eggs": 1, "corn": 2}, "2 号桌", 0.01),
        ("p30", {"strawberry": 1}, "", 0.002),
    ):
        order = stores.order_at_counter(
            store_code=store.code, member=stage.people[who], lines=[(stage.skus[key].pk, n) for key, n in basket.items()],
            spot=spot, idempotency_key=stage.key(), origin=OrderOrigin.DEMO, now=stage.ago(at),
        )  # fmt: skip
        if spot:
            stage.pay(order, stage.ago(at) + timedelta(minutes=2))


def _ask(stage: Stage, store: Store) -> None:
    """An amount that a guest typed, and a link for a cake that staff sent in a chat."""
    stores.ask_amount(
        store_code=store.code, member=stage.people["chenjie"], what="两杯豆浆", amount_minor=1_200, idempotency_key=stage.key(),
        now=stage.ago(0.003),
    )  # fmt: skip
    link = stores.link_amount(
        what="订做生日蛋糕，八寸", amount_minor=16_800, return_rule="made_to_order", store_id=store.pk, lives=timedelta(days=7),
        by=stage.staff["zhoumin"], idempotency_key=stage.key(), now=stage.ago(0.5),
    )  # fmt: skip
    create_source(
        kind=SourceKind.PAY,
        name="生日蛋糕",
        target=f"/l/{link.code}",
        is_demo=True,
        actor=stage.staff["zhoumin"],
        now=stage.ago(0.5),
    )


def _names(stage: Stage) -> list[str]:
    """The demo's people are made up; their names may stand in its texts."""
    return [one.name for one in (*stage.people.values(), *stage.staff.values())]
