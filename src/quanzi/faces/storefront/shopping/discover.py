"""Discovering goods: what people I know kept, deals with a free seat, what is new, makers, questions; one maker."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from quanzi.base import unwritten
from quanzi.community.circles.queries import my_circle_ids, my_circles
from quanzi.community.posts.queries import feed
from quanzi.faces.storefront.community.drawing import note_of
from quanzi.faces.storefront.fronts.drawing import front_of
from quanzi.faces.storefront.shopping.drawing import card_of, deal_rows_of, either, kept_by
from quanzi.faces.storefront.telling.head import head_of_page, head_of_shop
from quanzi.faces.storefront.viewing import Reader, id_in, show, show_kept, viewer_of
from quanzi.faces.ui.places import Fills, component, macro, named
from quanzi.goods.catalogue.queries import MakerCard, maker_page, product_cards
from quanzi.growth.discovery.queries import DiscoverPage, ProofLine, discover_page, post_cards, proof_lines
from quanzi.growth.discovery.queries.discover import ShelfCard
from quanzi.growth.discovery.queries.editions import shelf_edition
from quanzi.growth.discovery.queries.own_shelf import OwnShelf, own_shelf
from quanzi.growth.fronts.centres import of_maker
from quanzi.growth.fronts.policies import may_keep
from quanzi.growth.fronts.queries.fronts import followers, front_page
from quanzi.kernel import clock
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.people.trust.models import TieKind
from quanzi.people.trust.queries import live_kinds
from quanzi.trade.deals.queries import team_prices
from quanzi.trade.launches.queries import days_of, editions
from quanzi.trade.sales.queries import product_counts
from quanzi.trade.stations.queries import round_near

PAGE, NOTES = 20, 4
OWN, ROUND = "storefront/shopping/own.html", "storefront/shopping/round.html"


@require_safe
def discover(request: HttpRequest) -> HttpResponse:
    """Works for visitors too: they see counts, deals and goods."""
    now = clock.now()
    category, before = request.GET.get("category", "")[:60] or None, id_in(request.GET.get("before"))
    return show_kept(
        request,
        "shopping/discover.html",
        edition=lambda: shelf_edition(category=category, before=before, limit=PAGE, now=now, with_sides=True),
        own=lambda me: own_shelf(viewer_id=me.pk, category=category, before=before, limit=PAGE, now=now),
        context=lambda reader: _discover(request, reader, category, before, now),
        fills=lambda me, own: _fills(me, own, now),
    )


def _discover(
    request: HttpRequest, reader: Reader, category: str | None, before: int | None, now: datetime
) -> dict[str, Any]:
    me = reader.member
    page = discover_page(viewer=me, circle_ids=reader.circle_ids, category=category, before=before, limit=PAGE, now=now)
    here = reverse("storefront:discover")
    kept = {} if category is None else {"category": category}
    known = {one.slug: either(one.name, one.name_en) for one in page.categories if one.in_use}
    context: dict[str, Any] = {
        "page": page,
        "category": category,
        "category_name": known.get(category or "", ""),
        "shelves": [
            (one, f"{here}?category={one.slug}", either(one.name, one.name_en)) for one in page.categories if one.in_use
        ],
        "teams": _team_rows(page, reader),
        "notes": [note_of(card) for card in page.experiences],
        "mine": my_circles(me) if me is not None else [],
        "next": f"{here}?{urlencode({**kept, 'before': page.before})}" if page.before else None,
        "is_more": "before" in request.GET,
        "round": round_near(member_id=me.pk if me else None, now=now) if category is None and before is None else None,
        **_cards(page, reader, now),
    }
    path = f"{here}?category={category}" if context["category_name"] else here
    context["head"] = head_of_shop(request, path, name=context["category_name"], feed=reverse("storefront:goods_feed"))
    return context


def _team_rows(page: DiscoverPage, reader: Reader) -> list[dict[str, Any]]:
    """Beside all goods the same; for nobody in particular they are read once for as long as nobody writes, as the teams themselves."""
    if reader.member is not None:
        return deal_rows_of(page.teams, viewer=reader.member)
    key = ("teams of discover", tuple(sorted(reader.circle_ids)), get_language())
    return unwritten.once(key, lambda: deal_rows_of(page.teams, viewer=None))


@require_safe
def maker(request: HttpRequest, slug: str) -> HttpResponse:
    """Who makes it, their story, and what of theirs was kept."""
    me, now = viewer_of(request), clock.now()
    found = maker_page(slug)
    goods = product_cards(maker=slug, before=id_in(request.GET.get("before")), limit=PAGE)
    context = {
        "maker": found,
        "goods": shelf_of(goods, me, now),
        "editions": editions(maker_slug=slug),
        **_front(request, found, me, now),
        "days": days_of(maker_slug=slug, now=now),
        "next": f"{reverse('storefront:maker', args=[slug])}?before={goods[-1].id}" if len(goods) == PAGE else None,
    }
    context["head"] = head_of_page(
        request, reverse("storefront:maker", args=[slug]), name=found.name, card=reverse("storefront:card", args=["m", slug]),
        mark=(found.name, found.story, found.place, found.portrait.sha256 if found.portrait else ""), kind="profile",
    )  # fmt: skip
    return show(request, "shopping/maker.html", context)


def _front(request: HttpRequest, found: MakerCard, me: Member | None, now: datetime) -> dict[str, Any]:
    """The maker's own part of the page: what they pinned, what they write, who follows them, and the way to arrange it."""
    mine = of_maker(id=found.id, slug=found.slug, name=found.name, member_id=found.member_id)
    circle_ids = my_circle_ids(me) if me is not None else ()
    page = front_page(mine)
    writes = found.member_id is not None and "notes" in page.sections
    items = feed(circle_ids=circle_ids, author_id=found.member_id, limit=NOTES) if writes else []
    return {
        "front": front_of(mine, me, circle_ids, now=now, page=page),
        "notes": [note_of(card) for card in post_cards(items, viewer_id=me.pk if me else None, now=now)],
        "followers": followers(found.member_id) if found.member_id is not None else 0,
        "follows": me is not None
        and found.member_id is not None
        and TieKind.FOLLOW in live_kinds(me.pk, found.member_id),
        "keeps": may_keep(me, mine),
    }


