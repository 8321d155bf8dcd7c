"""Everything that helps to judge a price, on one page: what it was, what it is made of, other ways, what people say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from quanzi.faces.storefront.shopping.drawing import is_chinese, made_of
from quanzi.faces.storefront.viewing import id_in, show, viewer_of
from quanzi.faces.ui import formats
from quanzi.goods.catalogue.queries import SkuChoice, price_history, product_page
from quanzi.goods.pricing.building import shown
from quanzi.growth.discovery.queries import proof_lines
from quanzi.kernel import clock
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.trade.bargains.queries import bargains_of
from quanzi.trade.deals.queries import open_deals_of, open_teams
from quanzi.trade.experiences.queries import summary
from quanzi.trade.launches.queries import day_of_sku
from quanzi.trade.sales.queries import lowest_charged, struck
from quanzi.trade.stations.queries import ways_to

HALF_KILO_G = 500
POINTS = 30


@dataclass(frozen=True, slots=True)
class Way:
    """One way to get the goods. was: only a price that was really charged before this one held."""

    name: str
    second: str
    price: Money
    by_weight: Money | None
    was: Money | None
    href: str
    label: str


@require_safe
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """Prices of every way, the history of the price, how it is made, and what became of the goods."""
    me, now = viewer_of(request), clock.now()
    found = product_page(slug)
    skus = [sku for sku in found.skus if sku.is_active]
    wanted = id_in(request.GET.get("sku"))
    sku = next((one for one in skus if one.id == wanted), skus[0] if skus else None)
    here = reverse("storefront:compare", args=[slug])
    proof = proof_lines(viewer_id=me.pk if me else None, product_ids={found.id}, now=now)[found.id]
    context: dict[str, Any] = {
        "product": found,
        "sku": sku,
        "choices": [(one.label or one.code, f"{here}?sku={one.id}", one == sku) for one in skus],
        "stars": summary(found.id),
        "proof": proof,
        "wishes": bargains_of(sku_product_id=found.id, now=now),
    }
    if sku is not None:
        context |= _prices(sku, slug, me, now)
    return show(request, "shopping/compare.html", context)


def _prices(sku: SkuChoice, slug: str, me: Member | None, now: datetime) -> dict[str, Any]:
    history = price_history(sku.id, limit=POINTS)
    made = shown([sku.id]).get(sku.id)
    lang = "zh" if is_chinese() else "en"
    return {
        "ways": _ways(sku, slug, history[0].changed_at if history else now, me, now),
        "history": history,
        "values": [point.price.minor // 100 for point in reversed(history)],
        "labels": [formats.day(point.changed_at, lang=lang, now=now) for point in reversed(history)],
        "lowest": lowest_charged(sku_id=sku.id, before=now, currency=sku.price.currency),
        "made": made_of(made, sku.price) if made is not None else [],
    }


def _ways(sku: SkuChoice, slug: str, since: datetime, me: Member | None, now: datetime) -> list[Way]:
    """Alone, with a team, at a station; the cheapest first."""
    alone = f"{reverse('storefront:checkout')}?{urlencode({'line': f'{sku.id}:1'})}"
    day = day_of_sku(sku_id=sku.id, now=now)
    if day is not None and day.is_open:
        ways = [_way(sku, gettext("Alone"), day.title, day.price, day.starts_at, alone, gettext("Buy"))]
    else:
        ways = [_way(sku, gettext("Alone"), "", sku.price, since, alone, gettext("Buy"))]
    for offer in open_deals_of(sku_id=sku.id, viewer=me, now=now):
        name = gettext("A new team of %(n)d") % {"n": offer.team_size}
        second = gettext("down to %(amount)s with %(n)d") % {
            "amount": offer.steps[-1].price, "n": offer.steps[-1].people
        } if offer.steps else offer.circle_name  # fmt: skip
        href = f"{reverse('storefront:checkout')}?deal={offer.id}"
        ways.append(_way(sku, name, second, offer.price, offer.starts_at, href, gettext("Open a team")))
    for team in open_teams(viewer=me, sku_id=sku.id, limit=5, now=now):
        name = gettext("%(name)s’s team") % {"name": team.opener_name} if team.opener_name else gettext("A team")
        second = ngettext("%(n)d free seat", "%(n)d free seats", team.free) % {"n": team.free}
        href = reverse("storefront:team", args=[team.code])
        ways.append(_way(sku, name, second, team.reached, team.offer.starts_at, href, gettext("See the team")))
    for round_ in ways_to(sku_ids=[sku.id], now=now):
        until = formats.until(round_.cut_off_at, now=now, lang="zh" if is_chinese() else "en", mid=True)
        href = reverse("storefront:station", args=[round_.station_code])
        second = gettext("Until %(at)s") % {"at": until}
        ways.append(_way(sku, round_.station_name, second, round_.price, since, href, gettext("See the station")))
    return sorted(ways, key=lambda way: way.price.minor)


def _way(sku: SkuChoice, name: str, second: str, price: Money, since: datetime, href: str, label: str) -> Way:
    return Way(
        name,
        second,
        price,
        _by_weight(price, sku.weight_g),
        struck(sku_id=sku.id, price=price, since=since),
        href,
        label,
    )


def _by_weight(price: Money, weight_g: int) -> Money | None:
    """The price of half a kilogram; None where no weight is known."""
    if weight_g <= 0:
        return None
    minor = (Decimal(price.minor) * HALF_KILO_G / weight_g).quantize(Decimal(1), ROUND_HALF_UP)
    return Money(int(minor), price.currency)
