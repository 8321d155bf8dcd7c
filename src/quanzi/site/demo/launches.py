"""The demo's launches and brand days: one tomorrow evening, one that is over with its lot, makers' days around them; and numbered bags."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from quanzi.base.events.services import deliver_pending
from quanzi.goods.catalogue import services as catalogue
from quanzi.goods.stock import services as stock
from quanzi.kernel.clock import SITE_ZONE, local
from quanzi.site.demo.stage import Stage
from quanzi.trade.launches import services as launches
from quanzi.trade.launches.models import Launch, Piece, Place
from quanzi.trade.launches.services import DayPlan
from quanzi.trade.sales.models import OrderOrigin

DAYS = (
    ("拾皮 · 冬天的皮子", "今年最后一批植鞣皮到了，都裁成了小件。手缝要时间，卖完这些，下一批等开春。", 1, (("wallet", 23800), ("card", 10800))),
    ("林阿公 · 开坛老白茶", "三年的寿眉，一坛一坛开。天冷煮着喝正好，煮到没味为止。", 1, (("tea", 5800),)),
    ("麦叔 · 两炉面包", "凌晨三点起面，一天两炉。", -6, (("bread", 1800),)),
)  # fmt: skip
"""Title, story, days from now, goods with the fen of one."""


def plan_launches(stage: Stage) -> None:
    """What is ahead can be entered and asked for; what was can be checked."""
    for title, story, days, goods in DAYS:
        opens = _at(stage, days, 10)
        launches.plan_day(
            maker_id=stage.goods[goods[0][0]].maker_id or 0, title=title, story=story, starts_at=opens,
            ends_at=opens + timedelta(hours=12), goods=[DayPlan(stage.skus[one].pk, fen) for one, fen in goods],
            is_demo=True, actor=stage.staff["zhoumin"], now=min(stage.now, opens - timedelta(days=2)),
        )  # fmt: skip
    launches.plan_launch(
        title="蜜薯头茬，二十箱", sku_id=stage.skus["yam"].pk, price_minor=1880, units=20, limit_each=2,
        entry_opens_at=stage.now, starts_at=_at(stage, 1, 20), ends_at=_at(stage, 1, 22), turn_minutes=5, is_demo=True,
        actor=stage.staff["zhoumin"], now=stage.now,
    )  # fmt: skip
    _one_that_is_over(stage)
    _numbered(stage)


def _numbered(stage: Stage) -> None:
    """Three bags of one hide: one was bought, scratched and repaired, two are free."""
    at, actor = stage.ago(40), stage.staff["zhoumin"]
    maker = stage.goods["tote"].maker
    bag = catalogue.create_product(
        name="整张皮手提包", slug="hide-bag", summary="一张皮只出三只，编号一到三。", story="", maker=maker, category=stage.goods["tote"].category,
        origin="浙江温州", return_rule="seven_days", is_demo=True, actor="system", now=at,
    )  # fmt: skip
    catalogue.add_picture(product=bag, picture=stage.picture("tote-2", purpose="product"), actor="system", now=at)
    sku = catalogue.add_sku(
        product=bag, code="HIDE", options={"颜色": "原色"}, price_minor=128000, cost_minor=52000, weight_g=1300, actor="system", now=at,
    )  # fmt: skip
    stock.receive(sku_id=sku.pk, quantity=3, key=stage.key(), reason="demo", actor="system", now=at)
    edition = launches.open_edition(
        sku_id=sku.pk, size=3, story="同一张皮裁的三只，背面的纹路接得上。内侧打着编号；线断了、扣松了，寄回来修，修了什么都记在证书上。",
        is_demo=True, actor=actor, now=at,
    )  # fmt: skip
    order = launches.order_piece(
        edition_id=edition.pk, number=2, member=stage.people["xiaoyu"], idempotency_key=stage.key(), origin=OrderOrigin.DEMO,
        now=at, **stage.ordering("xiaoyu", at),
    )  # fmt: skip
    stage.pay(order, at + timedelta(minutes=2))
    stage.hand_over(order, stage.ago(36))
    piece = Piece.objects.get(edition=edition, number=2)
    for days, who, kind, text in (
        (20, "xiaoyu", "care", "上了一层牛脚油，颜色深了一点，放阴处晾了一夜。"),
        (9, "shipi", "repair", "提手右侧开线三厘米，原孔重缝，边油补了一遍。不收钱。"),
    ):
        launches.write_record(piece_id=piece.pk, member=stage.people[who], kind=kind, text=text, now=stage.ago(days))


def _one_that_is_over(stage: Stage) -> None:
    """Three evenings ago: four purses, nine people, a lot, all sold."""
    starts = _at(stage, -3, 20)
    launch = launches.plan_launch(
        title="植鞣卡包，四只", sku_id=stage.skus["card"].pk, price_minor=9800, units=4, entry_opens_at=starts - timedelta(minutes=10),
        starts_at=starts, ends_at=starts + timedelta(hours=1), is_demo=True, actor=stage.staff["zhoumin"], now=starts - timedelta(days=1),
    )  # fmt: skip
    for minute, who in enumerate(("zhao", "xiaoyu", "axia", "chennian", "meimei", "ligong", "xuning", "p23", "liushu")):
        at = starts + timedelta(minutes=minute - 9)
        launches.enter(launch_id=launch.pk, member=stage.people[who], now=min(at, starts - timedelta(seconds=20)))
    launches.run(launch_id=launch.pk, now=starts)
    for turn, place in enumerate(
        Place.objects.select_related("member").filter(launch=launch, state="turn").order_by("position")
    ):
        _buy(stage, launch, place, starts + timedelta(minutes=1 + turn))
    deliver_pending(now=starts + timedelta(minutes=9))


def _buy(stage: Stage, launch: Launch, place: Place, at: datetime) -> None:
    who = next(key for key, member in stage.people.items() if member.pk == place.member_id)
    order = launches.order_turn(
        launch_id=launch.pk, member=place.member, quantity=1, idempotency_key=stage.key(), origin=OrderOrigin.DEMO, now=at,
        **stage.ordering(who, at),
    )  # fmt: skip
    stage.pay(order, at + timedelta(seconds=40))


def _at(stage: Stage, days: int, hour: int) -> datetime:
    """The hour on the shop's calendar, so many days from now."""
    return datetime.combine(local(stage.now).date() + timedelta(days=days), time(hour), tzinfo=SITE_ZONE)
