"""A store's till on a phone: amounts to confirm, who paid, hand over by code. One hand; the lists look again by themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from quanzi.faces.storefront.forms import problems
from quanzi.faces.storefront.shopping.parsing import quantity_in
from quanzi.faces.storefront.shopping.sharing import link_to
from quanzi.faces.storefront.supplying.parsing import moment_in
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.goods.catalogue.models import ProductState, ReturnRule, Sku
from quanzi.goods.catalogue.rules import variant_title
from quanzi.growth.sources.models import SourceKind
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, InvalidInput, NotFound
from quanzi.kernel.ids import new_token
from quanzi.kernel.money import Money
from quanzi.kernel.words import N_
from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment.errors import TooManyGuesses, WrongCode
from quanzi.trade.fulfilment.queries import WorkItem
from quanzi.trade.fulfilment.services import hand_over, look_up_code
from quanzi.trade.sales.models import PickupPoint
from quanzi.trade.stores import policies, queries, services
from quanzi.trade.stores.errors import BadShelfCount, NoSuchStore
from quanzi.trade.stores.queries import LinkCard, StoreCard

MOST_SKUS = 300
LIVES = {"1": N_("One hour"), "24": N_("One day"), "168": N_("A week"), "720": N_("Thirty days")}
"""Hours that a code of the till may live; a week unless somebody chooses."""
USUAL = "168"


@members_only
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """My stores; with one, its till. For everybody who keeps none, this page does not exist."""
    mine = _mine(member_of(request))
    if len(mine) == 1:
        return redirect("storefront:till", code=mine[0].code)
    return show(request, "storing/tills.html", {"cards": mine})


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def till(request: HttpRequest, code: str) -> HttpResponse:
    """What waits at this till, and what is done with it."""
    me, now = member_of(request), clock.now()
    store = _kept(me, code)
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            _act(request, me, store, now)
            return redirect("storefront:till", code=store.code)
        except NotFound:
            raise
        except DomainError as refused:
            refusal = refused
    said = _digits(request.GET.get("code", "")) if request.method != "POST" else ""
    found = None
    try:
        found = _looked_up(me, store, said, now) if said else None
    except TooManyGuesses as pause:
        said, refusal = "", pause
    context: dict[str, Any] = {
        "store": store,
        "stores": [(one.name, reverse("storefront:till", args=[one.code]), one.id == store.id) for one in _mine(me)],
        "till": queries.till(store_id=store.id, now=now),
        "code": said,
        "found": found,
        "is_unknown": bool(said) and found is None,
        "problems": problems(refusal),
    }
    return show(request, "storing/till.html", context, status=refusal.status if refusal else 200)


def _act(request: HttpRequest, me: Member, store: StoreCard, now: datetime) -> None:
    verb = request.POST.get("act", "")
    if verb in ("confirm", "decline"):
        services.answer_amount(link_id=id_in(request.POST.get("link")) or 0, confirm=verb == "confirm", by=me, now=now)
        messages.success(request, gettext("The buyer has your answer."))
    elif verb == "hand_over":
        code = _digits(request.POST.get("code", ""))
        item = _looked_up(me, store, code, now)
        if item is None:
            raise WrongCode(field="code")
        hand_over(fulfilment_id=item.fulfilment_id, actor_member=me, code=code, now=now)
        messages.success(request, gettext("Handed over to %(name)s.") % {"name": item.buyer_name})
    else:
        raise NotFound


def _looked_up(me: Member, store: StoreCard, code: str, now: datetime) -> WorkItem | None:
    point = PickupPoint.objects.get(pk=store.point_id)
    return look_up_code(person=me, point=point, code=code, now=now)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def shelf_page(request: HttpRequest, code: str) -> HttpResponse:
    """Count what stands in the store."""
    me, now = member_of(request), clock.now()
    store, refusal = _kept(me, code), None
    if request.method == "POST":
        try:
            services.count_shelf(store_id=store.id, counts=_counts(request), by=me, now=now)
            messages.success(request, gettext("Counted. The page of the store says so."))
            return redirect("storefront:till_shelf", code=store.code)
        except DomainError as refused:
            refusal = refused
    shelf = queries.shelf(store_id=store.id, with_empty=True)
    here = {line.sku_id for line in shelf}
    context = {
        "store": store,
        "shelf": shelf,
        "others": [(key, title) for key, title in _skus() if key not in here],
        "problems": problems(refusal),
    }
    return show(request, "storing/shelf.html", context, status=refusal.status if refusal else 200)


def _counts(request: HttpRequest) -> dict[int, int]:
    """Counts by SKU: those of the list, and one that is new on the shelf."""
    found = {}
    pairs = [(name.removeprefix("n"), value) for name, value in request.POST.items() if name.startswith("n")]
    if request.POST.get("sku"):
        pairs.append((request.POST["sku"], request.POST.get("units", "")))
    for sku, value in pairs:
        sku_id, units = id_in(sku), id_in(str(value).strip())
        if sku_id is None or units is None:
            raise BadShelfCount(field="counts")
        found[sku_id] = units
    return found


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def link_page(request: HttpRequest, code: str) -> HttpResponse:
    """A code for somebody at the counter: goods, or an amount by who may; the page shows when it is paid."""
    me, now = member_of(request), clock.now()
    store, refusal = _kept(me, code), None
    if request.method == "POST":
        try:
            made = _make(request, me, store, now)
            return redirect(f"{reverse('storefront:till_link', args=[store.code])}?show={made}")
        except NotFound:
            raise
        except DomainError as refused:
            refusal = refused
    shown = _shown(request, store, now)
    context = {
        "store": store,
        "skus": _skus(),
        "may_amount": policies.may_link_amounts(me),
        "rules": [(value, label) for value, label in ReturnRule.choices],
        "lifetimes": [(hours, gettext(label)) for hours, label in LIVES.items()],
        "shown": shown,
        "address": link_to(request, member=me, target=reverse("storefront:pay_link", args=[shown.code]), kind=SourceKind.PAY, now=now)
        if shown
        else "",
        "links": queries.links_of_store(store_id=store.id, now=now),
        "sent": request.POST,
        "key": request.POST.get("key") or new_token(),
        "problems": problems(refusal),
    }  # fmt: skip
    return show(request, "storing/link_new.html", context, status=refusal.status if refusal else 200)


def _make(request: HttpRequest, me: Member, store: StoreCard, now: datetime) -> str:
    said = request.POST
    lives = said.get("lives", USUAL)
    if lives not in LIVES:
        raise InvalidInput(field="lives")
    shared: dict[str, Any] = {
        "store_id": store.id, "uses": quantity_in(said.get("uses", "1"), field="uses"), "lives": timedelta(hours=int(lives)), "by": me,
        "idempotency_key": said.get("key", ""), "now": now,
    }  # fmt: skip
    if said.get("what") or said.get("amount"):
        amount = Money.parse(said.get("amount", ""), field="amount").minor
        made = services.link_amount(
            what=said.get("what", ""), amount_minor=amount, return_rule=said.get("return_rule", ReturnRule.SEVEN_DAYS), **shared
        )  # fmt: skip
        return str(made.code)
    sku_id = id_in(said.get("sku"))
    if sku_id is None:
        raise InvalidInput(field="sku")
    return str(services.link_goods(sku_id=sku_id, quantity=quantity_in(said.get("quantity", "1")), **shared).code)


def _shown(request: HttpRequest, store: StoreCard, now: datetime) -> LinkCard | None:
    wanted = request.GET.get("show", "")
    if not wanted:
        return None
    found = queries.link_card(wanted, viewer=None, now=now)
    if found.store_id != store.id:
        raise NoSuchStore
    return found


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def events_page(request: HttpRequest, code: str) -> HttpResponse:
    """What happens in the store: a new event, or one called off; and what its page says."""
    me, now = member_of(request), clock.now()
    store, refusal = _kept(me, code), None
    if request.method == "POST":
        try:
            if request.POST.get("act") == "page":
                services.change_store(
                    store_id=store.id, about=request.POST.get("about", ""), phone=request.POST.get("phone", ""),
                    takes_amounts=request.POST.get("takes_amounts") == "on", by=me, actor=f"member:{me.pk}", now=now,
                )  # fmt: skip
                messages.success(request, gettext("Saved."))
            elif request.POST.get("act") == "call_off":
                services.call_off_event(event_id=id_in(request.POST.get("event")) or 0, by=me, now=now)
            else:
                services.plan_event(
                    store_id=store.id, title=request.POST.get("title", ""), text=request.POST.get("text", ""),
                    starts_at=_moment(request, "starts_at"), ends_at=_moment(request, "ends_at"), by=me, now=now,
                )  # fmt: skip
            return redirect("storefront:till_events", code=store.code)
        except NotFound:
            raise
        except DomainError as refused:
            refusal = refused
    context = {
        "store": store,
        "events": queries.coming_events(store_id=store.id, now=now, limit=50),
        "sent": request.POST,
        "problems": problems(refusal),
    }
    return show(request, "storing/events.html", context, status=refusal.status if refusal else 200)


def _moment(request: HttpRequest, field: str) -> datetime:
    """A moment of the site's clock, as a browser's field for it sends one."""
    found = moment_in(request.POST.get(field), field)
    if found is None:
        raise InvalidInput(field=field)
    return found


def _mine(me: Member) -> list[StoreCard]:
    """Raises NotFound for who keeps none."""
    found = queries.stores_kept(me)
    if not found:
        raise NotFound
    return found


def _kept(me: Member, code: str) -> StoreCard:
    """Raises NoSuchStore for a store that this member does not keep."""
    found = next((one for one in _mine(me) if one.code == code.lower()), None)
    if found is None:
        raise NoSuchStore
    return found


def _skus() -> list[tuple[int, str]]:
    rows = Sku.objects.select_related("product").filter(is_active=True, product__state=ProductState.ON_SALE)
    return [
        (sku.pk, variant_title(sku.product.name, sku.options))
        for sku in rows.order_by("product__name", "pk")[:MOST_SKUS]
    ]


def _digits(text: str) -> str:
    return "".join(ch for ch in text[:40] if ch.isascii() and ch.isdigit())
