"""One page from goods to payment: where, lines, every adjustment with its reason, options, payment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from quanzi.community.circles.queries import my_circle_ids
from quanzi.faces.storefront.forms import problems
from quanzi.faces.storefront.shopping import placing
from quanzi.faces.storefront.shopping.changing import changed, drawn_anew
from quanzi.faces.storefront.shopping.drawing import label_of
from quanzi.faces.storefront.shopping.paying import begin, ways
from quanzi.faces.storefront.shopping.wishes import Wish, drawn_lines, price_of, wish_of
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.goods.pricing.errors import NotSentThere
from quanzi.goods.pricing.freight import BY_PLACE
from quanzi.goods.pricing.services import Quote
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.kernel.ids import new_token
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.queries import addresses
from quanzi.people.contact.models import Channel, Purpose
from quanzi.people.contact.services import allows
from quanzi.trade.fulfilment.errors import NameForCustoms
from quanzi.trade.fulfilment.services import customs
from quanzi.trade.rewards.errors import CouponNotForThis, CouponNotFree
from quanzi.trade.rewards.queries import Choice as CouponChoice
from quanzi.trade.rewards.queries import choices, without_coupon
from quanzi.trade.sales.errors import KeyReused
from quanzi.trade.sales.models import DeliveryMethod
from quanzi.trade.sales.queries import open_points
from quanzi.trade.sales.rules import LONGEST_NOTE


@dataclass(frozen=True)
class Choice:
    """What the person chose so far; what is missing falls back to the usual."""

    method: str
    point_id: int | None
    address_id: int | None
    note: str
    provider: str
    shows_purchase: bool


@dataclass(frozen=True)
class Elsewhere:
    """Another page to go to, and what to tell there."""

    address: str
    why: str = ""


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: HttpRequest) -> HttpResponse:
    """Show what it costs and why; place the order and lead to the payment."""
    me, now = member_of(request), clock.now()
    anew = changed(request)
    asked = anew or (request.POST if request.method == "POST" else request.GET)
    wish = wish_of(asked, member=me, now=now)
    is_looking = anew is not None or request.method != "POST"
    if is_looking and (elsewhere := _elsewhere(wish, me)):
        if elsewhere.why:
            messages.info(request, elsewhere.why)
        return redirect(elsewhere.address)
    choice = _choice(asked)
    if is_looking:
        page = _page(request, me, wish, choice, now=now)
        return page if anew is None else drawn_anew(page, _address(wish, choice.method))
    try:
        name = _customs_name(asked, wish, me, now)
        order = placing.place(wish, asked, method=choice.method, point_id=choice.point_id, address_id=choice.address_id,
                              note=choice.note, provider=choice.provider, member=me, now=now)  # fmt: skip
    except NotFound:
        raise
    except DomainError as refused:
        return _page(request, me, wish, choice, now=now, refusal=refused)
    if name:
        customs.declare(order_id=order.pk, member=me, name=name, now=now)
    if choice.shows_purchase:
        placing.show_purchases(member=me, now=now)
    return begin(request, order_id=order.pk, number=order.number, provider=choice.provider, member=me, now=now)


def _customs_name(asked: QueryDict, wish: Wish, me: Member, now: datetime) -> str:
    """Whom customs is told of, empty when it asks nobody; raises NameForCustoms without a name and a yes."""
    if not price_of(wish, method=None, member=me, now=now).must_declare:
        return ""
    if asked.get("customs_agreed") != "on":
        raise NameForCustoms(field="customs_name")
    return customs.checked_name(asked.get("customs_name", ""))


def _elsewhere(wish: Wish, me: Member) -> Elsewhere | None:
    """Where to go instead, when there is nothing to order here; those pages tell why, other than a circle's."""
    if not wish.lines:
        return Elsewhere(reverse("storefront:cart"))
    if wish.team is not None and not wish.team.may_join:
        return Elsewhere(reverse("storefront:team", args=[wish.team.card.code]))
    if wish.link is not None and not wish.link.is_usable:
        return Elsewhere(reverse("storefront:pay_link", args=[wish.link.code]))
    offer = wish.offer
    if offer is not None and offer.circle_id is not None and offer.circle_id not in my_circle_ids(me):
        why = gettext("This deal is for members of the circle “%(name)s”.") % {"name": offer.circle_name}
        return Elsewhere(reverse("storefront:circle", args=[offer.circle_slug]), why)
    return None


def _choice(asked: QueryDict) -> Choice:
    return Choice(
        method=asked.get("method", ""),
        point_id=id_in(asked.get("point")),
        address_id=id_in(asked.get("address")),
        note=asked.get("note", "")[: LONGEST_NOTE * 4],
        provider=asked.get("provider", "") or ways()[0],
        shows_purchase=asked.get("social_proof") == "on",
    )


