"""A team: who is in, who is missing, until when, and where the money is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from quanzi.faces.storefront.shopping.drawing import Row, deal_rows_of, either, ladder_of, made_of
from quanzi.faces.storefront.shopping.proving import beside
from quanzi.faces.storefront.shopping.sharing import link_to
from quanzi.faces.storefront.telling.head import head_about_goods
from quanzi.faces.storefront.viewing import member_of, members_only, show, viewer_of
from quanzi.goods.pricing.building import shown
from quanzi.growth.sources.models import SourceKind
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member
from quanzi.trade.deals.models import SeatState, TeamState
from quanzi.trade.deals.queries import TeamPage, open_teams, team_page
from quanzi.trade.deals.services import leave_team

MOST_SEATS_DRAWN = 12
NEWCOMERS = gettext_lazy(
    "Whoever joins this team has not bought here before. It is looked at again when you pay: if you have bought something by "
    "then, your money comes back."
)
SOLD_OUT = gettext_lazy("These goods are sold out for now. The seats that are taken keep theirs.")


@require_safe
def team(request: HttpRequest, code: str) -> HttpResponse:
    """Faces and the empty seat first; then seats left, clock time, what happens if it fails, where the money is."""
    me, now = viewer_of(request), clock.now()
    page = team_page(code=code, viewer=me, now=now)
    if page is None:
        raise NotFound
    card, is_forming = page.card, page.card.state == TeamState.FORMING
    others = (
        open_teams(viewer=me, product_id=card.offer.product_id, limit=3, now=now)
        if not page.may_join and not page.mine
        else []
    )
    is_in = page.mine is not None and page.mine.state == SeatState.PAID
    context = {
        "team": page,
        "is_forming": is_forming,
        "is_in": is_in,
        "seats": _seats(page, me),
        "headline": _headline(page),
        "room_beyond": page.card.free - _free_drawn(page) if is_forming and not page.is_sold_out else 0,
        "title": _title(page),
        "why_not": _why_not(page),
        "ladder": ladder_of(card.offer),
        "made": _made(page),
        "ladder_note": _ladder_note(page),
        "newcomers": NEWCOMERS,
        "sold_out": SOLD_OUT if page.is_sold_out else "",
        "reason": either(card.offer.reason_zh, card.offer.reason_en),
        "others": deal_rows_of([one for one in others if one.code != code], viewer=me),
        "invite": link_to(request, member=me, target=request.path, kind=SourceKind.TEAM, now=now)
        if me and is_in and is_forming and not page.is_sold_out
        else "",
        "came_by": request.GET.get("s", "")[:24],
        "leaving": "leave" in request.GET,
        "beside": beside(me, {card.offer.product_id: (card.offer.product_slug, card.offer.product_name)}, now=now),
    }
    here = reverse("storefront:team", args=[code])
    context["head"] = head_about_goods(request, here, name=_title(page), slug=card.offer.product_slug)
    return show(request, "shopping/team.html", context)


@members_only
@require_POST
def leave(request: HttpRequest, code: str) -> HttpResponse:
    """Give the seat back by the rule that the page shows."""
    me, now = member_of(request), clock.now()
    leave_team(team_code=code, member=me, now=now)
    messages.success(request, gettext("You have left the team. What you paid goes back to where it came from."))
    return redirect("storefront:team", code=code)


def _title(page: TeamPage) -> str:
    words = {"name": page.card.opener_name, "n": page.card.team_size}
    if not page.card.opener_name:
        return gettext("A team of %(n)d") % words
    return gettext("%(name)s’s team of %(n)d") % words


def _headline(page: TeamPage) -> str:
    missing = page.card.missing
    if page.card.state == TeamState.SUCCEEDED:
        return gettext("The team is complete")
    if page.card.state == TeamState.FAILED:
        return gettext("The team did not fill up")
    if page.card.state != TeamState.FORMING:
        return gettext("Time is up")
    if not missing and page.is_sold_out:
        return gettext("Enough have paid")
    if not missing:
        return gettext("Enough have paid; more people make it cheaper")
    return ngettext("%(n)d seat to go", "%(n)d seats to go", missing) % {"n": missing}


def _made(page: TeamPage) -> list[Row]:
    """How the team's price is made, where the merchant shows it."""
    made = shown([page.card.offer.sku_id]).get(page.card.offer.sku_id)
    return made_of(made, page.card.reached) if made is not None else []


def _ladder_note(page: TeamPage) -> str:
    """What the next step needs, or what came of the ladder."""
    card = page.card
    if page.mine is not None and page.mine.levelled is not None:
        return gettext("%(amount)s of what you paid is on its way back to you.") % {"amount": page.mine.levelled}
    if card.state == TeamState.SUCCEEDED:
        return gettext("Everybody in it ends at %(amount)s each.") % {"amount": card.reached}
    if card.next_step is None or card.state != TeamState.FORMING or page.is_sold_out:
        return ""
    more = card.next_step.people - card.paid
    words = ngettext(
        "%(n)d more paid seat, and it is %(amount)s for everybody.",
        "%(n)d more paid seats, and it is %(amount)s for everybody.",
        more,
    )
    return words % {"n": more, "amount": card.next_step.price}


def _why_not(page: TeamPage) -> str:
    """Why the reader cannot take a seat, in words; empty when they can or are in already."""
    return {
        "team_closed": gettext("This team takes nobody in any more."),
        "team_full": gettext(
            "Every seat is taken or held by somebody who is paying. One may come free within 15 minutes."
        ),
        "deal_of_circle": gettext("This deal is for members of the circle “%(name)s”.")
        % {"name": page.card.offer.circle_name},
        "not_new": str(NEWCOMERS),
        "not_on_sale": gettext("These goods are not on sale now."),
        "sold_out": str(SOLD_OUT),
    }.get(page.why_not, "")


def _free_drawn(page: TeamPage) -> int:
    """Free seats to draw: those still needed, and one where people may join beyond that; none where nothing is left for them."""
    return 0 if page.is_sold_out else min(page.card.free, max(page.card.missing - page.held, 1))


def _seats(page: TeamPage, me: Member | None) -> list[dict[str, Any]]:
    """One entry for each paid or held seat and each that the team still needs; at most MOST_SEATS_DRAWN."""
    seats: list[dict[str, Any]] = []
    for face in page.faces:
        is_me = me is not None and face.member_id == me.pk
        name = gettext("You") if is_me else face.name or gettext("A member")
        seats.append(
            {
                "member": {"name": name, "avatar": face.avatar},
                "name": name,
                "second": gettext("opened, paid") if face.is_opener else gettext("paid"),
            }
        )
    if page.card.state == TeamState.FORMING:
        held = [{"member": None, "name": gettext("Held"), "second": gettext("somebody is paying")}] * page.held
        free = [
            {"member": None, "name": gettext("Free seat"), "second": gettext("for somebody you know")}
        ] * _free_drawn(page)
        seats += held + free
    return seats[:MOST_SEATS_DRAWN]
