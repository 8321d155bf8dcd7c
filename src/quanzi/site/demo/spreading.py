"""Samples of the demo: two of three members said yes, a few neighbours came through them."""

from __future__ import annotations

from datetime import timedelta

from quanzi.base.events.services import deliver_pending
from quanzi.community.posts.services import write_post
from quanzi.growth.sources.models import Source, SourceKind
from quanzi.growth.spread import services
from quanzi.growth.spread.counting import count_plan, estimate, foretell
from quanzi.growth.spread.models import Seed, SeedState
from quanzi.people.accounts.services import add_address
from quanzi.people.contact.models import Channel, Purpose
from quanzi.people.contact.services import decide
from quanzi.site.demo.stage import Stage

LET_RECOMMEND = (
    "chennian",
    "zhao",
    "meimei",
    "axia",
    "xiaohe",
    "liushu",
    "xuning",
    "baobao",
    "chenjie",
    "ligong",
    "wang",
)
ASKED_ABOUT = {
    Purpose.SAMPLES: ("zhao", "chenjie", "xiaohe", "meimei"),
    Purpose.REACH: ("zhao", "chenjie"),
    Purpose.LEADING: ("zhao", "chenjie"),
}
FAR_AWAY = (
    ("chenjie", "良渚古墩路 1899 号 6 幢 302"),
    ("sushu", "良渚古墩路 1899 号 2 幢 701"),
    ("p26", "玉鸟路 20 号 3 幢"),
)
SAMPLES, GOODS = 3, "honey"


def give_samples(stage: Stage) -> None:
    """Asked five days ago; what came since stands beside the forecast."""
    _live_far_away(stage)
    _agree(stage)
    staff, began = stage.staff["zhoumin"], stage.ago(5)
    plan = services.make_plan(
        name="新蜜试吃", product_id=stage.skus[GOODS].product_id, samples=SAMPLES, postage_minor=600, budget_minor=50_000, days=30,
        actor=staff, now=began,
    )  # fmt: skip
    count_plan(plan_id=plan.pk, now=stage.now)
    services.ask_next(plan_id=plan.pk, actor=staff, now=began)
    for place, seed in enumerate(Seed.objects.filter(plan=plan, state=SeedState.ASKED).order_by("place")[:2]):
        services.answer(seed_id=seed.pk, member=seed.member, accept=True, now=stage.ago(4.8))
        services.send(seed_id=seed.pk, actor=staff, now=stage.ago(4.5))
        link = Source.objects.get(owner=seed.member, kind=SourceKind.SAMPLE)
        for number in range(4 - 2 * place):
            stage.arrive(None, link, stage.ago(4 - 0.8 * number))
        if place == 0:
            write_post(
                author=seed.member, circle=None, kind="note", title="店里给的新蜜，兑温水喝了三天", products=[plan.sku.product],
                body="甜得不冲，放凉了有一点花香。给孩子抹馒头也行。店里送的小瓶，没花钱，先说在前头。", is_demo=True, now=stage.ago(1.5),
            )  # fmt: skip
    foretell(plan_id=plan.pk, now=stage.now)
    estimate(now=stage.now - timedelta(hours=12))
    deliver_pending(now=stage.now)


def _live_far_away(stage: Stage) -> None:
    """Three households in a district without a station; one of them would be asked to look after one."""
    for key, door in FAR_AWAY:
        who = stage.people[key]
        add_address(
            member=who, recipient=who.name, phone="13800000000", region_code="330110", detail=door, now=stage.ago(25)
        )


def _agree(stage: Stage) -> None:
    for purpose, keys in {Purpose.RECOMMENDATION: LET_RECOMMEND, **ASKED_ABOUT}.items():
        for key in keys:
            member = stage.people[key]
            decide(
                member=member, purpose=purpose, channel=Channel.NONE, granted=True, where="consents", now=stage.ago(29)
            )
