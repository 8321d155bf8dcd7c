"""Clients of the staff, and a small shop in which every address of the console has something behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from quanzi.community.circles.services import ask_to_join
from quanzi.faces.console.tasks import check_books
from quanzi.goods.catalogue.services import add_picture
from quanzi.goods.pricing.areas import Area
from quanzi.goods.pricing.templates import save_template
from quanzi.growth.commission.services import make_payout
from quanzi.growth.importing.models import ImportRun
from quanzi.growth.importing.sheets.services import send_in
from quanzi.growth.needs.services import want
from quanzi.growth.replicating.services import make_pattern
from quanzi.growth.sources.services import create_source
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.safety.services import report
from quanzi.trade.aftersales.services import ask, ask_invoice, contest, decline, issue, keep_file
from quanzi.trade.bargains.services import ask as ask_price
from tests.factories import deals as deal_factory
from tests.factories.chains import make_chain
from tests.factories.commission import make_leader, make_payable_line
from tests.factories.community import make_circle, make_post
from tests.factories.goods import make_lot, make_picture, make_sku
from tests.factories.hooks import make_delivery
from tests.factories.launches import make_day, make_edition, make_launch
from tests.factories.people import log_in, make_invitation, make_member, make_staff
from tests.factories.preorders import make_preorder
from tests.factories.rewards import make_coupon
from tests.factories.sending import make_batch, make_driver, make_parcel, make_run
from tests.factories.spread import make_plan
from tests.factories.stations import make_application, make_round, make_station
from tests.factories.stores import make_link, make_store
from tests.factories.supply import line_of, make_goods, make_offer, make_purchase, make_supplier
from tests.factories.trade import make_paid_order, make_point, make_received_order, open_fulfilment


def client_of(member: Member | None = None, language: str = "zh-hans") -> Client:
    """A browser, logged in unless nobody is named."""
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    if member is not None:
        log_in(client, member)
    return client


def staff_client(role: str = "owner", language: str = "zh-hans") -> Client:
    return client_of(make_staff(role), language)


def page(client: Client, name: str, *args: object, query: str = "", status: int = 200) -> str:
    """The drawn page at an address of the console."""
    response = client.get(reverse(f"console:{name}", args=args) + query)
    assert response.status_code == status, (name, response.status_code)
    return response.content.decode()


@dataclass(frozen=True)
class Shop:
    """Keyword arguments of every address, by the name that the addresses use for them."""

    keys: dict[str, Any]


def make_invoice() -> int:
    """Issued, with its file."""
    order, finance, now = make_paid_order(), make_staff("finance"), clock.now()
    made = ask_invoice(order_id=order.pk, member=order.member, kind="person", title="李小雨", now=now)
    issue(invoice_id=made.pk, actor_member=finance, number=f"2533{order.pk:08}", now=now)
    keep_file(invoice_id=made.pk, actor_member=finance, data=b"%PDF-1.7 %%EOF", is_red=False, now=now)
    return made.pk


def small_shop() -> Shop:
    """One of everything."""
    now = clock.now()
    sku = make_sku(stock_of=50)
    lot = make_lot(sku=sku, expires_at=now + timedelta(hours=30))
    picture = make_picture()
    add_picture(product=sku.product, picture=picture, actor="test", now=now)
    order = make_paid_order(sku=sku, point=make_point())
    open_fulfilment(order)
    claim = ask(
        line_id=_line(make_received_order(sku=sku)),
        member=_buyer(sku),
        reason="spoiled",
        note="坏了一角",
        now=clock.now(),
    )
    deal = deal_factory.make_deal(sku=sku)
    team, _ = deal_factory.open_team(deal, deal_factory.make_buyer())
    circle = make_circle(admission="question", question="住几号楼")
    newcomer = make_member()
    place = ask_to_join(circle=circle, member=newcomer, answer="3 号", now=now)
    post = make_post(author=circle.founder, circle=circle)
    complaint = report(member=newcomer, subject=f"post:{post.pk}", reason="spam", now=now)
    run = ImportRun.objects.create(
        kind="groupbuy", folder_name="beibei", fingerprint="0" * 64, total=10, done=10, started_at=now, updated_at=now,
        finished_at=now, report={"teams_succeeded": 4, "top_openers": [{"name": "甲", "teams": 2}], "states": {"failed": 1}},
    )  # fmt: skip
    sheet = send_in(
        kind="goods",
        data=b"name,code,price\nJam,JAM,18\n",
        file_name="goods.csv",
        actor=make_staff("operator"),
        now=now,
    )
    source = create_source(kind="parcel", name="包裹卡片", now=now)
    told = make_delivery(now=now)
    offer = make_offer(make_goods(make_supplier(sends_direct=True), sku=sku))
    purchase = make_purchase(offer=offer)
    station = make_station()
    round_made = make_round(station=station)
    asked = make_application(now=now)
    check_books(now=now)
    return Shop({
        "source_id": source.pk, "member_id": newcomer.pk, "circle_id": circle.pk, "membership_id": place.pk,
        "report_id": complaint.pk, "ring_id": 1, "post_id": post.pk, "claim_id": claim.pk, "dispute_id": make_dispute(sku),
        "invoice_id": make_invoice(), "compensation_id": 1, "help_id": 1,
        "number": order.number, "deal_id": deal.pk,
        "code": team.code, "lot_id": lot.pk, "product_id": sku.product_id, "picture_id": picture.pk, "import_id": run.pk,
        "run_id": make_run(now=now).pk, "driver_id": make_driver().driving.get().pk,
        "batch_id": make_batch(now=now).pk, "parcel_id": make_parcel(now=now).pk,
        "sheet_id": sheet.pk, "export_id": 1, "case_id": 1,
        "endpoint_id": told.endpoint_id, "delivery_id": told.pk,
        "approval_id": 1, "sku_id": sku.pk,
        "chain_id": make_chain(circle=circle, opener=circle.founder, sku=sku, now=now).pk,
        "need_id": want(member=newcomer, words="酸面包", now=now).pk,
        "bargain_id": ask_price(sku_id=sku.pk, opener=newcomer, wish_minor=1, now=now).pk,
        "coupon_id": make_coupon(now=now).pk,
        "payout_id": make_payout_of_somebody(), "rule_id": 1, "refund_id": 1, "invitation_id": make_invitation().pk,
        "template_id": save_template(name="运费", areas=[Area()], actor="test", now=now).pk,
        "supplier_id": purchase.supplier_id, "purchase_id": purchase.pk, "line_id": line_of(purchase).pk, "offer_id": offer.pk,
        "link_id": make_link(now=now).pk, "store_code": make_store(now=now).code,
        "pattern_id": make_pattern(circle=make_circle(), areas=["某地"], actor="test", now=now).pk,
        "station_id": station.pk, "round_id": round_made.pk, "stop_id": round_made.stops.get().pk, "application_id": asked.pk,
        "preorder_id": make_preorder(now=now).pk, "launch_id": make_launch(now=now).pk, "day_id": make_day(now=now).pk,
        "edition_id": make_edition(now=now).pk,
        "plan_id": make_plan(now=now).pk, "seed_id": 1,
        "key": "shop", "kind": "terms",
    })  # fmt: skip


def make_dispute(sku: Any) -> int:
    """An answer that its buyer contests."""
    now, line_id = clock.now(), _line(make_received_order(sku=sku))
    buyer = _buyer(sku)
    claim = ask(line_id=line_id, member=buyer, reason="spoiled", note="碎了", now=now)
    decline(claim_id=claim.pk, actor_member=make_staff("finance"), answer="照片里是好的", now=now)
    return contest(claim_id=claim.pk, member=buyer, words="里面是碎的", now=now).pk


def make_payout_of_somebody() -> int:
    """A payout that waits to be sent."""
    leader = make_leader()
    make_payable_line(leader)
    return make_payout(member_id=leader.pk, staff=make_staff("finance"), idempotency_key="desk", now=clock.now()).pk


def _line(order: Any) -> int:
    return int(order.lines.get().pk)


def _buyer(sku: Any) -> Member:
    line = sku.order_lines.order_by("-pk").first()
    return Member.objects.get(pk=line.member_id)
