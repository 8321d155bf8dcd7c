"""Eight weeks of the demo shop: orders, teams, hand-overs, returns, and what people said about them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from quanzi.base.events.services import deliver_pending
from quanzi.community.posts import services as posts
from quanzi.community.posts.models import Comment, Post
from quanzi.people.contact.services import mark_read
from quanzi.site.demo import people, talk
from quanzi.site.demo.scene import clear_shelves
from quanzi.site.demo.stage import Stage
from quanzi.trade.deals.services import fail_due
from quanzi.trade.experiences.services import write_experience
from quanzi.trade.fulfilment.models import Fulfilment
from quanzi.trade.fulfilment.services import make_ready
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order, OrderLine

BASKETS: list[tuple[dict[str, int], int]] = [
    ({"yam": 1}, 9), ({"eggs": 1}, 8), ({"yam": 1, "spinach": 2}, 6), ({"tangerine": 1}, 6), ({"eggs": 1, "milk": 1}, 5),
    ({"shrimp": 1}, 4), ({"tofu": 2, "spinach": 1}, 4), ({"rice": 1}, 3), ({"honey": 1}, 2), ({"apple": 1}, 3), ({"bread": 1, "milk": 1}, 3),
    ({"tomato": 1}, 3), ({"corn": 1}, 2), ({"tea": 1}, 1), ({"blueberry": 1}, 1), ({"strawberry": 1}, 2),
]  # fmt: skip
LOYAL = {
    "xiaoyu": 6,
    "zhao": 5,
    "axia": 5,
    "chennian": 4,
    "meimei": 4,
    "ligong": 3,
    "xuning": 4,
    "wang": 2,
    "p23": 3,
    "liushu": 3,
    "chenjie": 3,
    "xiaohe": 3,
}
SELDOM = {
    "p22": 0,
    "p24": 0,
    "p28": 0,
    "p35": 0,
    "p21": 1,
    "p31": 1,
    "linxiaoman": 1,
    "p27": 1,
    "shipi": 1,
    "zhoushu": 1,
    "p38": 0,
}


def _week(stage: Stage, *, week: int) -> None:
    """People who had joined by then order early in the week and collect on Friday; most keep, some do not."""
    joined = {text.key: text.joined for text in people.PEOPLE}
    orders: list[tuple[str, Order]] = []
    for key, since in joined.items():
        wanted = LOYAL.get(key, SELDOM.get(key, 2))
        if since <= week * 7 + 1 or stage.chance.random() > wanted / 7:
            continue
        basket = stage.chance.choices([basket for basket, _ in BASKETS], [weight for _, weight in BASKETS])[0]
        at = stage.ago(week * 7 - stage.chance.uniform(0, 2.5))
        orders.append((key, stage.buy(key, basket, at)))
    for _, order in orders:
        at = stage.ago(week * 7 - 3.5 - stage.chance.uniform(0, 0.3))
        stage.hand_over(order, at)
        _outcome(stage, order)
    sales.close_windows(now=stage.ago(week * 7 - 7))
    deliver_pending(now=stage.ago(week * 7 - 7))


def _outcome(stage: Stage, order: Order) -> None:
    """Six of a hundred lines come back in full; a few more are refunded in part; half the buyers say that they keep."""
    for line in order.lines.all():
        luck = stage.chance.random()
        line.refresh_from_db()
        received = line.received_at
        assert received is not None
        if luck < 0.05:
            _give_back(stage, line, None, "坏了，拍了照", received + timedelta(hours=5))
        elif luck < 0.12:
            _give_back(stage, line, max(100, line.paid_minor // 14), "少量坏的按量退", received + timedelta(hours=6))
        elif luck < 0.7:
            sales.say_kept(line_id=line.pk, member=order.member, now=received + timedelta(hours=20))
    deliver_pending(now=stage.now)


def _give_back(stage: Stage, line: OrderLine, amount: int | None, reason: str, at: datetime) -> None:
    sales.refund_line(
        line_id=line.pk, amount_minor=amount, reason=reason, actor=f"staff:{stage.staff['kefu'].pk}",
        idempotency_key=stage.key(), now=at,
    )  # fmt: skip


def _experiences(stage: Stage) -> None:
    """Each needs goods that its author bought, received and kept; so they do, in the week before."""
    for place, text in enumerate(talk.EXPERIENCES):
        joined = next(person.joined for person in people.PEOPLE if person.key == text.author)
        start = min(joined - 0.5, 24 - place * 1.3)
        order = stage.buy(text.author, {text.goods: 1}, stage.ago(start))
        stage.hand_over(order, stage.ago(start - 1.6))
        line = stage.keep(order, stage.ago(start - 2.2))[0]
        experience = write_experience(
            member=stage.people[text.author], line_id=line.pk, title=text.title, body=text.body, stars=text.stars,
            pictures=[stage.picture(name, purpose="post") for name in text.pictures], circle=stage.circles[text.circle],
            is_demo=True, now=stage.ago(max(0.2, start - 3)),
        )  # fmt: skip
        _around(stage, experience.post, text.replies, text.useful, max(0.1, start - 3.2))


def _teams_of_the_past(stage: Stage) -> None:
    """Teams that filled, and two that did not."""
    filled = [("zhao", "yam", ["xiaoyu", "axia"], 20), ("meimei", "tangerine", ["xiaoyu", "chennian", "baobao"], 16), ("xiaoyu", "yam", ["meimei", "zhao"], 9)]  # fmt: skip
    for opener, deal, others, days in filled:
        team = stage.open_team(opener, deal, stage.ago(days))
        orders = [
            stage.join_team(key, team, stage.ago(days - 0.2 - 0.1 * place), invited_by=opener)
            for place, key in enumerate(others)
        ]
        first = team.seats.get(member=stage.people[opener]).order
        for order in [first, *orders]:
            order.refresh_from_db()
            stage.hand_over(order, stage.ago(days - 3))
            stage.keep(order, stage.ago(days - 4))
    for opener, deal, others, days in [("p27", "strawberry", ["p26"], 11), ("zhouhe", "wallet", [], 6)]:
        team = stage.open_team(opener, deal, stage.ago(days))
        for key in others:
            stage.join_team(key, team, stage.ago(days - 0.3), invited_by=opener)
        fail_due(stage.ago(days - 2))
        deliver_pending(now=stage.ago(days - 2))


def _notes(stage: Stage) -> None:
    for text in sorted(talk.NOTES, key=lambda note: -note.days):
        post = posts.write_post(
            author=stage.people[text.author], circle=stage.circles[text.circle], kind=text.kind, title=text.title, body=text.body,
            pictures=[stage.picture(name, purpose="post") for name in text.pictures],
            products=[stage.goods[text.goods]] if text.goods else [], is_demo=True, now=stage.ago(text.days),
        )  # fmt: skip
        rows = _around(stage, post, text.replies, text.useful, text.days - 0.1)
        if text.accepted is not None:
            posts.accept_answer(
                post=post, comment=rows[text.accepted], member=post.author, now=stage.ago(max(0.01, text.days - 0.3))
            )
    deliver_pending(now=stage.now)


def _around(stage: Stage, post: Post, replies: tuple[tuple[str, str], ...], useful: int, days: float) -> list[Comment]:
    """Replies and reactions under a post, by people who may read it."""
    rows = [
        posts.comment(post=post, author=stage.people[key], body=body, now=stage.ago(max(0.02, days - 0.04 * place)))
        for place, (key, body) in enumerate(replies)
    ]
    inside = (
        [place.member for place in post.circle.memberships.filter(state="joined").select_related("member")]
        if post.circle
        else []
    )
    for reader in stage.chance.sample(inside, min(useful, len(inside))):
        posts.react(post=post, member=reader, now=stage.ago(max(0.02, days - 0.1)))
    deliver_pending(now=stage.ago(max(0.02, days - 0.2)))
    return rows


def _this_week(stage: Stage) -> None:
    """What is open now: a team with a free seat, one just begun, parcels to prepare, goods to collect, an order in transit."""
    team = stage.open_team("meimei", "yam", stage.ago(0.25))
    stage.join_team("zhao", team, stage.ago(0.15), invited_by="meimei")
    other = stage.open_team("axia", "tangerine", stage.ago(0.2))
    stage.join_team("p23", other, stage.ago(0.1), invited_by="axia")
    stage.open_team("baobao", "strawberry", stage.ago(0.12))
    for key, basket in [
        ("p34", {"yam": 1}),
        ("p32", {"eggs": 1, "milk": 1}),
        ("zhoujie", {"card": 1}),
        ("p36", {"spinach": 2, "tofu": 1}),
    ]:
        stage.buy(key, basket, stage.ago(stage.chance.uniform(0.2, 0.9)))
    _ready(stage, stage.buy("xiaoyu", {"spinach": 2, "eggs": 1}, stage.ago(1.2)))
    _ready(stage, stage.buy("chennian", {"tofu": 1, "shrimp": 1}, stage.ago(1.1)))
    old = stage.buy("xiaoyu", {"apple": 1}, stage.ago(4))
    stage.hand_over(old, stage.ago(1.5))


def _ready(stage: Stage, order: Order) -> None:
    make_ready(fulfilment_id=Fulfilment.objects.get(order=order).pk, actor="system", now=stage.ago(0.2))
    deliver_pending(now=stage.ago(0.2))


def _settle(stage: Stage) -> None:
    """What is due by now: lots that expired, windows that closed, reactions to all of it; old news is read."""
    clear_shelves(stage)
    sales.close_windows(now=stage.now)
    deliver_pending(now=stage.now)
    for member in [*stage.people.values(), *stage.staff.values()]:
        mark_read(member=member, now=stage.ago(1.5))


STEPS: list[Callable[[Stage], None]] = [
    *(partial(_week, week=week) for week in range(7, 0, -1)),
    _experiences,
    _teams_of_the_past,
    _notes,
    _this_week,
    _settle,
]
"""From the first order to this evening."""
