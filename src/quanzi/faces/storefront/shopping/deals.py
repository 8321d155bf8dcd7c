"""Group deals: teams that lack somebody, deals that take new teams, and my own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe
from markupsafe import Markup

from quanzi.faces.storefront.shopping.drawing import deal_rows_of, either, is_chinese, title_of
from quanzi.faces.storefront.viewing import id_in, show, viewer_of
from quanzi.faces.ui import formats
from quanzi.faces.ui.pictures import picture
from quanzi.growth.discovery.queries import proof_lines
from quanzi.kernel import clock
from quanzi.trade.deals.models import TeamState
from quanzi.trade.deals.queries import DealOffer, TeamCard, my_teams, open_deals, open_teams
from quanzi.trade.stations.queries import round_near

PAGE = 20


@require_safe
def deals(request: HttpRequest) -> HttpResponse:
    """My teams first, then teams with a free seat, then what a team can be opened for."""
    me, now = viewer_of(request), clock.now()
    before = id_in(request.GET.get("before"))
    offers = open_deals(viewer=me, before=before, limit=PAGE, now=now)
    proof = proof_lines(viewer_id=me.pk if me else None, product_ids={one.product_id for one in offers}, now=now)
    is_first = before is None
    context = {
        "mine": [_mine(team, now) for team in my_teams(member=me, limit=5, now=now)] if me and is_first else [],
        "teams": deal_rows_of(open_teams(viewer=me, limit=PAGE, now=now), viewer=me) if is_first else [],
        "offers": [_card(offer, proof[offer.product_id].kept, proof[offer.product_id].returned) for offer in offers],
        "round": round_near(member_id=me.pk if me else None, now=now) if is_first else None,
        "next": f"{reverse('storefront:deals')}?before={offers[-1].id}" if len(offers) == PAGE else None,
    }
    return show(request, "shopping/deals.html", context)


def _mine(team: TeamCard, now: datetime) -> dict[str, Any]:
    """A team of mine: how it stands, and until when while it still forms."""
    is_forming = team.state == TeamState.FORMING
    lang = "zh" if is_chinese() else "en"
    until = gettext("Until %(at)s") % {"at": formats.until(team.deadline, now=now, lang=lang, mid=True)}
    left = ngettext("%(n)d seat to go", "%(n)d seats to go", team.missing) % {"n": team.missing} if team.missing else ""
    pic = picture(team.offer.picture, 320, alt="", sizes="56px") if team.offer.picture else ""
    return {
        "href": reverse("storefront:team", args=[team.code]),
        "title": title_of(team.offer),
        "second": until if is_forming else gettext("The team is complete"),
        "lead": Markup('<span class="pic pic-56">{}</span>').format(pic),
        "end": left if is_forming else "",
    }


def _people(offer: DealOffer) -> str:
    """How many it takes, and what more people or new ones change."""
    if offer.steps:
        last = offer.steps[-1]
        return gettext("%(n)d people, with %(more)d it is %(amount)s") % {
            "n": offer.team_size, "more": last.people, "amount": last.price
        }  # fmt: skip
    if offer.newcomers_only:
        return gettext("%(n)d people, those who join are new here") % {"n": offer.team_size}
    return gettext("%(n)d people · %(why)s") % {"n": offer.team_size, "why": either(offer.reason_zh, offer.reason_en)}


def _card(offer: DealOffer, kept: int, returned: int) -> dict[str, Any]:
    """A deal on the shelf: the price together beside the price alone, and what became of the goods so far."""
    return {
        "href": reverse("storefront:product", args=[offer.product_slug]) + f"?sku={offer.sku_id}",
        "title": title_of(offer),
        "second": _people(offer),
        "pic": offer.picture,
        "price": offer.single_price,
        "team_price": offer.price,
        "kept": kept,
        "returned": returned,
    }
