"""Unmistakable amounts and words are planted; then every page, sheet and answer is read as each role of the staff.

What a role may not see by `policies.FIELDS` must be nowhere, whichever page or operation would have shown it.
The owner, who sees every field, reads all of it. What shows the owner nothing that was planted is read by one role more,
in turn; by all of them in `./dev fuzz`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as site
from django.db import transaction
from django.test import Client
from django.urls import reverse

from quanzi.growth.commission.services import make_payout
from quanzi.growth.sources.services import create_source, enter_spend
from quanzi.kernel import clock
from quanzi.kernel.clock import today
from quanzi.people.accounts.models import StaffRole
from quanzi.people.accounts.policies import FIELDS, may_see
from quanzi.people.accounts.services import add_address
from quanzi.trade.aftersales.services import ask
from quanzi.trade.payments import services as payments
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order
from tests.faces.api.conftest import Caller
from tests.faces.api.world import Things, World
from tests.faces.console.desk import Shop, small_shop
from tests.factories.commission import make_account, make_leader, make_payable_line
from tests.factories.goods import make_sku
from tests.factories.people import WEST_LAKE, log_in, make_member, make_staff
from tests.factories.trade import make_received_order, open_fulfilment, start_payment
from tests.hostile.routes import Route, every_route, pages_of_the_console

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("default")]


def amount(minor: int) -> str:
    """How pages, sheets and programs write an amount, as a pattern; not as a part of a longer number."""
    return "|".join(
        rf"(?<![\d,.]){re.escape(text)}(?!\d)" for text in (str(minor), f"{minor / 100:.2f}", f"{minor / 100:,.2f}")
    )


PRICE, COST, REFUND, SPEND = 900_000, 3_131_377, 13_731, 4_242_471
PRICE_OF_GUEST, COMMISSION = 864_230, 86_423
"""Ten per cent; small enough for one person to pay it out."""

PHONE, STREET, PAYER, ACCOUNT = "13955577913", "密室巷 77 号", "PAYER-QX77", "6222 8888 7777 4471"

PLANTED = {
    "cost": amount(COST), "margin": amount(COST - PRICE), "refund": amount(REFUND), "commission": amount(COMMISSION), "ledger": amount(SPEND),
    "phone": PHONE,
    "address": STREET, "payer": PAYER, "payout_account": ACCOUNT.replace(" ", " ?"),
}  # fmt: skip


def test_each_field_of_the_table_is_planted() -> None:
    assert set(PLANTED) == set(FIELDS)


def planted_order(*, is_received: bool) -> Order:
    """With a dear purchase price, somebody's phone and street, a payer, and a part that went back."""
    now, buyer = clock.now(), make_member(phone=None if is_received else f"+86{PHONE}")
    home = add_address(
        member=buyer, recipient="林小雨", phone=PHONE, region_code=WEST_LAKE, detail=STREET, is_default=True, now=now
    )
    sku = make_sku(price_minor=PRICE, cost_minor=COST, stock_of=5)
    order = sales.place_order(
        member=buyer, lines=[(sku.pk, 1)], method="delivery", address_id=home.pk, idempotency_key="planted", now=now
    )
    payments.capture_offline(payment_id=start_payment(order).pk, reference=f"{PAYER}-{order.pk}", actor="test", now=now)
    if is_received:
        sales.mark_handed_over(order_id=order.pk, now=now)
        sales.confirm_receipt(order_id=order.pk, member=buyer, now=now)
    sales.refund_line(
        line_id=order.lines.get().pk,
        amount_minor=REFUND,
        reason="spoilt",
        actor="system",
        idempotency_key="part",
        now=now,
    )
    return order


def plant(world: World) -> tuple[World, dict[str, Any]]:
    """The world asked about the planted things, and the same for the console."""
    shop, order, received = small_shop(), planted_order(is_received=False), planted_order(is_received=True)
    line = received.lines.get()
    claim = ask(line_id=line.pk, member=received.member, reason="spoiled", note="坏了", now=clock.now())
    kept = make_received_order(member=order.member, sku=line.sku)
    sales.say_kept(line_id=kept.lines.get().pk, member=order.member, now=clock.now())
    leader = make_leader(has_account=False)
    make_account(leader, number=ACCOUNT)
    make_payable_line(leader, price_minor=PRICE_OF_GUEST)
    payout = make_payout(member_id=leader.pk, staff=make_staff("finance"), idempotency_key="planted", now=clock.now())
    due = make_leader()
    make_payable_line(due, price_minor=PRICE_OF_GUEST)
    source, now = create_source(kind="parcel", name="planted", now=clock.now()), clock.now()
    enter_spend(source=source, amount_minor=SPEND, spent_on=today(now), what="ads", key="planted", actor=None, now=now)
    ids: dict[str, Any] = {
        "fulfilment_id": open_fulfilment(order).pk, "number": order.number, "paid_order": order, "order": order, "claim_id": claim.pk,
        "product_id": line.sku.product_id, "product": line.sku.product.slug, "sku_id": line.sku_id, "line_id": line.pk,
        "kept_order": received, "payout_id": payout.pk, "source_id": source.pk, "member_id": order.member_id,
    }  # fmt: skip
    known = shop.keys | {name: value for name, value in ids.items() if name in shop.keys}
    return replace(world, other=Things(world.other.member, world.other.values | ids)), known