def _fills(me: Member, own: OwnShelf, now: datetime) -> Fills:
    """What a member has on 逛逛: what their people kept, who of them kept what is on the page, their circles."""
    keepers, tie = component("keepers"), component("tie_line")
    return {
        **{named("tie", author): tie(label.words) for author, label in own.ties.items()},
        "mine": macro(OWN, "mine")(own.mine),
        "round": macro(ROUND, "card")(own.round),
        "known": macro(OWN, "kept_by_known")(_kept_by_known(me, own, now) if own.known else []),
        **{
            named("keepers", product_id): keepers(line.people, kept_by(line.people, line.known_kept))
            for product_id, line in own.proof.items()
            if line.people
        },
    }


def _kept_by_known(me: Member, own: OwnShelf, now: datetime) -> list[dict[str, Any]]:
    cards, counts = product_cards(ids=own.known), product_counts(own.known)
    prices = _team_prices(set(own.known), me, now)
    return [
        card_of(ShelfCard(card, replace(own.proof.get(card.id, ProofLine()), **vars(counts[card.id]))), prices)
        for card in cards
    ]


def _cards(page: DiscoverPage, reader: Reader, now: datetime) -> dict[str, Any]:
    shelves = [*page.kept_by_known, *page.newest]
    prices = _team_prices({shelf.product.id for shelf in shelves}, reader.member, now, reader.circle_ids)
    return {
        "known": [card_of(shelf, prices) for shelf in page.kept_by_known],
        "goods": [card_of(shelf, prices) for shelf in page.newest],
    }


def shelf_of(cards: list[Any], me: Member | None, now: datetime) -> list[dict[str, Any]]:
    """Product cards ready to draw, with who kept them and the price together."""
    ids = {card.id for card in cards}
    proof = proof_lines(viewer_id=me.pk if me else None, product_ids=ids, now=now)
    prices = _team_prices(ids, me, now)
    return [card_of(ShelfCard(card, proof[card.id]), prices) for card in cards]


def _team_prices(
    product_ids: set[int], me: Member | None, now: datetime, circle_ids: Collection[int] = ()
) -> dict[int, Money]:
    return team_prices(product_ids=product_ids, viewer=me, circle_ids=circle_ids, now=now) if product_ids else {}
