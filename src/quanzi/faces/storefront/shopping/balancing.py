"""The balance of a preorder: where it goes, what is left to pay, and on to the payment."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from quanzi.faces.storefront.forms import problems
from quanzi.faces.storefront.shopping.changing import changed, drawn_anew
from quanzi.faces.storefront.shopping.drawing import given_up_for
from quanzi.faces.storefront.shopping.parsing import amount_in
from quanzi.faces.storefront.shopping.paying import begin, ways
from quanzi.faces.storefront.shopping.placing import given_up_in
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.faces.ui.environment import problem
from quanzi.goods.pricing.errors import NotSentThere
from quanzi.goods.pricing.services import Quote, QuoteLine, quote
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.kernel.ids import new_token
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.queries import addresses
from quanzi.trade.payments import providers
from quanzi.trade.preorders import services as preorders
from quanzi.trade.preorders.queries import PlaceCard, place_page
from quanzi.trade.sales.errors import KeyReused
from quanzi.trade.sales.models import DeliveryMethod
from quanzi.trade.sales.queries import open_points
from quanzi.trade.sales.rules import LONGEST_NOTE


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def balance(request: HttpRequest, place_id: int) -> HttpResponse:
    """Where it goes, what is left to pay, and on to the payment."""
    me, now = member_of(request), clock.now()
    page = place_page(place_id=place_id, member_id=me.pk, now=now)
    if not page.card.may_pay_balance and request.method != "POST":
        return redirect("storefront:place", place_id=place_id)
    if (anew := changed(request)) is not None:
        here = f"{reverse('storefront:balance', args=[place_id])}?{urlencode({'method': anew.get('method', '')})}"
        return drawn_anew(_balance(request, me, page.card, now, asked=anew), here)
    if request.method != "POST":
        return _balance(request, me, page.card, now)
    asked = request.POST
    is_pickup = asked.get("method") == DeliveryMethod.PICKUP
    try:
        providers.offered(asked.get("provider", ""))
        order = preorders.order_balance(
            place_id=place_id, member=me, method=asked.get("method", ""),
            address_id=None if is_pickup else id_in(asked.get("address")),
            pickup_point_id=id_in(asked.get("point")) if is_pickup else None,
            note=asked.get("note", "")[: LONGEST_NOTE * 4], expected_amount_minor=amount_in(asked.get("expected")),
            idempotency_key=asked.get("key", ""), without_return=given_up_in(asked), now=now,
        )  # fmt: skip
    except NotFound:
        raise
    except DomainError as refused:
        if not page.card.may_pay_balance:  # nothing here to correct: the place says how it stands
            messages.error(request, problem(refused))
            return redirect("storefront:place", place_id=place_id)
        return _balance(request, me, page.card, now, refused)
    return begin(
        request, order_id=order.pk, number=order.number, provider=asked.get("provider", ""), member=me, now=now
    )


def _balance(
    request: HttpRequest, me: Member, card: PlaceCard, now: datetime, refusal: DomainError | None = None,
    asked: QueryDict | None = None,
) -> HttpResponse:  # fmt: skip
    asked = asked or (request.POST if request.method == "POST" else request.GET)
    points = open_points()
    method = asked.get("method", "")
    method = method if method in DeliveryMethod.values else "delivery"
    book = addresses(me) if method == DeliveryMethod.DELIVERY else []
    address = id_in(asked.get("address")) or (book[0].pk if book else None)
    try:
        priced = _price(card, me, now, method, address)
    except NotSentThere as refused:
        refusal = refusal or refused
        priced = _price(card, me, now, None, None)
    here = reverse("storefront:balance", args=[card.id])
    labels = [("delivery", gettext("Deliver"), "truck"), ("pickup", gettext("Pick up"), "store")]
    context: dict[str, Any] = {
        "place": card,
        "card": card.preorder,
        "method": method,
        "methods": [(label, f"{here}?method={key}", key == method, icon) for key, label, icon in labels],
        "here": f"{here}?method={method}",
        "addresses": book,
        "address": address,
        "points": points,
        "point": id_in(asked.get("point")) or (points[0].id if points else None),
        "sums": [
            (card.preorder.title, card.total, ""),
            *([(gettext("Delivery"), Money(priced.freight_minor, priced.currency), "")] if priced.freight_minor else []),
            (gettext("Deposit, paid already"), Money(0) - card.deposit, ""),
            (gettext("Still to pay"), priced.amount - card.deposit, "total"),
        ],
        "line": {"sku_id": card.sku_id, "given_up_for": given_up_for(priced.lines[0].return_rule)},
        "gives_up": given_up_in(asked),
        "expected": priced.amount_minor,
        "to_pay": priced.amount - card.deposit,
        "ways": ways(),
        "key": new_token() if isinstance(refusal, KeyReused) else request.POST.get("key") or new_token(),
        "note": asked.get("note", ""),
        "longest_note": LONGEST_NOTE,
        "problems": problems(refusal),
    }  # fmt: skip
    was_sent = request.method == "POST" and changed(request) is None
    return show(request, "shopping/balance.html", context, status=refusal.status if refusal and was_sent else 200)


def _price(card: PlaceCard, me: Member, now: datetime, method: str | None, address: int | None) -> Quote:
    context = {"preorder_id": card.preorder.id, "apart": card.sku_id, "method": method, "address_id": address}
    context = {name: value for name, value in context.items() if value is not None}
    return quote(lines=[QuoteLine(card.sku_id, card.quantity)], member_id=me.pk, context=context, now=now)
