"""Preorders: which batches take part, one batch with its true numbers, my places, and paying the deposit."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from quanzi.faces.storefront.forms import problems
from quanzi.faces.storefront.shopping.paying import ways
from quanzi.faces.storefront.shopping.proving import beside
from quanzi.faces.storefront.telling.head import head_about_goods
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show, viewer_of
from quanzi.faces.ui.environment import problem
from quanzi.goods.catalogue.queries import first_pictures
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.kernel.ids import new_token
from quanzi.people.accounts.models import Member
from quanzi.trade.payments import providers
from quanzi.trade.payments import services as payments
from quanzi.trade.payments.errors import NotPayable, ProviderRefused, ProviderSilent
from quanzi.trade.payments.models import Payment
from quanzi.trade.payments.queries import by_number, of_payable
from quanzi.trade.payments.states import PaymentState
from quanzi.trade.preorders import services as preorders
from quanzi.trade.preorders.errors import NoSuchPreorder
from quanzi.trade.preorders.queries import PlacePage, my_places, open_cards, place_page, preorder_page
from quanzi.trade.preorders.rules import DEPOSIT

PAGE = 20


@require_safe
def batches(request: HttpRequest) -> HttpResponse:
    """Batches that take deposits, and those being made."""
    cards = open_cards(now=clock.now())
    context = {"cards": cards, "pictures": first_pictures({card.product_id for card in cards})}
    return show(request, "shopping/preorders.html", context)


@require_safe
def batch(request: HttpRequest, preorder_id: int) -> HttpResponse:
    """One batch: what it costs, how many are missing, what happened, and what becomes of the deposit."""
    return _batch(request, preorder_id)


def _batch(request: HttpRequest, preorder_id: int, refusal: DomainError | None = None) -> HttpResponse:
    me, now = viewer_of(request), clock.now()
    page = preorder_page(preorder_id=preorder_id, now=now)
    mine = my_places(member_id=me.pk, now=now) if me else []
    context: dict[str, Any] = {
        "page": page,
        "card": page.card,
        "picture_of": first_pictures({page.card.product_id}).get(page.card.product_id),
        "mine": next((one for one in mine if one.preorder.id == preorder_id and one.ended_at is None), None),
        "sku": id_in(request.POST.get("sku")) or page.card.goods[0].sku_id,
        "ways": ways(),
        "key": request.POST.get("key") or new_token(),
        "short": _short,
        "problems": problems(refusal),
        "beside": beside(me, {page.card.product_id: (page.card.product_slug, page.card.product_name)}, now=now),
    }
    here = reverse("storefront:preorder", args=[preorder_id])
    context["head"] = head_about_goods(request, here, name=page.card.title, slug=page.card.product_slug)
    return show(request, "shopping/preorder.html", context, status=refusal.status if refusal else 200)


def _short(moment: datetime | date | None) -> str:
    """A day in few letters, for the narrow column of a timeline: 11/4."""
    if moment is None:
        return ""
    day = clock.local(moment) if isinstance(moment, datetime) else moment
    return f"{day.month}/{day.day}"


@members_only
@require_POST
def join(request: HttpRequest, preorder_id: int) -> HttpResponse:
    """Ask for a place and pay its deposit."""
    me, now = member_of(request), clock.now()
    provider = request.POST.get("provider", "")
    try:
        providers.offered(provider)
        place = preorders.ask_place(
            preorder_id=preorder_id, sku_id=id_in(request.POST.get("sku")) or 0,
            quantity=id_in(request.POST.get("quantity", "1")) or 0, member=me,
            idempotency_key=request.POST.get("key", ""), now=now,
        )  # fmt: skip
    except NoSuchPreorder:
        raise
    except DomainError as refused:
        return _batch(request, preorder_id, refused)
    return _begin(request, place.pk, provider, me, now)


def _begin(request: HttpRequest, place_id: int, provider: str, me: Member, now: datetime) -> HttpResponse:
    """Open a payment for the deposit, and lead on; when the provider refuses, the place still waits."""
    tries = sum(one.state != PaymentState.CREATED for one in of_payable(DEPOSIT, place_id) if one.provider == provider)
    back_to = request.build_absolute_uri(reverse("storefront:deposit_return", args=[place_id]))
    try:
        started = payments.start(
            payable_kind=DEPOSIT, payable_id=place_id, provider=provider, member_id=me.pk,
            idempotency_key=f"deposit:{place_id}:{provider}:{tries}", return_url=back_to, now=now,
        )  # fmt: skip
    except (NotPayable, ProviderRefused, ProviderSilent) as refused:
        messages.error(request, problem(refused))
        return redirect("storefront:place", place_id=place_id)
    return redirect("storefront:deposit", number=started.payment.number)


@members_only
@require_safe
def deposit(request: HttpRequest, number: str) -> HttpResponse:
    """On the way to the provider's page, or what to do for cash and transfers."""
    me = member_of(request)
    payment = by_number(number, member_id=me.pk)
    if payment is None or payment.payable_kind != DEPOSIT:
        raise NotFound
    page = place_page(place_id=payment.payable_id, member_id=me.pk, now=clock.now())
    if payment.state != PaymentState.CREATED or not page.card.may_pay_deposit:
        return redirect("storefront:place", place_id=page.card.id)
    context = {"payment": payment, "place": page.card, "is_online": providers.get(payment.provider).is_online}
    return show(request, "shopping/deposit.html", context)


