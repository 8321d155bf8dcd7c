"""A small shop in which every address of the API has something to find: mine, and the same of somebody else's."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from quanzi.base.events.services import deliver_pending
from quanzi.base.films import services as films
from quanzi.base.media.models import Picture
from quanzi.community.circles import services as circles
from quanzi.community.circles.models import Membership
from quanzi.community.posts import services as posts
from quanzi.faces.webhooks.models import Replay
from quanzi.goods.catalogue.models import Sku
from quanzi.growth.fronts.centres import of_member
from quanzi.growth.fronts.updating import write_update
from quanzi.growth.leads.models import Topic
from quanzi.growth.needs.services import want
from quanzi.growth.searching.services import add_words
from quanzi.growth.sources import services as sources
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.services import note_login
from quanzi.people.safety.services import report
from quanzi.people.trust import services as trust
from quanzi.trade.aftersales import services as aftersales
from quanzi.trade.aftersales.models import Invoice
from quanzi.trade.bargains import services as bargains
from quanzi.trade.deals.models import GroupDeal, Team
from quanzi.trade.fulfilment import services as fulfilment
from quanzi.trade.fulfilment.models import Fulfilment
from quanzi.trade.launches.models import Edition, Handing
from quanzi.trade.launches.services import hand_on
from quanzi.trade.payments.models import Payment
from quanzi.trade.payments.queries import of_payable
from quanzi.trade.polls import services as polls
from quanzi.trade.sales.models import Order, PickupPoint
from tests.factories import (
    chains,
    community,
    deals,
    goods,
    launches,
    people,
    preorders,
    sending,
    spread,
    stations,
    stores,
    supply,
    trade,
)
from tests.factories.hooks import make_delivery, make_endpoint
from tests.factories.rewards import make_coupon


@dataclass
class Things:
    """What one person has. `values` answer the path parameters of the API, by operation where the name alone does not say."""

    member: Member
    values: dict[str, Any] = field(default_factory=dict)


@dataclass
class World:
    me: Things
    other: Things
    sku: Sku
    point: PickupPoint
    deal: GroupDeal
    team: Team
    order: Order
    picture: Picture


def make_world(me: Member | None = None) -> World:
    now = clock.now()
    sku = goods.make_sku(
        stock_of=500, product=goods.make_product(maker=goods.make_maker(), origin="山东莒南", now=now), now=now
    )
    goods.catalogue.publish(product=sku.product, actor="test", now=now)
    point = trade.make_point()
    deal = deals.make_deal(sku=sku, per_member_limit=5)
    team, seat_order = deals.open_team(deal, trade.make_buyer(), point=point)
    deals.pay(seat_order)
    mine, other = (
        _things(me or people.make_member(), sku, point, team),
        _things(people.make_member(), sku, point, team),
    )
    while deliver_pending():
        continue
    for one in (mine, other):
        paid = one.values["paid_order"]
        one.values["fulfilment_id"] = Fulfilment.objects.get(order=paid).pk
    trust.ask_tie(source=other.member, target=mine.member, kind="family", now=now)
    mine.values["request_id"] = mine.member.requests_in.get().pk
    picture = Picture.objects.get(pk=goods.make_picture().pk)
    Picture.objects.filter(pk=picture.pk).update(owner_id=mine.member.pk)
    return World(mine, other, sku, point, deal, team, mine.values["order"], picture)


def _given_on(edition: Edition, member: Member, now: datetime) -> Handing:
    """A piece that its owner would hand on to whoever has the link."""
    order = launches.order_piece(edition, member=member, number=2, now=now)
    trade.pay(order, now=now)
    trade.sales.mark_handed_over(order_id=order.pk, lots={}, actor="test", now=now)
    return hand_on(piece_id=edition.pieces.get(number=2).pk, member=member, now=now)


def _issued(order: Order, member: Member, now: datetime) -> Invoice:
    asked = aftersales.ask_invoice(order_id=order.pk, member=member, kind="person", title=member.name, now=now)
    return aftersales.issue(
        invoice_id=asked.pk, actor_member=trade.make_staff("finance"), number=f"INV-{member.pk}", now=now
    )


def _things(member: Member, sku: Sku, point: PickupPoint, team: Team) -> Things:
    now = clock.now()
    circle = community.make_circle(founder=member, admission="invitation", now=now)
    link = circles.make_join_link(circle=circle, member=member, now=now)
    post = community.make_post(author=member, circle=circle, kind="question", title="怎么蒸？", now=now)
    comment = posts.comment(post=post, author=member, body="二十分钟", now=now)
    order = trade.make_order(member=member, sku=sku, point=point)
    paid = trade.make_paid_order(member=member, sku=sku, point=point)
    kept = trade.make_received_order(member=member, sku=sku, point=point)
    trade.sales.say_kept(line_id=kept.lines.get().pk, member=member, now=now)
    claimed = trade.make_received_order(member=member, sku=sku, point=point)
    claim = aftersales.ask(line_id=claimed.lines.get().pk, member=member, reason="spoiled", note="坏了", now=now)
    refused = trade.make_received_order(member=member, sku=sku, point=point)
    answer = aftersales.ask(line_id=refused.lines.get().pk, member=member, reason="spoiled", note="碎了", now=now)
    aftersales.decline(claim_id=answer.pk, actor_member=trade.make_staff("finance"), answer="看不出", now=now)
    dispute = aftersales.contest(claim_id=answer.pk, member=member, words="里面是碎的", now=now)
    invoice = aftersales.ask_invoice(order_id=refused.pk, member=member, kind="person", title=member.name, now=now)
    given = aftersales.compensate(
        line_id=refused.lines.get().pk, actor_member=trade.make_staff("finance"), reason="goodwill", amount_minor=500, words="抱歉",
        idempotency_key=f"world:{refused.pk}", now=now,
    )  # fmt: skip
    payment: Payment = trade.start_payment(order)
    source = sources.create_source(kind="parcel", name=f"包裹卡 {member.pk}", now=now)
    session = note_login(member=member, session_key=f"key{member.pk}", user_agent="", ip=None, now=now)
    guest = people.make_member()
    lot = goods.make_lot(sku=sku, now=now)
    filed = report(member=guest, subject=f"post:{post.pk}", reason="spam", now=now)
    waiting = _waiting(circle, guest)
    told = make_delivery(endpoint=make_endpoint(kinds=["lot.recalled"]), now=now)
    again = Replay.objects.create(
        endpoint=told.endpoint, since=now - timedelta(days=1), until=now, total=0, asked_at=now, finished_at=now
    )
    supplied = supply.make_offer(supply.make_goods(supply.make_supplier(sends_direct=True), sku=sku))
    supply.supply.add_person(supplier=supplied.goods.supplier, member=member, actor="test", now=now)
    purchase = supply.make_purchase(offer=supplied)
    batch = preorders.make_preorder(now=now)
    place = preorders.hold(batch, member=member, now=now)
    store, paid_by = stores.make_store(keeper=member, now=now), stores.make_link(now=now)
    round_ = stations.make_round(station=stations.make_station(now=now), now=now)
    stop = round_.stops.get()
    entry = stations.order_in(round_, member=member, now=now).round_entry
    listed = chains.make_chain(circle=circle, opener=member, sku=sku, now=now)
    day, edition = launches.make_day(now=now), launches.make_edition(now=now)
    mine = edition.pieces.get(number=1)
    trade.pay(launches.order_piece(edition, member=member, number=1, now=now), now=now)
    given_on = _given_on(edition, member, now)
    launch = launches.make_launch(now=now)
    run = sending.make_run(driver=member, now=now)
    parcel = fulfilment.pack(
        fulfilment_id=trade.open_fulfilment(trade.make_paid_order(sku=goods.make_sku(stock_of=3))).pk,
        actor_member=people.make_staff(), supplier_id=supplied.goods.supplier_id, now=now,
    )  # fmt: skip
    paper = supply.supply.add_paper(
        product=sku.product, kind="origin", number=f"CO-{member.pk}", issuer="海关", issued_on=clock.today(now),
        actor="staff:0", actor_word="staff:0", now=now,
    )  # fmt: skip
    people.befriend(member, friend := people.make_member())
    asked = polls.ask(asker=member, sku_ids=[goods.make_sku(stock_of=3).pk], member_ids=[friend.pk], now=now)
    wished = bargains.ask(sku_id=sku.pk, opener=member, wish_minor=1, now=now)
    coupon = make_coupon(now=now)
    values = {
        "coupon": coupon.code, "coupon_id": coupon.pk,
        "film": films.begin(owner_id=member.pk, key="a-film-of-mine", size=9, now=now).code,
        "handing": given_on.token, "issued_order": kept.number, "issued_id": _issued(kept, member, now).pk,
        "launch": launch.code, "launch_id": launch.pk, "day": day.slug, "day_id": day.pk, "edition": edition.code, "piece": mine.code,
        "chain": listed.code, "chain_id": listed.pk, "bargain": wished.code, "bargain_id": wished.pk, "asked": asked.code,
        "plan_id": spread.make_plan(now=now).pk, "seed_id": spread.make_asked_seed(member=member, now=now).pk,
        "call_id": spread.make_call(member=member, now=now).pk,
        "need_id": want(member=member, words="酸面包", now=now).pk, "search_id": 999_999_999,
        "topic_id": Topic.objects.get(name="茶").pk, "watch_id": 999_999_999, "lead_id": 999_999_999,
        "word_line": add_words(words=f"name{member.pk}", actor="test", now=now).pk,
        "store": store.code, "store_code": store.code, "pay_link": paid_by.code, "link_id": paid_by.pk,
        "kind": "u", "key": str(member.pk), "pin_id": 999_999_999, "measure": "answers",
        "update_id": write_update(member=member, centre=of_member(member), words="到了新米", now=now).pk,
        "split_id": 999_999_999, "part_id": 999_999_999, "event_id": 999_999_999, "pattern_id": 999_999_999,
        "round_id": round_.pk, "station_id": stop.station_id, "station": stop.station.code, "stop_id": stop.pk, "entry_id": entry.pk,
        "application_id": stations.make_application(member=member, now=now).pk,
        "driver_id": sending.make_driver().driving.get().pk,
        "run": run.code, "run_id": run.pk, "run_stop": run.stops.get().pk, "parcel_id": parcel.pk, "paper_id": paper.pk,
        "preorder_id": batch.pk, "place_id": place.pk, "deposit": of_payable("deposit", place.pk)[0].number,
        "supplier_id": supplied.goods.supplier_id, "offer_id": supplied.pk, "purchase": purchase.number,
        "purchase_line": supply.line_of(purchase).pk, "ref": "round:404", "template_id": 999_999_999,
        "address_id": people.make_address(member).pk, "circle": circle.slug, "circle_id": circle.pk, "link": link.token, "post_id": post.pk,
        "comment_id": comment.pk, "order": order, "paid_order": paid, "line_id": kept.lines.get().pk, "kept_order": kept,
        "claim_id": claim.pk, "dispute_id": dispute.pk, "refused_order": refused, "refused_claim": answer.pk,
        "invoice_id": invoice.pk, "compensation_id": given.pk, "help_id": 999_999_999, "payment": payment.number,
        "source_id": source.pk, "session_id": session.pk,
        "membership_id": waiting.pk, "guest": guest.pk, "member_id": member.pk, "token_id": 999_999_999, "request_id": 999_999_999,
        "product": sku.product.slug, "maker": sku.product.maker.slug if sku.product.maker else "none", "sku_id": sku.pk,
        "point_id": point.pk, "product_id": sku.product_id, "lot_id": lot.pk, "picture_id": 999_999_999,
        "case_id": 999_999_999, "refund_id": 999_999_999, "report_id": filed.pk, "ring_id": 999_999_999,
        "endpoint_id": told.endpoint_id, "delivery_id": told.pk, "replay_id": again.pk,
        "deal_id": team.deal_id, "team": team.code, "number": order.number, "payout_id": 999_999_999, "approval_id": 999_999_999,
        "invitation_id": 999_999_999, "rule_id": 999_999_999, "dispatch_id": 999_999_999,
    }  # fmt: skip
    return Things(member, values)


def _waiting(circle: Any, guest: Member) -> Membership:
    """Somebody at the door, as if the circle had a question."""
    return Membership.objects.create(
        circle=circle, member=guest, state="asked", answer="想学做菜", asked_at=clock.now()
    )


def path_values(path: str, things: Things) -> dict[str, str]:
    """Values for the parameters of a path of the OpenAPI document."""
    have = things.values
    special: dict[str, str] = {}
    if path.startswith(("/products/", "/me/wishes/", "/me/seen/", "/me/recommendations/")):
        special["slug"] = have["product"]
    elif path.startswith(("/makers/", "/staff/makers/")):
        special["slug"] = have["maker"]
    elif path.startswith("/circles/"):
        special["slug"] = have["circle"]
    if path.startswith(("/payments/", "/staff/payments/")):
        special["number"] = have["payment"]
    elif "/lines/" in path:
        special["number"] = have["kept_order"].number
    elif path.startswith("/staff/orders/"):
        special["number"] = have["paid_order"].number
    if path.startswith("/staff/search-words/"):
        special["line_id"] = have["word_line"]
    if "/purchases/{number}" in path:
        special |= {"number": have["purchase"], "line_id": have["purchase_line"]}
    if path.startswith("/stores/"):
        special["code"] = have["store"]
    elif path.startswith("/me/runs/"):
        special["code"] = have["run"]
    elif path.startswith("/films/"):
        special["code"] = have["film"]
    elif path.startswith("/pay-links/"):
        special["code"] = have["pay_link"]
    elif path.startswith("/stations/"):
        special["code"] = have["station"]
    elif path.startswith("/teams/"):
        special["code"] = have["team"]
    elif path.startswith("/chains/"):
        special["code"] = have["chain"]
    elif path.startswith("/launches/"):
        special["code"] = have["launch"]
    elif path.startswith("/editions/"):
        special["code"] = have["edition"]
    elif path.startswith("/pieces/"):
        special["code"] = have["piece"]
    elif path.startswith("/asked/"):
        special["code"] = have["asked"]
    elif path.startswith("/bargains/"):
        special["code"] = have["bargain"]
    elif path.startswith("/coupons/"):
        special["code"] = have["coupon"]
    elif path.startswith("/divisions/"):
        special["code"] = "330000" if path.endswith("cities") else "330100"
    if "/stops/" in path and path.endswith(("/here", "/given", "/missed", "/move")):
        special["stop_id"] = have["run_stop"]
    if path.startswith("/brand-days/"):
        special["slug"] = have["day"]
    if path.startswith("/handings/"):
        special["token"] = "nothing"
    if path.startswith("/join-links/"):
        special["token"] = have["link"]
    if path.startswith("/circles/") and "member_id" in path:
        special["member_id"] = str(have["guest"])
    return {name: str(value) for name, value in {**have, **special}.items()}
