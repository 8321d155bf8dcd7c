"""What goods are like: ticked by the shop, on the maker's word, or by the maker and corrected here."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.faces.console.doors import FORM, door, operator_of
from quanzi.faces.console.pages.goods import product_or_404
from quanzi.faces.console.viewing import show
from quanzi.growth.tastes import services
from quanzi.growth.tastes.models import Taste
from quanzi.growth.tastes.queries import said_by_makers, taken_away, traits
from quanzi.kernel import clock


@door("goods.edit", FORM)
def product_tastes(request: HttpRequest, product_id: int) -> HttpResponse:
    """Members who care for it find the goods by it."""
    found = product_or_404(product_id)
    if request.method == "POST":
        wanted = [one for one in request.POST.getlist("taste") if one in Taste]
        services.describe(product=found, tastes=wanted, actor=operator_of(request), now=clock.now())
        messages.success(request, gettext("Kept."))
        return redirect("console:product", product_id=product_id)
    context: dict[str, Any] = {
        "here": "goods",
        "crumbs": [
            (gettext("Goods"), reverse("console:goods")),
            (found.name, reverse("console:product", args=[found.pk])),
            (gettext("What it is like"), None),
        ],
        "product": found,
        "tastes": Taste.choices,
        "chosen": traits(product_id),
        "by_maker": said_by_makers(product_id),
        "away": taken_away(product_id),
    }
    return show(request, "product_tastes.html", context)
