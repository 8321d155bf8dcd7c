"""The cart: what a member may want to order. Nothing is held until the order is placed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from quanzi.faces.storefront.forms import problems
from quanzi.faces.storefront.shopping.drawing import label_of
from quanzi.faces.storefront.shopping.parsing import quantity_in
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.trade.sales import services
from quanzi.trade.sales.errors import NoSuchGoods
from quanzi.trade.sales.queries import cart_view


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def cart(request: HttpRequest) -> HttpResponse:
    """Look at the cart; add, change and take out by plain forms."""
    if request.method != "POST":
        return _page(request)
    try:
        _act(request, member_of(request))
    except NotFound:
        raise
    except DomainError as refused:
        return _page(request, refusal=refused)
    return redirect("storefront:cart")


def _act(request: HttpRequest, me: Member) -> None:
    verb, now = request.POST.get("act", ""), clock.now()
    sku_id = id_in(request.POST.get("sku"))
    if sku_id is None:
        raise NoSuchGoods
    if verb == "add":
        services.add_to_cart(member=me, sku_id=sku_id, quantity=quantity_in(request.POST.get("quantity")), now=now)
        messages.success(request, gettext("It is in the cart. Nothing is held until you order."))
    elif verb == "set":
        quantity = quantity_in(request.POST.get("quantity"), least=0)
        services.set_quantity(member=me, sku_id=sku_id, quantity=quantity, now=now)
    elif verb == "remove":
        services.remove_line(member=me, sku_id=sku_id, now=now)
    else:
        raise NotFound


def _page(request: HttpRequest, *, refusal: DomainError | None = None) -> HttpResponse:
    view = cart_view(member=member_of(request), now=clock.now())
    context: dict[str, Any] = {"cart": view, "sums": _sums(view.quote), "problems": problems(refusal)}
    return show(request, "shopping/cart.html", context, status=refusal.status if refusal else 200)


def _sums(quote: Any) -> list[tuple[str, Money, str]]:
    """Goods at list price, every reason once, and what is to be paid."""
    if quote is None:
        return []
    rows = [(gettext("Goods at list price"), quote.goods, "")]
    rows += [(label_of(step), Money(step.amount_minor, quote.currency), "") for step in quote.summary]
    return [*rows, (gettext("To pay"), quote.amount, "total")]
