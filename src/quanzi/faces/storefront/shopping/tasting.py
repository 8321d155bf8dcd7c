"""What one cares for in goods: picking it, the goods that have it, and what makers say of theirs."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from quanzi.faces.storefront.shopping.discover import shelf_of
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show, viewer_of
from quanzi.goods.catalogue.queries.cards import product_cards
from quanzi.growth.tastes import services
from quanzi.growth.tastes.models import Taste
from quanzi.growth.tastes.queries import goods_with
from quanzi.growth.tastes.queries import own_goods as goods_of
from quanzi.growth.tastes.queries import tastes as all_tastes
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound

PAGE, OWN = 24, 50


@require_http_methods(["GET", "HEAD", "POST"])
def tastes(request: HttpRequest) -> HttpResponse:
    """The whole list; a member ticks what they care for."""
    me = viewer_of(request)
    if request.method == "POST":
        if me is None:
            return redirect(f"{reverse('account_login')}?next={reverse('storefront:tastes')}")
        services.pick(member=me, tastes=request.POST.getlist("taste")[: len(Taste)], now=clock.now())
        messages.success(request, gettext("Kept. It shows at once, and you can change it any time."))
        return redirect("storefront:for_you")
    return show(request, "shopping/tastes.html", {"rows": all_tastes(me.pk if me is not None else None)})


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def own_goods(request: HttpRequest) -> HttpResponse:
    """Whoever makes or supplies goods ticks what they are like; for everybody else this page does not exist."""
    me, before = member_of(request), id_in(request.GET.get("before"))
    if request.method == "POST":
        said = request.POST.getlist("taste")[: len(Taste)]
        services.say(product_id=id_in(request.POST.get("product")) or 0, tastes=said, member=me, now=clock.now())
        messages.success(request, gettext("Kept. Members who care for it find your goods by it."))
        return redirect("storefront:my_goods")
    rows = goods_of(me.pk, before=before)
    if not rows:
        raise NotFound
    more = f"{reverse('storefront:my_goods')}?before={rows[-1].id}" if len(rows) == OWN else None
    return show(request, "shopping/my_goods.html", {"rows": rows, "tastes": Taste.choices, "next": more})


@require_safe
def taste(request: HttpRequest, taste: str) -> HttpResponse:
    """Goods that have it, the newest first."""
    if taste not in Taste:
        raise NotFound
    me, before = viewer_of(request), id_in(request.GET.get("before"))
    ids = goods_with(taste, before=before, limit=PAGE)
    found = {card.id: card for card in product_cards(ids=ids)} if ids else {}
    cards = shelf_of([found[one] for one in ids if one in found], me, clock.now())
    here = reverse("storefront:taste", args=[taste])
    context = {
        "name": Taste(taste).label, "goods": cards, "next": f"{here}?before={ids[-1]}" if len(ids) == PAGE else None,
    }  # fmt: skip
    return show(request, "shopping/taste.html", context)
