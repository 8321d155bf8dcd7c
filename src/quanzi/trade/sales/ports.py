"""What other rooms may fill in: a room whose orders wait for something (a team that must fill up) follows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from quanzi.trade.sales.models import Order


class OrderFollower(Protocol):
    """Follows orders whose `waits_for` begins with its kind ("team:12" is followed by "team").

    All calls come inside the transaction that changes the order, after the order's row is locked, except `hold`.
    """

    def hold(self, *, order_id: int, waits_for: str, now: datetime) -> None:
        """Take, before the order's row is locked, the locks that the other calls need: higher rooms lock first."""

    def on_placed(self, *, order: Order, context: Mapping[str, Any], now: datetime) -> None:
        """The order is written and its goods are reserved; raise to refuse it."""

    def on_paid(self, *, order: Order, now: datetime) -> bool:
        """The order is paid. False: not wanted any more; then everything written by this call and for the payment is
        taken back, all of the money returns, and an order that still waited is cancelled (`on_cancelled` follows)."""

    def on_cancelled(self, *, order: Order, now: datetime) -> None:
        """It ended unpaid: cancelled, expired, or its money was not wanted."""

    def on_refunded(self, *, order: Order, now: datetime) -> None:
        """The whole order was refunded after it had been paid."""


@runtime_checkable
class FollowsMany(OrderFollower, Protocol):
    """A follower that also follows many orders at once; each call is its namesake for all of them, or raises for all."""

    def hold_all(self, *, order_ids: Sequence[int]) -> None: ...

    def on_all_placed(self, *, orders: Sequence[tuple[Order, Mapping[str, Any]]]) -> None:
        """Each with its context; it happened when the order was placed."""

    def on_all_paid(self, *, orders: Sequence[Order]) -> None:
        """It happened when each was paid; raise when one is not wanted."""

    def on_all_refunded(self, *, orders: Sequence[Order], now: datetime) -> None: ...


@runtime_checkable
class ReachesFurther(OrderFollower, Protocol):
    """A follower whose `on_refunded` gives back money of other orders as well: one decision, counted whole."""

    def also_back(self, order: Order) -> Mapping[int, int]:
        """What goes back of which other orders when this one goes back whole, in minor units."""


_followers: dict[str, OrderFollower] = {}


def register_follower(kind: str, follower: OrderFollower) -> None:
    """Let `follower` follow orders that wait for things of `kind`; one follower per kind."""
    known = _followers.get(kind)
    if known is not None and known is not follower:
        raise ValueError(f"orders that wait for a {kind} are followed already")
    _followers[kind] = follower


def follower_of(waits_for: str) -> OrderFollower | None:
    """Who follows an order that waits for this; None when it waits for nothing or nobody is registered."""
    return _followers.get(waits_for.partition(":")[0]) if waits_for else None


def many_follower_of(waits_for: str) -> FollowsMany:
    """Who follows many such orders at once. Raises TypeError when nobody does: they are handled one by one then."""
    follower = follower_of(waits_for)
    if not isinstance(follower, FollowsMany):
        raise TypeError(f"nobody follows many orders that wait for {waits_for} at once")
    return follower


def also_back_with(order: Order) -> Mapping[int, int]:
    """What goes back of other orders together with the whole of this one, in minor units; mostly nothing."""
    follower = follower_of(order.waits_for)
    return follower.also_back(order) if isinstance(follower, ReachesFurther) else {}


class OrderSpender(Protocol):
    """Knows something of the buyer's that an order uses up, whatever it is for (a coupon); asked only of orders that something was taken off.

    All calls come inside the transaction that changes the order, after the order's row and its goods are locked.
    """

    def is_asked(self, context: Mapping[str, Any]) -> bool:
        """Whether a context asks to spend it."""

    def on_placed(self, *, order: Order, context: Mapping[str, Any], now: datetime) -> None:
        """Take it for the new order; raise to refuse it."""

    def on_revived(self, *, order: Order, now: datetime) -> None:
        """Late money revives the order, which had given it back: take it again. Raises SpentElsewhere."""

    def on_undone(self, *, order: Order, now: datetime) -> None:
        """The order ended unpaid, or everything in it was refunded: it is the buyer's again. Called twice, it happens once."""


_spenders: list[OrderSpender] = []


def register_spender(spender: OrderSpender) -> None:
    """Let `spender` take part in orders whose context asks for it."""
    if spender not in _spenders:
        _spenders.append(spender)


def spenders_asked(context: Mapping[str, Any]) -> list[OrderSpender]:
    """Whoever takes part in an order with this context; mostly nobody."""
    return [spender for spender in _spenders if spender.is_asked(context)]


def spenders_of(order: Order) -> list[OrderSpender]:
    """Whoever may have taken part in an order. Nothing was spent on one that nothing was taken off, or that waits for something."""
    return _spenders if order.discount_minor and not order.waits_for else []


class Departures(Protocol):
    """Knows which order lines have left in part; a line that left whole is handed over, which sales knows itself."""

    def __call__(self, line_id: int, /) -> bool: ...


_departures: list[Departures] = []


def register_departures(knows: Departures) -> None:
    """Let somebody who sends goods in several parcels say so."""
    if knows not in _departures:
        _departures.append(knows)


def is_under_way(line_id: int) -> bool:
    """Whether some units of a line that is not handed over yet have left the house."""
    return any(knows(line_id) for knows in _departures)


class Goods(Protocol):
    """Knows under which ref the goods left that the buyer of a line has now, where it is not the line's own."""

    def __call__(self, line_id: int, /) -> str | None: ...


_goods: list[Goods] = []


def register_goods(known: Goods) -> None:
    """Let `known` say what was given in place of the goods of a line."""
    if known not in _goods:
        _goods.append(known)


def goods_ref_of(line_id: int) -> str | None:
    """The ref of what was given in place of a line's goods; None while the buyer has what was ordered."""
    return next((ref for known in _goods if (ref := known(line_id)) is not None), None)
