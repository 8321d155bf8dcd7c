"""How prices are made: goods, delivery, leader, and what is left for the shop."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.faces.console.doors import FORM, door, operator_of
from quanzi.faces.console.parsing import Reader, Sent, problems_of
from quanzi.faces.console.viewing import show
from quanzi.goods.catalogue.models import Sku
from quanzi.goods.catalogue.rules import variant_title
from quanzi.goods.pricing.building import Made, build_up, set_build_up
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.kernel.money import Money

PARTS = ("goods_minor", "delivery_minor", "leader_minor")


@door("goods.edit", FORM)
def build_up_form(request: HttpRequest, sku_id: int) -> HttpResponse:
    """The parts of one unit; what is left of any price is the shop's, so that it always sums to it."""
    sku = Sku.objects.select_related("product").filter(pk=sku_id).first()
    if sku is None:
        raise NotFound()
    known, refused = build_up(sku_id), None
    sent = Sent(
        {name: str(Money(getattr(known, name), sku.currency)) for name in PARTS}
        | {"is_shown": "on" if known.is_shown else ""}
        if known
        else {"goods_minor": str(Money(sku.cost_minor, sku.currency)), "delivery_minor": "0", "leader_minor": "0"}
    )
    if request.method == "POST":
        reader, sent = Reader(request.POST), Sent(request.POST.dict())
        try:
            parts = {name: reader.amount(name) for name in PARTS}
            reader.check()
            set_build_up(
                sku_id=sku_id, is_shown=sent["is_shown"] == "on", actor=operator_of(request), now=clock.now(), **parts
            )
        except DomainError as refusal:
            refused = refusal
        else:
            messages.success(request, gettext("Saved."))
            return redirect("console:build_up", sku_id=sku_id)
    margin = (
        Made(known.goods_minor, known.delivery_minor, known.leader_minor).margin_minor(sku.price_minor)
        if known
        else None
    )
    title = variant_title(sku.product.name, sku.options)
    context: dict[str, Any] = {
        "here": "goods",
        "crumbs": [
            (sku.product.name, reverse("console:product", args=[sku.product_id])),
            (gettext("How the price is made"), None),
        ],
        "title": title,
        "price": Money(sku.price_minor, sku.currency),
        "cost": Money(sku.cost_minor, sku.currency),
        "margin": Money(margin, sku.currency) if margin is not None else None,
        "sent": sent,
        "problems": problems_of(refused),
    }
    return show(request, "build_up.html", context, status=refused.status if refused else 200)
