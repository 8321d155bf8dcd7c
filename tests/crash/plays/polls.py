"""Friends who are asked: goods held for a question, ordered, given back, let go."""

from __future__ import annotations

from datetime import timedelta

from quanzi.goods.stock.queries import free
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.trade.polls import errors
from quanzi.trade.polls import services as polls
from quanzi.trade.polls.models import Good, Poll
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order
from tests.crash.plays.play import PLAYS, Facts, Play, is_one, work
from tests.factories.goods import make_sku
from tests.factories.polls import ask, make_friends, order_held
from tests.factories.trade import make_point


def _people() -> Facts:
    me, friends = make_friends(1)
    return {"me": me.pk, "friend": friends[0].pk, "sku": make_sku(stock_of=2).pk, "point": make_point().pk}


def _ask(facts: Facts) -> None:
    try:
        me, friend = (Member.objects.get(pk=facts[who]) for who in ("me", "friend"))
        ask(me, [friend], sku_ids=[facts["sku"]])
    except errors.HeldLately:
        pass
    work()


def _is_asked(facts: Facts) -> None:
    poll = Poll.objects.get(asker_id=facts["me"])
    assert (poll.asked.count(), free([facts["sku"]])[facts["sku"]]) == (1, 1)


PLAYS["ask_friends"] = Play(_people, _ask, _is_asked)


def _asked() -> Facts:
    facts = _people()
    _ask(facts)
    return facts


def _order(facts: Facts) -> None:
    order_held(Poll.objects.get(asker_id=facts["me"]))
    work()


def _has_one(facts: Facts) -> None:
    is_one(Order.objects.filter(member_id=facts["me"]))
    assert free([facts["sku"]])[facts["sku"]] == 1


PLAYS["order_held"] = Play(_asked, _order, _has_one)


def _ordered() -> Facts:
    facts = _asked()
    _order(facts)
    return facts


def _cancel(facts: Facts) -> None:
    order = Order.objects.get(member_id=facts["me"])
    sales.cancel_order(order_id=order.pk, actor="test", reason="test", now=clock.now())
    work()


def _is_held_again(facts: Facts) -> None:
    assert Good.objects.get(poll__asker_id=facts["me"]).order is None
    assert free([facts["sku"]])[facts["sku"]] == 1


PLAYS["hold_again"] = Play(_ordered, _cancel, _is_held_again)


def _end(facts: Facts) -> None:
    polls.end_due(clock.now() + timedelta(hours=25))
    work()


def _is_free(facts: Facts) -> None:
    assert Poll.objects.get(asker_id=facts["me"]).end_reason == "time"
    assert free([facts["sku"]])[facts["sku"]] == 2


PLAYS["end_question"] = Play(_asked, _end, _is_free)