def _page(
    request: HttpRequest, me: Member, wish: Wish, choice: Choice, *, now: datetime, refusal: DomainError | None = None
) -> HttpResponse:
    points = open_points()
    if wish.only_point_id is not None:
        points = [point for point in points if point.id == wish.only_point_id]
        choice = replace(choice, method=DeliveryMethod.PICKUP)
    method = choice.method if choice.method in DeliveryMethod.values else "pickup" if points else "delivery"
    book = addresses(me) if method == DeliveryMethod.DELIVERY else []
    address = choice.address_id or (book[0].pk if book else None)
    try:
        priced = price_of(wish, method=method, address_id=address, member=me, now=now)
    except NotSentThere as refused:  # told beside the addresses, where another can be chosen
        refusal = refusal or refused
        priced = price_of(wish, method=None, member=me, now=now)
    except (CouponNotFree, CouponNotForThis) as refused:  # the same order without it, so that another can be chosen
        return _page(request, me, replace(wish, coupon_id=None), choice, now=now, refusal=refusal or refused)
    wrong = problems(refusal)
    context: dict[str, Any] = {
        "wish": wish,
        "choice": choice,
        "method": method,
        "methods": _methods(wish, method),
        "points": points,
        "point": choice.point_id or (points[0].id if points else None),
        "addresses": book,
        "address": address,
        "freight_follows": any(step.source == BY_PLACE for step in priced.steps) or "address_id" in wrong,
        "back": _back(wish),
        "here": _address(wish, method),
        "lines": drawn_lines(priced, are_set_aside=wish.special is not None and wish.special.is_set_aside),
        "gives_up": placing.given_up_in(request.POST),
        "to_door": request.POST.get("to_door", ""),
        "is_customs_agreed": request.POST.get("customs_agreed") == "on",
        "sums": _sums(priced),
        "coupons": _coupons(wish, method, priced, me, now),
        "priced": priced,
        "included": [(label_of(step), Money(step.amount_minor, priced.currency)) for step in priced.included],
        "customs_name": asked_name
        if (asked_name := request.POST.get("customs_name")) is not None
        else book[0].recipient
        if book
        else "",
        "ways": ways(),
        "key": new_token() if isinstance(refusal, KeyReused) else request.POST.get("key") or new_token(),
        "asks_consent": not allows(me.pk, Purpose.SOCIAL_PROOF, Channel.NONE),
        "problems": wrong,
        "first": next((field for field in wrong if field), ""),
        "longest_note": LONGEST_NOTE,
    }
    was_sent = request.method == "POST" and changed(request) is None  # a page drawn anew went well, whatever it tells
    return show(request, "shopping/checkout.html", context, status=refusal.status if refusal and was_sent else 200)


def _back(wish: Wish) -> str:
    """Where the goods were chosen."""
    if wish.special is not None:
        return wish.special.back
    if wish.team is not None:
        return reverse("storefront:team", args=[wish.team.card.code])
    if wish.station is not None:
        return reverse("storefront:station", args=[wish.station.code])
    if wish.link is not None:
        return reverse("storefront:pay_link", args=[wish.link.code])
    if wish.store is not None:
        return reverse("storefront:store", args=[wish.store.code])
    if wish.offer is not None:
        return reverse("storefront:product", args=[wish.offer.product_slug])
    return reverse("storefront:cart" if wish.from_cart else "storefront:discover")


def _address(wish: Wish, method: str) -> str:
    return f"{reverse('storefront:checkout')}?{urlencode([*wish.fields, ('method', method)])}"


def _coupons(wish: Wish, method: str, priced: Quote, me: Member, now: datetime) -> list[tuple[CouponChoice, str]]:
    """The member's free coupons with the address that chooses each, or lets it go again; the one that takes off most first."""
    if not wish.may_use_coupon:
        return []
    plain = replace(wish, coupon_id=None)
    return [
        (one, _address(plain if one.mine.id == wish.coupon_id else replace(wish, coupon_id=one.mine.id), method))
        for one in choices(member=me, priced=without_coupon(priced), now=now)
    ]


def _methods(wish: Wish, method: str) -> list[tuple[str, str, bool, str]]:
    """Pickup and delivery as two links; each page says what it costs."""
    labels = [("pickup", gettext("Pick up"), "store"), ("delivery", gettext("Deliver"), "truck")]
    if wish.only_point_id is not None:  # a round comes to its stations, and a store hands over what stands in it
        labels = labels[:1]
    return [(label, _address(wish, key), key == method, icon) for key, label, icon in labels]


def _sums(priced: Quote) -> list[tuple[str, Money, str]]:
    rows = [(gettext("Goods at list price"), priced.goods, "")]
    rows += [(label_of(step), Money(step.amount_minor, priced.currency), "") for step in priced.summary]
    return [*rows, (gettext("To pay"), priced.amount, "total")]
