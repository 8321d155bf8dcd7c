"""Something is wrong: say what, show it, and a person answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from quanzi.faces.storefront.forms import pictures_of, problems
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.goods.catalogue.models import Sku
from quanzi.goods.catalogue.rules import variant_title
from quanzi.goods.stock.queries import free
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.queries import addresses
from quanzi.trade.aftersales import rules
from quanzi.trade.aftersales.models import ClaimReason
from quanzi.trade.aftersales.queries import of_lines
from quanzi.trade.aftersales.queries.holding import money_behind
from quanzi.trade.aftersales.services import ask
from quanzi.trade.aftersales.services.swapping import Where
from quanzi.trade.sales.models import DeliveryMethod
from quanzi.trade.sales.queries import LineRow, OrderPage, open_points, order_page


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for money back for one line of my order."""
    me, now = member_of(request), clock.now()
    page = order_page(number, me)
    if not page.is_mine:
        raise NotFound
    if request.method != "POST":
        return _form(request, page)
    try:
        _ask(request, page, me, now)
    except NotFound:
        raise
    except DomainError as refused:
        return _form(request, page, refusal=refused)
    messages.success(request, gettext("Thank you. A person looks into it and answers you here."))
    return redirect("storefront:order", number=number)


def _ask(request: HttpRequest, page: OrderPage, me: Member, now: datetime) -> None:
    wanted = id_in(request.POST.get("line"))
    if wanted not in {line.id for line in page.lines} or wanted is None:
        raise NotFound
    pictures = pictures_of(request, "pictures", owner=me, purpose="claim", most=rules.MOST_PICTURES, now=now)
    note = request.POST.get("note", "")[: rules.LONGEST_NOTE * 4]
    instead = request.POST.get("instead", "")
    ask(
        line_id=wanted, member=me, reason=request.POST.get("reason", ""), note=note, pictures=pictures,
        for_sku_id=id_in(instead) if instead else None, where=_where(request.POST.get("where", "")), now=now,
    )  # fmt: skip


def _where(text: str) -> Where | None:
    """An address or a pickup point as the form names it; None: the usual way."""
    kind, _, number = text.partition(":")
    return {"address": Where(address_id=id_in(number)), "point": Where(pickup_point_id=id_in(number))}.get(kind)


def _ways(me: Member, page: OrderPage) -> list[tuple[str, str]]:
    """Where the other goods may go, as in the checkout; the usual way comes first."""
    points = [(f"point:{each.id}", f"{each.name} · {each.address}") for each in open_points()]
    book = [(f"address:{each.pk}", f"{each.recipient} · {each.region_name} {each.detail}") for each in addresses(me)]
    before = f"point:{page.point.id}" if page.point else ""
    ways = points + book if page.card.method == DeliveryMethod.PICKUP else book + points
    return sorted(ways, key=lambda way: way[0] != before)


def _form(request: HttpRequest, page: OrderPage, *, refusal: DomainError | None = None) -> HttpResponse:
    open_already = {
        line_id for line_id, row in of_lines([line.id for line in page.lines]).items() if row.state == "open"
    }
    lines = [
        line
        for line in page.lines
        if line.id not in open_already
        and not line.is_disputed
        and not line.returned_at
        and not line.dropped_at
        and not line.is_refunded
    ]
    context: dict[str, Any] = {
        "order": page,
        "lines": lines,
        "behind": {line.id: _behind(line) for line in lines},
        "line": id_in(request.POST.get("line")) or (lines[0].id if lines else None),
        "reasons": [(value, label) for value, label in ClaimReason.choices if _fits(value, page)],
        "instead": _instead(lines),
        "ways": _ways(member_of(request), page),
        "sent": {key: request.POST.get(key, "") for key in ("reason", "note", "instead", "where")},
        "problems": problems(refusal),
        "longest": rules.LONGEST_NOTE,
        "most": rules.MOST_PICTURES,
    }
    return show(request, "shopping/claim.html", context, status=refusal.status if refusal else 200)


def _behind(line: LineRow) -> Money:
    """What was paid for goods that were given back for these: it goes back with them."""
    return Money(sum(one.left_minor for one in money_behind(line.id)), line.paid.currency)


def _instead(lines: list[LineRow]) -> list[tuple[str, str]]:
    """Other variants of what was received that are here, for an exchange; one that costs more says so."""
    received = [line for line in lines if line.received_at is not None]
    found = Sku.objects.filter(product_id__in={line.product_id for line in received}, is_active=True)
    skus = list(found.select_related("product").order_by("product_id", "position", "pk"))
    here = free([sku.pk for sku in skus])
    return [
        (str(sku.pk), _named(sku, line))
        for sku in skus
        for line in received
        if line.product_id == sku.product_id and line.sku_id != sku.pk and here.get(sku.pk, 0) >= line.quantity
    ]


def _named(sku: Sku, line: LineRow) -> str:
    name = variant_title(sku.product.name, sku.options)
    more = (sku.price_minor - line.list_price.minor) * line.quantity
    if more <= 0:
        return name
    return gettext("%(goods)s · %(amount)s more to pay") % {
        "goods": name,
        "amount": Money(more, line.list_price.currency),
    }


def _fits(reason: str, page: OrderPage) -> bool:
    """Sending back without a reason is offered where some line has that right."""
    return reason != ClaimReason.RETURN or any(line.return_closes_at is not None for line in page.lines)
