"""From a wish and a form to an order, through the service that fits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import QueryDict

from quanzi.faces.storefront.shopping.parsing import amount_in
from quanzi.faces.storefront.shopping.wishes import Wish, inviter_of
from quanzi.faces.storefront.viewing import id_in
from quanzi.people.accounts.models import Member
from quanzi.people.contact.models import Channel, Purpose
from quanzi.people.contact.services import decide
from quanzi.trade.deals.services import join_team, open_team
from quanzi.trade.payments import providers
from quanzi.trade.payments.rules import OFFLINE_LIFE
from quanzi.trade.sales.models import DeliveryMethod, Order
from quanzi.trade.sales.rules import MOST_LINES, PAY_WITHIN_MINUTES
from quanzi.trade.sales.services import place_order
from quanzi.trade.stations.services import order_in_round
from quanzi.trade.stores.services import order_at_counter, order_by_link


def place(
    wish: Wish,
    asked: QueryDict,
    *,
    method: str,
    point_id: int | None,
    address_id: int | None,
    note: str,
    provider: str,
    member: Member,
    now: datetime,
) -> Order:
    """Order what the wish asks for at the amount that the page had shown. Raises NoSuchProvider before anything is written."""
    is_online = providers.offered(provider).is_online
    is_pickup = method == DeliveryMethod.PICKUP
    ordering: dict[str, Any] = {
        "method": method,
        "pickup_point_id": point_id if is_pickup else None,
        "address_id": address_id if not is_pickup else None,
        "note": note,
        "idempotency_key": asked.get("key", ""),
        "expected_amount_minor": amount_in(asked.get("expected")),
        "without_return": given_up_in(asked),
    }
    if wish.special is not None:
        return wish.special.place(member=member, now=now, **ordering)
    if wish.team is not None:
        _, order = join_team(
            team_code=wish.team.card.code, member=member, quantity=wish.quantity,
            invited_by_id=inviter_of(wish, member, now), now=now, **ordering,
        )  # fmt: skip
        return order
    if wish.offer is not None:
        _, order = open_team(deal_id=wish.offer.id, member=member, quantity=wish.quantity, now=now, **ordering)
        return order
    if wish.round is not None and wish.station is not None:
        ordered: Order = order_in_round(
            round_id=wish.round.id, station_id=wish.station.id, member=member, lines=wish.lines, note=note,
            to_door=asked.get("to_door", ""), expected_amount_minor=ordering["expected_amount_minor"],
            idempotency_key=ordering["idempotency_key"], without_return=ordering["without_return"], now=now,
        )  # fmt: skip
        return ordered
    if wish.link is not None:
        through: Order = order_by_link(code=wish.link.code, member=member, now=now, **ordering)
        return through
    if wish.store is not None:
        rest = {name: ordering[name] for name in ("note", "idempotency_key", "expected_amount_minor", "without_return")}
        here: Order = order_at_counter(
            store_code=wish.store.code, member=member, lines=wish.lines, spot=wish.spot, now=now, **rest
        )
        return here
    # Cash and bank transfers need longer than a pay page; a seat in a team does not wait for them.
    minutes = PAY_WITHIN_MINUTES if is_online else OFFLINE_LIFE.total_seconds() // 60
    placed: Order = place_order(
        member=member,
        lines=wish.lines,
        from_cart=wish.from_cart,
        pay_within_minutes=int(minutes),
        context=wish.context,
        now=now,
        **ordering,
    )
    return placed


def given_up_in(asked: QueryDict) -> set[int]:
    """The SKUs whose box "I give the return up for this purchase" was ticked."""
    return {found for value in asked.getlist("gives_up")[:MOST_LINES] if (found := id_in(value)) is not None}


def show_purchases(*, member: Member, now: datetime) -> None:
    """The box on the checkout page: people I know may see what I keep. Its own decision, beside the order."""
    decide(member=member, purpose=Purpose.SOCIAL_PROOF, channel=Channel.NONE, granted=True, where="checkout", now=now)
