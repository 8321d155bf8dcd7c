"""Launches and numbered pieces: the lot, a turn that becomes an order, units and pieces that go to the next."""

from __future__ import annotations

from datetime import timedelta

from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.trade.launches import services as launches
from quanzi.trade.launches.models import Ask, Edition, Launch, Piece, Place
from quanzi.trade.payments.models import Payment
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order
from tests.crash.plays.play import PLAYS, Facts, Play, is_one, order_of, told_once, work
from tests.factories.launches import MINUTE, enter, make_edition, make_launch, order_piece, order_turn
from tests.factories.trade import capture, make_buyer, make_point, pay, start_payment


def _queue() -> Facts:
    """A launch of one unit whose start has come, with two people in its queue."""
    launch = make_launch(units=1, now=clock.now() - 11 * MINUTE)
    for _ in range(2):
        enter(launch, now=clock.now() - 5 * MINUTE)
    return {"launch": launch.pk, "sku": launch.sku_id, "point": make_point().pk}


def _begin(facts: Facts) -> None:
    launches.run(launch_id=facts["launch"], now=clock.now())
    work()


def _has_begun(facts: Facts) -> None:
    places = Place.objects.filter(launch_id=facts["launch"]).order_by("position")
    assert [(one.position, one.state) for one in places] == [(1, "turn"), (2, "waiting")]
    told_once("LotDrawn", launch_id=facts["launch"])


PLAYS["draw_lot"] = Play(_queue, _begin, _has_begun)


def _drawn() -> Facts:
    facts = _queue()
    _begin(facts)
    return facts


def _use(facts: Facts) -> None:
    place = Place.objects.select_related("member").get(launch_id=facts["launch"], position=1)
    launches.order_turn(
        launch_id=place.launch_id, member=place.member, quantity=1, method="pickup", pickup_point_id=facts["point"],
        idempotency_key=f"turn-{place.pk}", now=clock.now(),
    )  # fmt: skip
    work()


def _is_used(facts: Facts) -> None:
    is_one(Order.objects.filter(waits_for=f"launch:{facts['launch']}"))
    launch = Launch.objects.get(pk=facts["launch"])
    assert (launch.taken, launch.held, launch.state) == (1, 0, "selling")


PLAYS["use_turn"] = Play(_drawn, _use, _is_used)


def _ordered() -> Facts:
    facts = _drawn()
    place = Place.objects.select_related("member").get(launch_id=facts["launch"], position=1)
    order = order_turn(place)
    return {**facts, "order": order.pk, "payment": start_payment(order).pk}


def _pay(facts: Facts) -> None:
    capture(Payment.objects.get(pk=facts["payment"]))
    work()


def _is_sold_out(facts: Facts) -> None:
    launch = Launch.objects.get(pk=facts["launch"])
    assert (launch.state, launch.end_reason, launch.held) == ("over", "sold_out", 0)
    assert order_of(facts).released_at is not None
    told_once("LaunchEnded", launch_id=facts["launch"])


PLAYS["sell_out"] = Play(_ordered, _pay, _is_sold_out)


def _cancel(facts: Facts) -> None:
    sales.cancel_order(order_id=facts["order"], actor="test", reason="test", now=clock.now())
    work()


def _next_has_it(facts: Facts) -> None:
    assert Place.objects.get(launch_id=facts["launch"], position=2).state == "turn"
    assert Launch.objects.get(pk=facts["launch"]).held == 1


PLAYS["turn_to_the_next"] = Play(_ordered, _cancel, _next_has_it)


def _edition() -> Facts:
    edition = make_edition(size=1)
    return {"edition": edition.pk, "sku": edition.sku_id, "member": make_buyer().pk, "point": make_point().pk}


def _buy(facts: Facts) -> None:
    launches.order_piece(
        edition_id=facts["edition"], member=Member.objects.get(pk=facts["member"]), method="pickup",
        pickup_point_id=facts["point"], idempotency_key=f"piece-{facts['edition']}", now=clock.now(),
    )  # fmt: skip
    work()


def _is_taken(facts: Facts) -> None:
    assert Piece.objects.get(edition_id=facts["edition"]).state == "ordered"
    is_one(Order.objects.filter(member_id=facts["member"]))


PLAYS["order_piece"] = Play(_edition, _buy, _is_taken)


def _piece_ordered() -> Facts:
    facts = _edition()
    order = order_piece(Edition.objects.get(pk=facts["edition"]))
    return {**facts, "order": order.pk, "payment": start_payment(order).pk}


def _is_owned(facts: Facts) -> None:
    piece = Piece.objects.get(edition_id=facts["edition"])
    assert piece.owner_id == order_of(facts).member_id
    is_one(piece.records.filter(kind="sold"))


PLAYS["own_piece"] = Play(_piece_ordered, _pay, _is_owned)


def _piece_waited_for() -> Facts:
    facts = _edition()
    order = pay(order_piece(Edition.objects.get(pk=facts["edition"])))
    for _ in range(2):
        launches.ask_piece(edition_id=facts["edition"], member=make_buyer(), now=clock.now())
    return {**facts, "order": order.pk}


def _give_back(facts: Facts) -> None:
    sales.refund_order(
        order_id=facts["order"], reason="test", actor="test", idempotency_key=f"back-{facts['order']}", now=clock.now()
    )
    work()


def _is_offered(facts: Facts) -> None:
    assert Piece.objects.get(edition_id=facts["edition"]).state == "offered"
    is_one(Ask.objects.filter(edition_id=facts["edition"], state="turn"))
    told_once("PieceOffered", edition_id=facts["edition"])


PLAYS["piece_comes_back"] = Play(_piece_waited_for, _give_back, _is_offered)


def _offered() -> Facts:
    facts = _piece_waited_for()
    _give_back(facts)
    return facts


def _pass_on(facts: Facts) -> None:
    launches.pass_on_due(clock.now() + timedelta(hours=25))


def _second_has_it(facts: Facts) -> None:
    asks = Ask.objects.filter(edition_id=facts["edition"]).order_by("id")
    assert asks[0].state == "passed"


PLAYS["piece_passes_on"] = Play(_offered, _pass_on, _second_has_it)
