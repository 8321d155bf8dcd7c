"""One thing to pay for: where a pay link leads, and the code that a leader shows at the counter.

Both end in the ordinary checkout, so that price, stock, escrow and rights are those of every other order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from quanzi.faces.storefront.forms import problems
from quanzi.faces.storefront.shopping import drawing
from quanzi.faces.storefront.shopping.leader import chosen_point
from quanzi.faces.storefront.shopping.parsing import lines_in, quantity_in
from quanzi.faces.storefront.shopping.sharing import link_to
from quanzi.faces.storefront.shopping.wishes import WishLine, drawn_lines
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show, viewer_of
from quanzi.goods.catalogue.models import ProductState, Sku
from quanzi.goods.catalogue.rules import variant_title
from quanzi.goods.pricing.services import QuoteLine, quote
from quanzi.growth.sources.models import SourceKind
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, InvalidInput, NotFound
from quanzi.kernel.money import Money
from quanzi.trade.fulfilment.queries import points_of
from quanzi.trade.sales.models import PickupPoint
from quanzi.trade.sales.queries import open_points

MOST_SKUS = 300


@dataclass(frozen=True)
class Code:
    """What the buyer scans, and the words under it."""

    address: str
    title: str
    total: Money


@require_safe
def buy(request: HttpRequest, what: str) -> HttpResponse:
    """What is to be paid for, at today's price, for everybody who has the link: "12x2" is two of SKU 12."""
    now, (sku, quantity) = clock.now(), _read(what)
    line, total = _priced(request, sku, quantity, now)
    point = next((one for one in open_points() if one.id == id_in(request.GET.get("at"))), None)
    asked = [("line", f"{sku.pk}:{quantity}")] + ([("method", "pickup"), ("point", str(point.id))] if point else [])
    product = sku.product
    context: dict[str, Any] = {
        "line": line,
        "total": total,
        "product": product,
        "promise": drawing.promise_of(product.return_rule, product.claim_hours, product.return_days),
        "point": point,
        "checkout": f"{reverse('storefront:checkout')}?{urlencode(asked)}",
    }
    return show(request, "shopping/buy.html", context)


def _read(what: str) -> tuple[Sku, int]:
    try:
        ((sku_id, quantity),) = lines_in([what.replace("x", ":", 1)])
    except DomainError as unreadable:
        raise NotFound() from unreadable
    return _sku(sku_id), quantity


def _sku(sku_id: int) -> Sku:
    found = Sku.objects.select_related("product").filter(pk=sku_id, is_active=True, product__state=ProductState.ON_SALE)
    sku = found.first()
    if sku is None:
        raise NotFound()
    return sku


def _priced(request: HttpRequest, sku: Sku, quantity: int, now: datetime) -> tuple[WishLine, Money]:
    me = viewer_of(request)
    priced = quote(lines=[QuoteLine(sku.pk, quantity)], member_id=me.pk if me else None, now=now)
    return drawn_lines(priced)[0], priced.amount


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """A leader's counter: choose goods, show the code; the buyer scans and pays for them at this point."""
    me = member_of(request)
    points = [point for point in points_of(leader_id=me.pk) if point.is_open]
    if not points:
        raise NotFound()
    point, refused, shown = chosen_point(request, points), None, None
    if request.method == "POST":
        try:
            shown = _code(request, point)
        except DomainError as error:
            refused = error
    context: dict[str, Any] = {
        "point": point,
        "skus": _options(),
        "sku": request.POST.get("sku", ""),
        "quantity": request.POST.get("quantity", "1"),
        "code": shown,
        "problems": problems(refused),
    }
    return show(request, "shopping/leader_code.html", context, status=refused.status if refused else 200)


def _code(request: HttpRequest, point: PickupPoint) -> Code:
    now, sku_id = clock.now(), id_in(request.POST.get("sku"))
    quantity = quantity_in(request.POST.get("quantity"))
    if sku_id is None:
        raise InvalidInput(field="sku")
    sku = _sku(sku_id)
    line, total = _priced(request, sku, quantity, now)
    target = f"{reverse('storefront:buy', args=[f'{sku.pk}x{quantity}'])}?at={point.pk}"
    address = link_to(request, member=member_of(request), target=target, kind=SourceKind.PAY, now=now)
    return Code(address, line.title + (f" × {quantity}" if quantity > 1 else ""), total)


def _options() -> list[tuple[int, str]]:
    rows = Sku.objects.select_related("product").filter(is_active=True, product__state=ProductState.ON_SALE)
    return [
        (sku.pk, variant_title(sku.product.name, sku.options))
        for sku in rows.order_by("product__name", "pk")[:MOST_SKUS]
    ]
