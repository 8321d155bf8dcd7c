"""Setting the stage: people, goods, circles, stations, ways in."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.hashers import make_password

from quanzi.base.events.services import deliver_pending
from quanzi.community.circles.services import ask_to_join, create_circle
from quanzi.goods.catalogue import services as catalogue
from quanzi.goods.stock import services as stock
from quanzi.goods.stock.queries import lots
from quanzi.growth.sources.models import SourceKind
from quanzi.growth.sources.services import create_source, direct_source, enter_spend, invitation_for
from quanzi.kernel.clock import today
from quanzi.people.accounts.models import Member, StaffRole
from quanzi.people.accounts.services import add_address, confirm_contact, create_member, set_staff_role, update_profile
from quanzi.people.contact.models import Channel, Purpose
from quanzi.people.contact.services import decide
from quanzi.people.trust import services as trust
from quanzi.site.demo import goods, people
from quanzi.site.demo.goods import GoodsText
from quanzi.site.demo.stage import Stage
from quanzi.trade.deals.services import create_deal
from quanzi.trade.sales.services import open_pickup_point

PASSWORD = "demo-quanzi-2026"  # printed at the start; the demo listens on this machine only
MAIL = "demo.example"
WITH_PASSWORD = ("xiaoyu", "wang", "meimei")

SOURCES = [
    ("parcel", SourceKind.PARCEL, "包裹卡片", "/discover", [(42, 86_000, "卡片和回购券"), (20, 74_600, "卡片加印")]),
    ("note", SourceKind.NOTE, "小红书笔记", "/p/tote", [(44, 120_000, "两位作者，已披露")]),
    ("ad", SourceKind.AD, "朋友圈广告", "/discover", [(45, 300_000, "第一轮投放"), (28, 300_000, "第二轮投放")]),
    ("sample", SourceKind.SAMPLE, "样品计划", "/p/yam", [(40, 68_000, "试吃 120 份")]),
]
HOMES = [
    ("xuning", "5 号楼 1602"),
    ("zhoujie", "文二西路 8 号 3 幢 401"),
    ("zhouhe", "文二西路 8 号 3 幢 401"),
    ("aqing", "古墩路 220 号"),
    ("xiaohe", "7 号楼 902"),
]


def set_up(stage: Stage) -> None:
    """Everything that stands before the first order."""
    _staff(stage)
    _ways_in(stage)
    _people(stage)
    _goods(stage)
    _circles(stage)
    _ties(stage)
    _passwords(stage)
    deliver_pending(now=stage.now)


def _passwords(stage: Stage) -> None:
    """One password, hashed once: hashing is slow on purpose, and nine times of it is a fifth of the whole load."""
    known = [*stage.staff.values(), *(stage.people[key] for key in WITH_PASSWORD)]
    Member.objects.filter(pk__in=[member.pk for member in known]).update(password=make_password(PASSWORD))


def _staff(stage: Stage) -> None:
    for key, name, role, bio in people.STAFF:
        member = create_member(name=name, email=f"{key}@{MAIL}", is_demo=True, now=stage.ago(56))
        confirm_contact(member=member, email=f"{key}@{MAIL}", now=stage.ago(56))
        update_profile(member=member, name=name, bio=bio, avatar=None, language="", now=stage.ago(56))
        stage.staff[key] = set_staff_role(member=member, role=StaffRole(role), actor="system", now=stage.ago(56))


def _ways_in(stage: Stage) -> None:
    stage.sources["direct"] = direct_source(now=stage.ago(57))
    for key, kind, name, target, spends in SOURCES:
        source = create_source(kind=kind, name=name, target=target, is_demo=True, now=stage.ago(56))
        stage.sources[key] = source
        for days, amount, what in spends:
            at = stage.ago(days)
            enter_spend(
                source=source,
                amount_minor=amount,
                spent_on=today(at),
                what=what,
                key=stage.key(),
                actor=stage.staff["caiwu"],
                now=at,
            )


def _people(stage: Stage) -> None:
    for text in people.PEOPLE:
        at = stage.ago(text.joined)
        mail = f"{text.key}@{MAIL}"
        member = create_member(name=text.name, email=mail, is_demo=True, now=at)
        confirm_contact(member=member, email=mail, now=at)
        avatar = stage.picture(text.face, purpose="avatar", owner=member) if text.face else None
        update_profile(member=member, name=text.name, bio=text.bio, avatar=avatar, language="", now=at)
        stage.people[text.key] = member
        source = stage.sources.get(text.source) or invitation_for(
            member=stage.people[text.source], now=at - timedelta(days=1)
        )
        stage.arrive(member, source, at)
    for _ in range(260):
        _passer_by(stage)
    for key, door in HOMES:
        stage.addresses[key] = add_address(
            member=stage.people[key], recipient=stage.people[key].name, phone="13800000000", region_code="330106",
            detail=door, is_default=True, now=stage.ago(30),
        )  # fmt: skip
    _consents(stage)


def _consents(stage: Stage) -> None:
    """Some let people they know see what they keep; some want to hear of teams. Nobody is asked twice."""
    agreed = [
        (
            Purpose.RECOMMENDATION,
            Channel.NONE,
            ("xiaoyu", "meimei", "chennian", "zhao", "xuning", "axia", "liushu", "xiaohe", "wang"),
        ),
        (Purpose.SOCIAL_PROOF, Channel.NONE, ("chennian", "xiaohe", "liushu", "xuning")),
        (Purpose.DEALS, Channel.IN_APP, ("zhao", "axia", "ligong", "chennian")),
        (Purpose.TEAM_INVITATION, Channel.IN_APP, ("chennian", "zhao", "meimei", "axia", "xiaohe")),
    ]
    for purpose, channel, keys in agreed:
        for key in keys:
            member = stage.people[key]
            decide(member=member, purpose=purpose, channel=channel, granted=True, where="consents", now=stage.ago(30))


def _passer_by(stage: Stage) -> None:
    """Somebody who looked and went. Advertisements bring most of them."""
    way = stage.chance.choices(["ad", "note", "parcel", "sample", "direct"], [50, 20, 12, 6, 12])[0]
    stage.arrive(None, stage.sources[way], stage.ago(stage.chance.uniform(1, 44)))


def _goods(stage: Stage) -> None:
    now, actor = stage.ago(56), "system"
    makers = {
        text.key: catalogue.create_maker(
            name=text.name, slug=text.key, place=text.place, story=text.story, portrait=stage.picture(text.portrait, purpose="portrait"),
            member=stage.people.get(text.key), is_demo=True, actor=actor, now=now,
        )
        for text in goods.MAKERS
    }  # fmt: skip
    shelves = {
        slug: catalogue.create_category(name=name, slug=slug, name_en=english, position=place, actor=actor, now=now)
        for place, (slug, name, english) in enumerate(goods.CATEGORIES)
    }
    for place, text in enumerate(reversed(goods.GOODS)):
        at = now + timedelta(minutes=place)
        product = catalogue.create_product(
            name=text.name, slug=text.key, summary=text.summary, story=text.story, maker=makers[text.maker],
            category=shelves[text.category], origin=text.origin, return_rule=text.rule, is_demo=True, actor=actor, now=at,
        )  # fmt: skip
        for name in text.pictures:
            catalogue.add_picture(product=product, picture=stage.picture(name, purpose="product"), actor=actor, now=at)
        stage.goods[text.key] = product
        _variants(stage, text)
        catalogue.publish(product=product, actor=actor, now=at)


def _variants(stage: Stage, text: GoodsText) -> None:
    product, at, actor = stage.goods[text.key], stage.ago(56), "system"
    stage.skus[text.key] = catalogue.add_sku(
        product=product, code=text.key.upper(), options=text.options, price_minor=text.price, cost_minor=text.cost,
        weight_g=text.weight_g, unit_note=text.unit_note, actor=actor, now=at,
    )  # fmt: skip
    for key, options, price, cost in text.others:
        stage.skus[key] = catalogue.add_sku(
            product=product, code=key.upper(), options=options, price_minor=price, cost_minor=cost,
            weight_g=text.weight_g, position=1, actor=actor, now=at,
        )  # fmt: skip
        stage.restock(key, 6, at)
    if not text.lasts_days:
        stage.restock(text.key, 40, at)


def deliver_lots(stage: Stage) -> None:
    """A lot for each delivery of fresh goods: as long as it lasts, at most weekly; older ones are sold out or scrapped."""
    for text in goods.GOODS:
        if not text.lasts_days:
            continue
        step = max(7, min(text.lasts_days, 28))
        for days in range(56, -1, -step):
            at = stage.ago(days) - timedelta(hours=2)
            lot = catalogue.add_lot(
                sku=stage.skus[text.key], code=f"{text.key[:3].upper()}25-{today(at):%m%d}", made_on=today(at),
                expires_at=at + timedelta(days=text.lasts_days if days else text.lasts_days + 1), storage=text.storage, now=at,
            )  # fmt: skip
            stage.restock(text.key, 60, at, lot_id=lot.pk)


def clear_shelves(stage: Stage) -> None:
    """What was not sold before it expired is written off, as a shop does every morning."""
    for sku in stage.skus.values():
        for lot in lots(sku.pk, now=stage.now):
            if lot.on_hand > 0 and lot.expires_at is not None and lot.expires_at <= stage.now:
                stock.scrap(
                    sku_id=sku.pk, quantity=lot.on_hand, lot_id=lot.id, key=stage.key(), reason="过期未售", actor="system",
                    now=stage.now,
                )  # fmt: skip


def _circles(stage: Stage) -> None:
    at, who = stage.ago(54), stage.people
    make = {
        "neighbours": ("锦绣邻里", "jinxiu", "wang", "锦绣社区的街坊", "只说用过的，好坏都说，不刷屏", "禾间 · 锦绣社区", "open", "", "circle-neighbours"),
        "cooking": ("周末做饭", "weekend-cooking", "axia", "周末多做一道菜", "晒菜要写做法，失败的也晒", "", "open", "", "circle-cooking"),
        "leather": ("皮具手作", "leather", "shipi", "做皮具和用皮具的人", "讲工序，不比价，不推销别家", "", "question", "你做过或者用过的第一件皮具是什么？", "circle-leather"),
    }  # fmt: skip
    for key, (name, slug, founder, summary, charter, place, admission, question, cover) in make.items():
        stage.circles[key] = create_circle(
            founder=who[founder], name=name, slug=slug, summary=summary, charter=charter, place=place, admission=admission,
            question=question, cover=stage.picture(cover, purpose="cover"), is_demo=True, now=at,
        )  # fmt: skip
    stage.points["jinxiu"] = open_pickup_point(
        leader=who["wang"], name="锦绣站", address="锦绣社区 3 号楼底商", hours="周五 16:00–20:00", hours_en="Fri 16:00–20:00",
        circle=stage.circles["neighbours"], latitude=30.2895, longitude=120.1201, is_demo=True, actor="system", now=at,
    )  # fmt: skip
    stage.points["gudang"] = open_pickup_point(
        leader=who["zhoushu"], name="古荡站", address="古荡新村西 12 幢门口", hours="周五、周六 16:00–21:00", hours_en="Fri and Sat 16:00–21:00",
        latitude=30.2763, longitude=120.1249, is_demo=True, actor="system", now=at,
    )  # fmt: skip
    _fill_circles(stage)


def _fill_circles(stage: Stage) -> None:
    outside = {"shipi", "zhoujie", "zhouhe", "aqing", "p22", "p28", "p35"}
    cooks = {"xiaoyu", "chennian", "liushu", "ligong", "chenjie", "sushu", "baobao", "xiaohe", "p23"}
    leather = {"zhoujie", "zhouhe", "aqing", "ligong", "p29"}
    for text in people.PEOPLE:
        member: Member = stage.people[text.key]
        at = stage.ago(text.joined) + timedelta(hours=1)
        if text.key not in outside and text.key != "wang":
            ask_to_join(circle=stage.circles["neighbours"], member=member, now=max(at, stage.ago(53)))
        if text.key in cooks:
            ask_to_join(circle=stage.circles["cooking"], member=member, now=max(at, stage.ago(53)))
        if text.key in leather:
            _let_into_leather(stage, member, text.joined)


def _let_into_leather(stage: Stage, member: Member, joined: float) -> None:
    from quanzi.community.circles.services import answer_request

    place = ask_to_join(
        circle=stage.circles["leather"], member=member, answer="一个卡包，用了六年。", now=stage.ago(joined - 0.1)
    )
    if member.pk != stage.people["p29"].pk:
        answer_request(
            membership_id=place.pk, moderator=stage.people["shipi"], accept=True, now=stage.ago(joined - 0.5)
        )


def _ties(stage: Stage) -> None:
    at = stage.ago(27)
    for source, target, kind, label, back in people.FRIENDS:
        asked = trust.ask_tie(source=stage.people[source], target=stage.people[target], kind=kind, label=label, now=at)
        trust.answer_tie(request_id=asked.pk, member=stage.people[target], accept=True, label=back, now=at)
    for source, target in people.FOLLOWS:
        trust.follow(member=stage.people[source], target=stage.people[target], now=at)
    trust.ask_tie(source=stage.people["p23"], target=stage.people["xiaoyu"], kind="friend", now=stage.ago(0.3))


def open_deals(stage: Stage) -> None:
    """Standing terms for buying together."""
    for text in goods.GOODS:
        if text.team is not None:
            size, price, zh, english = text.team
            stage.deals[text.key] = create_deal(
                sku=stage.skus[text.key], team_size=size, price_minor=price, reason_zh=zh, reason_en=english, per_member_limit=9,
                window_minutes=36 * 60, starts_at=stage.ago(54), is_demo=True, actor="system", now=stage.ago(54),
            )  # fmt: skip
