"""Sign-up chains of a circle: the list, a new one, and what keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quanzi.base import printing
from quanzi.base.printing import Column, ListSheet
from quanzi.base.shop.identity import shop_name
from quanzi.community.circles.models import Circle
from quanzi.community.circles.policies import may_read
from quanzi.faces.storefront.community.feed import circle_or_404
from quanzi.faces.storefront.forms import problems
from quanzi.faces.storefront.shopping.drawing import deal_rows_of, given_up_for, is_chinese
from quanzi.faces.storefront.shopping.placing import given_up_in
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.faces.ui import formats
from quanzi.goods.catalogue.models import ProductState, Sku
from quanzi.goods.catalogue.rules import variant_title
from quanzi.growth.importing.tables.writing import as_csv
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.kernel.ids import new_token
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.trade.bargains.queries import bargains_of
from quanzi.trade.chains import policies, services
from quanzi.trade.chains.errors import NotOfTheChain
from quanzi.trade.chains.models import Chain
from quanzi.trade.chains.queries import ChainPage, Signed, chain_page, chains_of, find_chain
from quanzi.trade.chains.services.opening import Good
from quanzi.trade.deals.queries import open_deals, open_teams
from quanzi.trade.sales.models import OrderState
from quanzi.trade.sales.queries import open_points
from quanzi.trade.sales.rules import MOST_OF_ONE

PAGE = 20
ON_SALE = 60


def circle_of_mine(slug: str, me: Member) -> Circle:
    """A circle whose people the reader is one of. Raises NotFound."""
    circle = circle_or_404(slug)
    if not policies.may_see(me, circle):
        raise NotFound
    return circle


def chain_or_404(code: str, me: Member) -> Chain:
    found = find_chain(code, viewer=me)
    if found is None:
        raise NotFound
    return found


@members_only
@require_safe
def together(request: HttpRequest, slug: str) -> HttpResponse:
    """What a circle buys together: its lists, its teams, its deals."""
    me, now = member_of(request), clock.now()
    circle = circle_of_mine(slug, me)
    chains = chains_of(circle_id=circle.pk, before=id_in(request.GET.get("before")), limit=PAGE, now=now)
    deals = open_deals(viewer=me, circle_id=circle.pk, now=now) if may_read(me, circle) else []
    context = {
        "circle": circle,
        "chains": [(chain, _standing(chain.state, chain.takes_people)) for chain in chains],
        "next": f"{request.path}?before={chains[-1].id}" if len(chains) == PAGE else None,
        "may_open": policies.may_open(me, circle),
        "teams": deal_rows_of(open_teams(viewer=me, circle_id=circle.pk, limit=5, now=now), viewer=me),
        "deals": deals,
        "wishes": bargains_of(circle_id=circle.pk, now=now),
    }
    return show(request, "shopping/together.html", context)


def _standing(state: str, takes_people: bool) -> str:
    if takes_people:
        return gettext("people sign up")
    return {"called_off": gettext("called off")}.get(state, gettext("closed"))


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Open a list: goods, place, until when."""
    me, now = member_of(request), clock.now()
    circle = circle_of_mine(slug, me)
    if not policies.may_open(me, circle):
        raise NotFound
    may_price, sent, refusal = policies.may_set_prices(me), request.POST, None
    if request.method == "POST":
        try:
            chain = services.open_chain(
                circle=circle, opener=me, title=sent.get("title", ""), note=sent.get("note", ""),
                goods=_goods_in(sent, may_price=may_price), point_id=id_in(sent.get("point")) or 0,
                closes_at=_moment(sent.get("closes_at", ""), now), pay_hours=id_in(sent.get("pay_hours")) or 0, now=now,
            )  # fmt: skip
        except DomainError as refused:
            refusal = refused
        else:
            messages.success(request, gettext("The list is open. Send its link to the circle."))
            return redirect("storefront:chain", code=chain.code)
    usual = (now + timedelta(days=1)).astimezone(clock.SITE_ZONE).strftime("%Y-%m-%dT20:00")
    wares = Sku.objects.filter(is_active=True, product__state=ProductState.ON_SALE).select_related("product")
    points = open_points(circle_id=circle.pk)
    context: dict[str, Any] = {
        "circle": circle,
        "wares": [
            (sku.pk, variant_title(sku.product.name, sku.options), Money(sku.price_minor, sku.currency))
            for sku in wares.order_by("product__name", "position")[:ON_SALE]
        ],
        "points": [(point.id, f"{point.name} · {point.leader_name}") for point in points],
        "may_price": may_price,
        "sent": {"closes_at": usual, "pay_hours": "24", "point": str(points[0].id) if points else "", **sent.dict()},
        "problems": problems(refusal),
    }
    return show(request, "shopping/chain_new.html", context, status=refusal.status if refusal else 200)


def _goods_in(sent: Mapping[str, str], *, may_price: bool) -> list[Good]:
    chosen = [id_in(name.removeprefix("g")) for name in sent if name.startswith("g")]
    return [Good(sku_id, _price(sent, sku_id) if may_price else None) for sku_id in chosen if sku_id]


def _price(sent: Mapping[str, str], sku_id: int) -> int | None:
    """What the field beside these goods says; None when it is empty."""
    text = sent.get(f"p{sku_id}", "").strip()
    return Money.parse(text, field="goods").minor if text else None