@members_only
@require_safe
def deposit_return(request: HttpRequest, place_id: int) -> HttpResponse:
    """Back from the provider's page: ask the provider, and wait on a page that asks again."""
    me, now = member_of(request), clock.now()
    page = place_page(place_id=place_id, member_id=me.pk, now=now)
    waiting = _open_online(page) if page.card.may_pay_deposit else None
    if waiting is not None:
        payments.sync(payment_id=waiting.pk, now=now)
        page = place_page(place_id=place_id, member_id=me.pk, now=now)
        waiting = _open_online(page) if page.card.may_pay_deposit else None
    if waiting is not None:
        context = {"payment": waiting, "place": page.card, "is_waiting": True}
        return show(request, "shopping/deposit.html", context)
    if page.card.held_at is not None and page.card.ended_at is None:
        messages.success(request, gettext("Paid. Your place counts, and the deposit is held safely."))
    to = reverse("storefront:place", args=[place_id])
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response.headers["HX-Redirect"] = to
        return response
    return redirect(to)


def _open_online(page: PlacePage) -> Payment | None:
    found = [one for one in of_payable(DEPOSIT, page.card.id) if one.state == PaymentState.CREATED]
    return next((one for one in reversed(found) if providers.get(one.provider).is_online), None)


@members_only
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """My places, newest first."""
    me, now = member_of(request), clock.now()
    places = my_places(member_id=me.pk, now=now, before_id=id_in(request.GET.get("before")), limit=PAGE)
    context = {
        "places": places,
        "pictures": first_pictures({one.preorder.product_id for one in places}),
        "next": f"{reverse('storefront:places')}?before={places[-1].id}" if len(places) == PAGE else None,
    }
    return show(request, "shopping/places.html", context)


@members_only
@require_safe
def place(request: HttpRequest, place_id: int) -> HttpResponse:
    """One place of mine: what is paid, what comes next, what I am asked."""
    page = place_page(place_id=place_id, member_id=member_of(request).pk, now=clock.now())
    picture_of = first_pictures({page.card.preorder.product_id}).get(page.card.preorder.product_id)
    context = {
        "page": page,
        "place": page.card,
        "card": page.card.preorder,
        "picture_of": picture_of,
        "ways": ways(),
        "short": _short,
    }
    return show(request, "shopping/place.html", context)


@members_only
@require_POST
def act(request: HttpRequest, place_id: int) -> HttpResponse:
    """Pay the deposit, leave, or say yes or no to another date."""
    me, now = member_of(request), clock.now()
    verb = request.POST.get("act", "")
    if verb == "pay":
        place_page(place_id=place_id, member_id=me.pk, now=now)
        return _begin(request, place_id, request.POST.get("provider", ""), me, now)
    if verb == "leave":
        left = preorders.leave(place_id=place_id, member=me, now=now)
        paid = left.held_at is not None
        messages.success(
            request,
            gettext("You have left. The whole deposit is on its way back.") if paid else gettext("You have left. Nothing was charged."),
        )  # fmt: skip
    elif verb in ("yes", "no"):
        preorders.answer_date(place_id=place_id, member=me, agrees=verb == "yes", now=now)
        said = gettext("Thank you, your place stays.") if verb == "yes" else gettext("Everything is on its way back.")
        messages.success(request, said)
    else:
        raise NotFound
    return redirect("storefront:place", place_id=place_id)
