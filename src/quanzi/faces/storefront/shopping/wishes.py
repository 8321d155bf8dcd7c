"""What a checkout is about: goods, the cart, goods of a round, a new team or a seat in a team. Read the same from an address and from its form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict

from quanzi.base.media.models import Picture
from quanzi.faces.storefront.shopping.drawing import given_up_for
from quanzi.faces.storefront.shopping.parsing import lines_in, quantity_in
from quanzi.faces.storefront.shopping.specials import Special, special_of
from quanzi.faces.storefront.viewing import id_in
from quanzi.goods.catalogue.queries import first_pictures
from quanzi.goods.pricing.services import Quote, QuoteLine, quote
from quanzi.goods.stock.queries import free
from quanzi.growth.sources.queries import owner_of
from quanzi.kernel.errors import NotFound
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.trade.deals.queries import DealOffer, TeamPage, deal_page, team_page
from quanzi.trade.sales.models import DeliveryMethod
from quanzi.trade.sales.queries import cart_view
from quanzi.trade.stations.queries import RoundCard, StationCard, round_card, station_by_code
from quanzi.trade.stores.queries import LinkCard, StoreCard, link_card, store_by_code


@dataclass(frozen=True)
class Wish:
    """lines: (sku, quantity). offer: of a new team or of the team's deal. team: the one to join."""

    lines: tuple[tuple[int, int], ...]
    offer: DealOffer | None = None
    team: TeamPage | None = None
    from_cart: bool = False
    came_by: str = ""
    round: RoundCard | None = None
    station: StationCard | None = None
    store: StoreCard | None = None
    spot: str = ""
    link: LinkCard | None = None
    special: Special | None = None
    coupon_id: int | None = None

    @property
    def may_use_coupon(self) -> bool:
        """Whether these are goods at the shop's own prices; what was agreed otherwise has a price of its own."""
        return not (self.special or self.offer or self.round or self.store or self.link)

    @property
    def only_point_id(self) -> int | None:
        """Where it is picked up and nowhere else; None where the buyer chooses."""
        if self.link is not None:
            return self.link.point_id
        place = self.station or self.store
        return place.point_id if place is not None else None

    @property
    def quantity(self) -> int:
        return self.lines[0][1]

    @property
    def fields(self) -> list[tuple[str, str]]:
        """What the form sends back so that it asks for the same, besides quantity and way of delivery."""
        if self.special is not None:
            return [*self.special.fields]
        if self.team is not None:
            return [("team", self.team.card.code), ("quantity", str(self.quantity)), ("s", self.came_by)]
        if self.offer is not None:
            return [("deal", str(self.offer.id)), ("quantity", str(self.quantity))]
        if self.link is not None:
            return [("link", self.link.code)]
        pairs = [("line", f"{sku_id}:{quantity}") for sku_id, quantity in self.lines]
        if self.store is not None:
            return [*pairs, ("store", self.store.code), ("spot", self.spot)]
        if self.round is not None and self.station is not None:
            return [*pairs, ("round", str(self.round.id)), ("station", self.station.code)]
        if self.coupon_id is not None:
            pairs.append(("coupon", str(self.coupon_id)))
        return [*pairs, ("cart", "1")] if self.from_cart else pairs

    @property
    def context(self) -> dict[str, Any]:
        """What price rules are told; joining and opening add the seat themselves."""
        if self.special is not None:
            return self.special.context
        if self.team is not None:
            return {"team_id": self.team.card.id, "deal_id": self.team.card.offer.id}
        if self.round is not None:
            return {"round_id": self.round.id}
        if self.link is not None:
            return self.link.context
        if self.coupon_id is not None:
            return {"coupon_id": self.coupon_id}
        return {"deal_id": self.offer.id} if self.offer is not None else {}


