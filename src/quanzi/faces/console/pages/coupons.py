"""Coupons: every one, one with what became of it, a new one, and giving one to a member."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from quanzi.community.circles.models import Circle
from quanzi.faces.console.doors import FORM, WRITE, door, operator_of
from quanzi.faces.console.drawing.relation import with_query
from quanzi.faces.console.parsing import Reader, Sent, key_in, problems_of, typed
from quanzi.faces.console.viewing import attempt, show
from quanzi.goods.catalogue.models import Category, Product
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError
from quanzi.kernel.ids import new_token
from quanzi.people.approvals.models import Approval
from quanzi.trade.rewards import policies, queries, services
from quanzi.trade.rewards.errors import NoSuchCoupon
from quanzi.trade.rewards.models import LARGEST_BP, MOST, Kind, Way
from quanzi.trade.rewards.queries import Offer
from quanzi.trade.rewards.services import Terms

PAGE, CHOICES = 50, 500
STANDINGS = {
    "open": (gettext_lazy("open"), "accent"),
    "later": (gettext_lazy("opens later"), ""),
    "all_taken": (gettext_lazy("all taken"), "pine"),
    "over": (gettext_lazy("over now"), ""),
    "called_off": (gettext_lazy("called off"), ""),
}


@door("orders.view")
def coupons(request: HttpRequest) -> HttpResponse:
    """Every coupon, newest first."""
    now = clock.now()
    rows = queries.all_offers(before_id=key_in(request.GET.get("before")), limit=PAGE + 1)
    context: dict[str, Any] = {
        "here": "deals",
        "crumbs": [(gettext("Group deals"), reverse("console:deals")), (gettext("Coupons"), None)],
        "rows": [(row, _standing(row, now)) for row in rows[:PAGE]],
        "ways": dict(Way.choices),
        "next": with_query(request.path, before=rows[PAGE - 1].id) if len(rows) > PAGE else None,
        "may_make": policies.may_make(operator_of(request)),
    }
    return show(request, "coupons.html", context)


@door("orders.view")
def coupon(request: HttpRequest, coupon_id: int) -> HttpResponse:
    """One coupon: its terms, counts, who has it."""
    me, now = operator_of(request), clock.now()
    offer = queries.offer_by_id(coupon_id)
    if offer is None:
        raise NoSuchCoupon
    context: dict[str, Any] = {
        "here": "deals",
        "crumbs": [(gettext("Coupons"), reverse("console:coupons")), (offer.name_zh, None)],
        "offer": offer,
        "standing": _standing(offer, now),
        "way": dict(Way.choices)[Way(offer.way)],
        "counts": queries.counts(offer, now=now),
        "people": queries.taken_by(coupon_id, now=now),
        "is_running": offer.ended_at is None and now < offer.closes_at,
        "may_make": policies.may_make(me),
        "may_give": policies.may_give(me) and offer.way == Way.GIVEN and offer.is_open(now),
        "key": new_token(),
        "page": request.build_absolute_uri(reverse("storefront:coupon", args=[offer.code]))
        if offer.way == Way.PAGE
        else "",
    }
    return show(request, "coupon.html", context)


@door("shop.edit", FORM)
def new(request: HttpRequest) -> HttpResponse:
    """Make one: what it takes off, for what, for whom, when."""
    now = clock.now()
    if request.method != "POST":
        usual = {
            "opens_at": typed(now),
            "closes_at": typed(now + timedelta(days=14)),
            "use_days": "14",
            "most": "100",
            "each": "1",
        }
        return _show_form(request, Sent(**usual), None)
    reader = Reader(request.POST)
    try:
        terms: dict[str, Any] = {
            "name_zh": reader.text("name_zh", most=30), "name_en": reader.text("name_en", most=60),
            "kind": reader.choice("kind", Kind.values), "way": reader.choice("way", Way.values),
            "off_minor": reader.amount("off_minor", otherwise=0), "cap_minor": reader.amount("cap_minor", otherwise=0),
            "off_bp": reader.whole("percent", least=0, most=LARGEST_BP // 100, otherwise=0) * 100,
            "from_minor": reader.amount("from_minor"), "most": reader.whole("most", least=1, most=MOST),
            "each": reader.whole("each", least=1, most=20), "opens_at": reader.moment("opens_at"), "closes_at": reader.moment("closes_at"),
            "use_days": reader.whole("use_days", least=1, most=365, otherwise=0) or None, "use_by": reader.end_of("use_by"),
            "product_id": key_in(request.POST.get("product_id")), "category_id": key_in(request.POST.get("category_id")),
            "circle_id": key_in(request.POST.get("circle_id")),
        }  # fmt: skip
        reader.check()
        made = services.make_coupon(terms=Terms(**terms), actor=operator_of(request), now=now)
    except DomainError as refusal:
        return _show_form(request, Sent(request.POST.dict()), refusal)
    messages.success(request, gettext("The coupon stands as it was made."))
    return redirect("console:coupon", coupon_id=made.pk)


@door("shop.edit", WRITE)
def end(request: HttpRequest, coupon_id: int) -> HttpResponse:
    """Nobody takes it any more."""

    def act() -> None:
        services.end_coupon(coupon_id=coupon_id, actor=operator_of(request), now=clock.now())

    back = reverse("console:coupon", args=[coupon_id])
    return attempt(request, act, said=gettext("Called off. Whoever has one keeps it."), back=back, now=clock.now())


@door(policies.GIVING, WRITE, recent=True)
def give(request: HttpRequest, coupon_id: int) -> HttpResponse:
    """One for a member, with the reason."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    member_id, reason = reader.whole("member", least=1), reader.text("reason", most=200)
    said: list[str] = []

    def act() -> None:
        reader.check()
        done = services.give_or_ask(
            coupon_id=coupon_id, member_id=member_id, reason=reason, staff=me,
            idempotency_key=f"console:{request.POST.get('key', '')[:40]}", now=now,
        )  # fmt: skip
        waits = gettext("Asked for a second person; it is given when they agree.")
        said.append(waits if isinstance(done, Approval) else gettext("Given, and the member was told."))

    return attempt(request, act, said=said, back=reverse("console:coupon", args=[coupon_id]), now=now)


def _show_form(request: HttpRequest, sent: Sent, refusal: DomainError | None) -> HttpResponse:
    context: dict[str, Any] = {
        "here": "deals",
        "crumbs": [(gettext("Coupons"), reverse("console:coupons")), (gettext("New coupon"), None)],
        "kinds": Kind.choices,
        "ways": Way.choices,
        "products": list(Product.objects.filter(state="on_sale").order_by("name").values_list("pk", "name")[:CHOICES]),
        "categories": list(Category.objects.order_by("position").values_list("pk", "name")),
        "circles": list(Circle.objects.filter(closed_at=None).order_by("name").values_list("pk", "name")[:CHOICES]),
        "sent": sent,
        "problems": problems_of(refusal),
    }
    return show(request, "coupon_form.html", context, status=refusal.status if refusal else 200)


def _standing(offer: Offer, now: datetime) -> tuple[Any, str]:
    if offer.ended_at is not None:
        return STANDINGS["called_off"]
    if now >= offer.closes_at:
        return STANDINGS["over"]
    if now < offer.opens_at:
        return STANDINGS["later"]
    return STANDINGS["open" if offer.taken < offer.most else "all_taken"]