class Reader:
    """Somebody of the staff with a browser and a token; `read` gives all that one address answers."""

    def __init__(self, role: str) -> None:
        self.role, self.member = role, make_staff(role)
        self.browser, self.caller = Client(raise_request_exception=False), Caller(self.member)
        self.browser.cookies[site.LANGUAGE_COOKIE_NAME] = "en"
        log_in(self.browser, self.member)

    def read(self, route: Route) -> str:
        client = self.caller.client if route.kind == "api" else self.browser
        kept, sent = client.cookies.copy(), {}
        if route.kind == "api" and route.method != "GET":
            sent = {"data": route.body or {}, "content_type": "application/json"}
        with transaction.atomic():
            answer = getattr(client, route.method.lower())(
                route.path, headers={"Idempotency-Key": "a-key-of-mine-1"}, **sent
            )
            text = b"".join(answer.streaming_content) if answer.streaming else answer.content
            transaction.set_rollback(True)
        client.cookies = kept
        return text.decode(errors="replace")


ABOUT_OTHERS = ("storefront:order", "storefront:pay", "storefront:team", "storefront:leader", "storefront:member")
"""Members' pages that the staff may open about somebody else."""

SEALED_ROWS = ("payments_payment", "payments_refund", "commission_accrual", "commission_commissionrule")


def routes_of(world: World, known: dict[str, Any]) -> Iterator[Route]:
    """Everything that answers the staff: the console, its own part of the API, the back room's rows, pages about others."""
    asked = [f"/console/search?q={known['number']}", "/console/orders?show=all"]
    yield from (Route("console", path, "GET", path) for path in [*pages_of_the_console(Shop(known)), *asked])
    dates = "starts_on=2026-01-01&ends_on=2099-01-01"
    yield Route("api", "/staff/relation-ledger", "GET", f"/api/v1/staff/relation-ledger?{dates}")
    for name in SEALED_ROWS:
        for row in apps.get_model(*name.split("_"))._default_manager.order_by("-pk")[:4]:
            yield Route("admin", name, "GET", reverse(f"admin:{name}_change", args=[row.pk]))
        yield Route("admin", name, "GET", reverse(f"admin:{name}_changelist"))
    for route in every_route(world):
        is_api = route.kind == "api" and (route.method == "GET" or route.name.startswith(("/staff/", "/work/")))
        if is_api or (route.method == "GET" and route.name.startswith(ABOUT_OTHERS)):
            yield route


READ_BY_ALL = "QUANZI_FUZZ" in os.environ


def found_in(text: str) -> set[str]:
    """The fields of which an answer holds what was planted in them."""
    return {field for field, pattern in PLANTED.items() if re.search(pattern, text)}


def test_no_page_sheet_or_answer_holds_a_field_that_the_role_may_not_see(world: World, settings: Any) -> None:
    settings.API_MEMBER_CALLS = settings.API_VISITOR_CALLS = 0
    everywhere, known = plant(world)
    routes = list(routes_of(everywhere, known))
    owner, others = Reader(StaffRole.OWNER), [Reader(role) for role in StaffRole.values if role != StaffRole.OWNER]
    leaks: list[str] = []
    shown: set[str] = set()
    for turn, route in enumerate(routes):
        seen = found_in(owner.read(route))
        shown |= seen
        for place, reader in enumerate(others):
            if seen or READ_BY_ALL or turn % len(others) == place:
                hidden = {field for field in found_in(reader.read(route)) if not may_see(reader.member, field)}
                leaks += [f"{reader.role} reads {field}: {route.method} {route.name}" for field in hidden]
    assert leaks == []
    assert set(PLANTED) - shown == set(), "planted, and nowhere to be seen"