@dataclass(frozen=True)
class WishLine:
    """One line as the checkout lists it, at list price. given_up_for: why its return may be given up; empty where it may not."""

    sku_id: int
    title: str
    picture: Picture | None
    quantity: int
    list_total: Money
    list_price: Money
    free: int
    given_up_for: str

    @property
    def is_short(self) -> bool:
        return self.quantity > self.free


def wish_of(asked: QueryDict, *, member: Member, now: datetime) -> Wish:
    """Read the wish. Raises NotFound for what the member may not know of, BadQuantity; an empty cart gives no lines."""
    special = special_of(asked, member=member, now=now)
    if special is not None:
        return Wish(special.lines, special=special)
    if "team" in asked:
        return _team_wish(asked, member, now)
    if "deal" in asked:
        offer = deal_page(deal_id=id_in(asked.get("deal")) or 0, viewer=member, now=now)
        if offer is None:
            raise NotFound
        return Wish(((offer.sku_id, quantity_in(asked.get("quantity", "1"))),), offer=offer)
    if "link" in asked:
        link = link_card(asked.get("link", ""), viewer=member, now=now)
        return Wish(((link.sku_id, link.quantity),), link=link)
    lines = asked.getlist("line")
    if lines and "store" in asked:
        spot = asked.get("spot", "")[:20]
        return Wish(tuple(lines_in(lines)), store=store_by_code(asked.get("store", "")), spot=spot)
    if lines and "round" in asked:
        found = round_card(id_in(asked.get("round")) or 0, now=now)
        return Wish(tuple(lines_in(lines)), round=found, station=station_by_code(asked.get("station", "")))
    coupon_id = id_in(asked.get("coupon"))
    if lines:
        return Wish(tuple(lines_in(lines)), from_cart="cart" in asked, coupon_id=coupon_id)
    rows = cart_view(member=member, now=now).rows
    wanted = tuple((row.sku_id, row.quantity) for row in rows if row.total is not None)
    return Wish(wanted, from_cart=True, coupon_id=coupon_id)


def _team_wish(asked: QueryDict, member: Member, now: datetime) -> Wish:
    found = team_page(code=asked.get("team", "")[:20], viewer=member, now=now)
    if found is None:
        raise NotFound
    line = (found.card.offer.sku_id, quantity_in(asked.get("quantity", "1")))
    return Wish((line,), offer=found.card.offer, team=found, came_by=asked.get("s", "")[:24])


def price_of(wish: Wish, *, method: str | None, address_id: int | None = None, member: Member, now: datetime) -> Quote:
    """What the wish costs now, explained; without a method (None) there is no freight yet. Raises what pricing and its rules refuse."""
    lines = [QuoteLine(sku_id, quantity) for sku_id, quantity in wish.lines]
    context = {**wish.context}
    if method is not None:
        context["method"] = method if method in DeliveryMethod.values else DeliveryMethod.PICKUP
    return quote(lines=lines, member_id=member.pk, context={**context, "address_id": address_id}, now=now)


def drawn_lines(priced: Quote, *, are_set_aside: bool = False) -> Sequence[WishLine]:
    """The lines of a quote with pictures and what is free, in two statements. are_set_aside: the goods are held for this order."""
    pictures = first_pictures({line.product_id for line in priced.lines})
    left = free([line.sku_id for line in priced.lines])
    return [
        WishLine(
            sku_id=line.sku_id,
            title=line.title,
            picture=pictures.get(line.product_id),
            quantity=line.quantity,
            list_total=Money(line.list_minor * line.quantity, priced.currency),
            list_price=Money(line.list_minor, priced.currency),
            free=line.quantity if are_set_aside else left[line.sku_id],
            given_up_for=given_up_for(line.return_rule),
        )
        for line in priced.lines
    ]


def inviter_of(wish: Wish, member: Member, now: datetime) -> int | None:
    """Who brought the member to the team, when the link says so; never the member."""
    owner = owner_of(wish.came_by, now) if wish.came_by else None
    return owner if owner != member.pk else None
