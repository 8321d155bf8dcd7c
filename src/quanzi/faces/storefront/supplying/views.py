"""A supplier's desk: answer what is asked, send it, say which lots lie ready. For everybody else it does not exist."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from quanzi.faces.storefront.forms import problems
from quanzi.faces.storefront.supplying.parsing import day_in, end_of_day, moment_in, units_in
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.goods.catalogue.models import StorageCondition
from quanzi.goods.supply import queries, services
from quanzi.goods.supply.models import PurchaseState, Supplier, SupplierGoods
from quanzi.goods.supply.policies import suppliers_of
from quanzi.goods.supply.queries import PurchaseRow
from quanzi.growth.tastes.queries import speaks_for_goods
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.trade.fulfilment.queries.supplied import asked_of
from quanzi.trade.fulfilment.services import supplied

MOST = 50
OPEN = (PurchaseState.SENT, PurchaseState.CONFIRMED, PurchaseState.SHIPPED)
LABELS = {
    **dict(PurchaseState.choices),
    "sent": gettext_lazy("Waits for your answer"),
    "shipped": gettext_lazy("On its way to the shop"),
}
TONES = {"sent": "accent", "confirmed": "pine", "shipped": "gold", "received": "pine", "cancelled": ""}


@members_only
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits for an answer first, then what is to be sent, then what is over."""
    mine = _mine(request)
    rows = [row for one in mine for row in queries.purchase_rows(supplier_id=one.pk, with_drafts=False, limit=MOST)]
    context: dict[str, Any] = {
        "suppliers": mine,
        "speaks_for_goods": speaks_for_goods(member_of(request).pk),
        "asked": [row for row in rows if row.state == PurchaseState.SENT],
        "coming": [row for row in rows if row.state in (PurchaseState.CONFIRMED, PurchaseState.SHIPPED)],
        "over": [row for row in rows if row.state not in OPEN][:10],
        "labels": LABELS,
        "tones": TONES,
    }
    return show(request, "supplying/home.html", context)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def purchase(request: HttpRequest, number: str) -> HttpResponse:
    """One purchase: say what comes and when, that it cannot be, or that it is on its way."""
    found = queries.purchase_page(number, supplier_ids=[one.pk for one in _mine(request)])
    if request.method != "POST":
        return _purchase(request, found)
    try:
        said = ACTS.get(request.POST.get("act", ""), _unknown)(request, found, clock.now())
    except NotFound:
        raise
    except DomainError as refused:
        return _purchase(request, found, refusal=refused)
    messages.success(request, said)
    return redirect("storefront:supplier_purchase", number=number)


def _confirm(request: HttpRequest, found: PurchaseRow, now: datetime) -> str:
    said = {
        line.id: units_in(request.POST.get(f"line-{line.id}"), f"line-{line.id}", most=line.quantity)
        for line in found.lines
    }
    promised = moment_in(request.POST.get("promised"), "promised")
    answer = request.POST.get("answer", "")[:400]
    services.confirm(purchase_id=found.id, quantities=said, promised_at=promised, answer=answer, now=now)
    return gettext("Confirmed. The shop sees it.")


def _ship(request: HttpRequest, found: PurchaseRow, now: datetime) -> str:
    services.ship(purchase_id=found.id, tracking=request.POST.get("tracking", "")[:100], now=now)
    return gettext("On its way. The shop sees it.")


def _decline(request: HttpRequest, found: PurchaseRow, now: datetime) -> str:
    services.decline(purchase_id=found.id, answer=request.POST.get("reason", "")[:400], now=now)
    return gettext("The shop was told that it cannot be.")


def _unknown(request: HttpRequest, found: PurchaseRow, now: datetime) -> str:
    raise NotFound


ACTS: dict[str, Callable[[HttpRequest, PurchaseRow, datetime], str]] = {
    "confirm": _confirm,
    "ship": _ship,
    "decline": _decline,
}


