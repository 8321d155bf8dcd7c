"""Lists of a circle that people sign up to, change, leave, and that end; a price that the shop agrees to."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from secrets import token_hex
from typing import Any

from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError
from quanzi.people.accounts.models import Member
from quanzi.trade.bargains import services as bargains
from quanzi.trade.bargains.models import Bargain
from quanzi.trade.chains import services as chains
from quanzi.trade.chains.models import Chain, SignUp
from quanzi.trade.deals.models import GroupDeal
from quanzi.trade.payments.models import Refund
from quanzi.trade.sales.models import Order
from tests.crash.plays.play import PLAYS, STOCK, Facts, Play, free, is_one, told_once, work
from tests.factories.chains import make_chain, sign_up
from tests.factories.community import make_circle
from tests.factories.goods import make_sku
from tests.factories.trade import make_buyer, pay


def _chain(*, signed: int = 0, paid: int = 0) -> Facts:
    """A list with its host; `signed` people in it, `paid` of whom have paid."""
    sku, host = make_sku(stock_of=STOCK), make_buyer()
    circle = make_circle(founder=host, name=f"接龙{token_hex(8)}")
    people = [host, *(make_buyer() for _ in range(2))]
    for one in people[1:]:
        circle.memberships.create(member=one, state="joined", asked_at=clock.now(), joined_at=clock.now())
    chain = make_chain(circle=circle, opener=host, sku=sku)
    orders = [sign_up(chain, one) for one in people[:signed]]
    for order in orders[:paid]:
        pay(order)
    work()
    return {"sku": sku.pk, "chain": chain.pk, "member": people[0].pk, "orders": [order.pk for order in orders]}


def _of(facts: Facts) -> dict[str, Any]:
    chain = Chain.objects.select_related("circle").get(pk=facts["chain"])
    return {"chain": chain, "member": Member.objects.get(pk=facts["member"]), "now": clock.now()}


def _change(facts: Facts) -> None:
    chains.sign_up(**_of(facts), lines=[(facts["sku"], 3)], words="改三份", idempotency_key=f"change-{facts['chain']}")
    work()


def _is_changed(facts: Facts) -> None:
    one = SignUp.objects.get(chain_id=facts["chain"], ended_at=None)
    assert (one.order.lines.get().quantity, one.words) == (3, "改三份")
    assert Order.objects.filter(waits_for=f"chain:{facts['chain']}").count() == 2
    assert free(facts) == STOCK - 3


PLAYS["sign_up"] = Play(lambda: _chain(signed=1), _change, _is_changed)


def _leave(facts: Facts) -> None:
    with contextlib.suppress(DomainError):  # the second time there is nothing to leave
        chains.leave(**_of(facts))
    work()


def _has_left(facts: Facts) -> None:
    assert not SignUp.objects.filter(chain_id=facts["chain"], ended_at=None).exists()
    is_one(Refund.objects.filter(payment__payable_id=facts["orders"][0]))
    assert free(facts) == STOCK


PLAYS["leave_list"] = Play(lambda: _chain(signed=1, paid=1), _leave, _has_left)


def _close(facts: Facts) -> None:
    chains.end_due(clock.now() + timedelta(days=1, minutes=1))
    work()


def _is_closed(facts: Facts) -> None:
    assert Chain.objects.get(pk=facts["chain"]).state == "closed"
    told_once("ChainEnded", chain_id=facts["chain"])
    assert [Order.objects.get(pk=pk).released_at is not None for pk in facts["orders"]] == [True, False]


PLAYS["close_list"] = Play(lambda: _chain(signed=2, paid=1), _close, _is_closed)


def _called_off() -> Facts:
    facts = _chain(signed=2, paid=1)
    of = _of(facts)
    chains.call_off(chain=of["chain"], actor=of["member"], reason="没货", now=of["now"])
    work()
    return facts


def _give_back(facts: Facts) -> None:
    chains.end_due(clock.now())
    work()


def _is_given_back(facts: Facts) -> None:
    assert [Order.objects.get(pk=pk).state for pk in facts["orders"]] == ["refunded", "cancelled"]
    is_one(Refund.objects.filter(payment__payable_id=facts["orders"][0]))
    assert free(facts) == STOCK


PLAYS["call_off_list"] = Play(_called_off, _give_back, _is_given_back)


def _asked() -> Facts:
    sku, opener = make_sku(stock_of=STOCK, price_minor=3_990), make_buyer()
    made = bargains.ask(sku_id=sku.pk, opener=opener, wish_minor=3_000, now=clock.now())
    work()
    return {"bargain": made.pk, "staff": make_buyer().pk}


def _agree(facts: Facts) -> None:
    with contextlib.suppress(DomainError):  # the second time it was answered
        bargains.agree(
            bargain_id=facts["bargain"], price_minor=3_200, minimum=2, ends_at=clock.now() + timedelta(days=2),
            actor=Member.objects.get(pk=facts["staff"]), now=clock.now(),
        )  # fmt: skip
    work()


def _is_agreed(facts: Facts) -> None:
    found = Bargain.objects.get(pk=facts["bargain"])
    assert found.state == "agreed"
    is_one(GroupDeal.objects.filter(sku_id=found.sku_id))
    told_once("BargainAnswered", bargain_id=found.pk)


PLAYS["agree"] = Play(_asked, _agree, _is_agreed)