def _moment(text: str, now: datetime) -> datetime:
    """What a datetime field says, on the site's clock; what is no time is refused by the service as one that is over."""
    try:
        return datetime.fromisoformat(text[:16]).replace(tzinfo=clock.SITE_ZONE)
    except ValueError:
        return now


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def chain(request: HttpRequest, code: str) -> HttpResponse:
    """The list, for people of the circle: what, how many, who, and my own line."""
    me, now = member_of(request), clock.now()
    found, refusal = chain_or_404(code, me), None
    if request.method == "POST":
        before = chain_page(chain=found, viewer=me, now=now).mine
        try:
            order = services.sign_up(
                chain=found, member=me, lines=_lines_in(request.POST), words=request.POST.get("words", ""),
                idempotency_key=request.POST.get("key", ""), without_return=given_up_in(request.POST), now=now,
            )  # fmt: skip
        except DomainError as refused:
            refusal = refused
        else:
            messages.success(
                request,
                gettext("Your line is changed.")
                if before is not None
                else gettext("You are in the list. You may pay now, or until some hours after it closes."),
            )
            return redirect(request.path + ("" if order.state != OrderState.PLACED else "#mine"))
    page = chain_page(chain=found, viewer=me, now=now)
    context = {
        "chain": page,
        "standing": _standing(page.card.state, page.card.takes_people),
        "goods": [
            (good, {"sku_id": good.sku_id, "given_up_for": given_up_for(good.return_rule)}) for good in page.goods
        ],
        "gives_up": given_up_in(request.POST),
        "rows": [(one, _wish(one)) for one in page.signed],
        "key": new_token(),
        "may_sign": page.card.takes_people and (page.mine is None or page.mine.order_state == OrderState.PLACED),
        "words": request.POST.get("words", page.mine.words if page.mine else ""),
        "problems": problems(refusal),
        "address": request.build_absolute_uri(request.path),
    }
    return show(request, "shopping/chain.html", context, status=refusal.status if refusal else 200)


def _lines_in(sent: Mapping[str, str]) -> list[tuple[int, int]]:
    found = []
    for name, value in sent.items():
        sku_id, quantity = id_in(name.removeprefix("n")), id_in(value)
        if name.startswith("n") and sku_id and quantity and quantity <= MOST_OF_ONE:
            found.append((sku_id, quantity))
    return found


def _wish(one: Signed) -> str:
    return gettext(", ").join(f"{title} × {quantity}" for title, quantity in one.lines)


@members_only
@require_POST
def act(request: HttpRequest, code: str) -> HttpResponse:
    """Leave the list; as its keeper remind, or call it off."""
    me, now = member_of(request), clock.now()
    found, what = chain_or_404(code, me), request.POST.get("do", "")
    if what == "leave":
        mine = chain_page(chain=found, viewer=me, now=now).mine
        services.leave(chain=found, member=me, now=now)
        messages.success(
            request,
            gettext("You are out of the list. What you paid goes back to where it came from.")
            if mine is not None and mine.order_state != OrderState.PLACED
            else gettext("You are out of the list. Nothing was charged."),
        )
    elif what == "remind":
        told = services.remind(chain=found, actor=me, now=now)
        messages.success(request, ngettext("%(n)d person was told.", "%(n)d people were told.", told) % {"n": told})
    elif what == "call_off":
        if not policies.is_keeper(me, found):
            raise NotOfTheChain()
        services.call_off(chain=found, actor=me, reason=request.POST.get("reason", ""), now=now)
        messages.success(request, gettext("The list is called off. Everybody gets all of it back."))
    else:
        raise NotFound
    return redirect("storefront:chain", code=code)


@members_only
@require_safe
def sheet(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The list for its keeper, to print and tick (pdf) or to work on (csv)."""
    me, now = member_of(request), clock.now()
    found = chain_or_404(code, me)
    if not policies.may_keep(me, found):
        raise NotOfTheChain()
    page = chain_page(chain=found, viewer=me, now=now)
    if kind == "csv":
        heads = [gettext("No."), gettext("Who"), gettext("Goods"), gettext("A word"), gettext("Paid")]
        answer = HttpResponse(as_csv(heads, _rows(page)), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="chain-{code}.csv"'
        return answer
    if kind != "pdf":
        raise NotFound
    answer = HttpResponse(_paper(page, now), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="chain-{code}.pdf"'
    return answer


def _rows(page: ChainPage) -> list[tuple[str, ...]]:
    return [
        (
            str(one.number),
            one.name or "–",
            _wish(one),
            one.words,
            gettext("paid") if one.is_paid else gettext("not yet"),
        )
        for one in page.signed
    ]


def _paper(page: ChainPage, now: datetime) -> bytes:
    lang = "zh" if is_chinese() else "en"
    closes = formats.until(page.card.closes_at, now=now, lang=lang, always_time=True)
    columns = (
        Column(gettext("No.")), Column(gettext("Who"), share=2), Column(gettext("Goods"), share=5),
        Column(gettext("A word"), share=3), Column(gettext("Paid")),
    )  # fmt: skip
    total = gettext(", ").join(f"{good.title} × {good.wanted}" for good in page.goods if good.wanted)
    paper = ListSheet(
        title=page.card.title, second=" · ".join((page.card.circle_name, page.point_name, closes)), columns=columns,
        rows=tuple(_rows(page)), note=total,
    )  # fmt: skip
    return printing.list_sheet(paper, sender=shop_name(), now=now)


def back_to(slug: str) -> str:
    """Where a circle buys together."""
    return reverse("storefront:together", args=[slug])