def _purchase(request: HttpRequest, found: PurchaseRow, *, refusal: DomainError | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "row": found,
        "label": LABELS[found.state],
        "tone": TONES[found.state],
        "sent": request.POST,
        "problems": problems(refusal),
    }
    return show(request, "supplying/purchase.html", context, status=refusal.status if refusal else 200)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def lots(request: HttpRequest) -> HttpResponse:
    """Lots that lie ready, and a new one."""
    mine = _mine(request)
    if request.method != "POST":
        return _lots(request, mine)
    try:
        said = _change_lots(request, mine, clock.now())
    except NotFound:
        raise
    except DomainError as refused:
        return _lots(request, mine, refusal=refused)
    messages.success(request, said)
    return redirect("storefront:supplier_lots")


def _change_lots(request: HttpRequest, mine: list[Supplier], now: datetime) -> str:
    me, ids = member_of(request), [one.pk for one in mine]
    if request.POST.get("act") == "withdraw":
        offer_id = id_in(request.POST.get("offer")) or 0
        if queries.supplier_of_offer(offer_id) not in ids:
            raise NotFound
        services.withdraw_offer(offer_id=offer_id, actor=f"member:{me.pk}", now=now)
        return gettext("Withdrawn. What was promised stays promised.")
    goods = SupplierGoods.objects.filter(
        pk=id_in(request.POST.get("goods")) or 0, supplier_id__in=ids, is_active=True
    ).first()
    if goods is None:
        raise NotFound
    services.make_offer(
        goods=goods,
        code=request.POST.get("code", "")[:80],
        quantity=units_in(request.POST.get("quantity"), "quantity", least=1),
        made_on=day_in(request.POST.get("made_on"), "made_on"),
        expires_at=end_of_day(request.POST.get("expires_at"), "expires_at"),
        storage=request.POST.get("storage", ""),
        note=request.POST.get("note", "")[:400],
        by=me,
        now=now,
    )
    return gettext("The shop sees your lot.")


def _lots(request: HttpRequest, mine: list[Supplier], *, refusal: DomainError | None = None) -> HttpResponse:
    now = clock.now()
    goods = [(row.id, row.title) for one in mine for row in queries.goods_of(one.pk, only_active=True)]
    context: dict[str, Any] = {
        "suppliers": mine,
        "rows": [row for one in mine for row in queries.offer_rows(supplier_id=one.pk, now=now, limit=MOST)],
        "goods": goods,
        "storages": StorageCondition.choices,
        "sent": request.POST,
        "problems": problems(refusal),
    }
    return show(request, "supplying/lots.html", context, status=refusal.status if refusal else 200)


def _mine(request: HttpRequest) -> list[Supplier]:
    """Raises NotFound for who acts for no supplier."""
    found = suppliers_of(member_of(request))
    if not found:
        raise NotFound
    return found


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def parcels(request: HttpRequest) -> HttpResponse:
    """Parcels that the shop asks us to send straight to its buyers, from our own stock."""
    mine, refusal = _mine(request), None
    if request.method == "POST":
        parcel_id, me, now = id_in(request.POST.get("parcel")), member_of(request), clock.now()
        try:
            if request.POST.get("act") == "decline":
                note = request.POST.get("note", "")
                supplied.decline_for_supplier(parcel_id=parcel_id or 0, member=me, note=note, now=now)
                messages.success(request, gettext("The shop hears that it cannot be."))
            else:
                carrier, tracking = request.POST.get("carrier", ""), request.POST.get("tracking", "")
                supplied.send_for_supplier(
                    parcel_id=parcel_id or 0, member=me, carrier=carrier, tracking=tracking, now=now
                )
                messages.success(request, gettext("Sent. The buyer hears of it."))
            return redirect("storefront:supplier_parcels")
        except NotFound:
            raise
        except DomainError as refused:
            refusal = refused
    rows = asked_of([one.pk for one in mine])
    context: dict[str, Any] = {
        "asked": [row for row in rows if row.state == "packed"],
        "sent_rows": [row for row in rows if row.state != "packed"],
        "problem": " ".join(problems(refusal).values()),
    }
    return show(request, "supplying/parcels.html", context, status=refusal.status if refusal else 200)
