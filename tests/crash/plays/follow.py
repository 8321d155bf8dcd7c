"""What follows from orders: events that are told, commission that is owed."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

from quanzi.base.events.services import deliver_pending
from quanzi.base.jobs.tasks import rescue_stalled
from quanzi.base.ledger.models import Transaction
from quanzi.growth.commission.models import Accrual
from quanzi.growth.commission.queries import standing_rules
from quanzi.growth.commission.services import create_rule
from quanzi.growth.commission.tasks import make_due_payable
from quanzi.kernel import clock
from quanzi.people.trust.services import invited
from tests.crash.plays.goods import received, say_kept, take_back
from tests.crash.plays.orders import ordered
from tests.crash.plays.play import PLAYS, STOCK, Facts, Play, booked_once, is_one, order_of
from tests.factories.goods import make_sku
from tests.factories.trade import (
    capture,
    make_buyer,
    make_order,
    make_point,
    make_staff,
    pay,
    start_payment,
)


def _untold() -> Facts:
    facts = ordered()
    pay(order_of(facts))
    return facts


def _tell(facts: Facts) -> None:
    while deliver_pending(now=clock.now()):
        continue


def _tell_one_by_one(facts: Facts) -> None:
    while deliver_pending(limit=1, now=clock.now()):
        continue


def _is_told(facts: Facts) -> None:
    from quanzi.trade.fulfilment.models import Fulfilment

    is_one(Fulfilment.objects.filter(order_id=facts["order"]))


PLAYS["tell"] = Play(_untold, _tell, _is_told)
PLAYS["tell_one_by_one"] = Play(_untold, _tell_one_by_one, _is_told)


def _invited() -> Facts:
    inviter, buyer = make_buyer(), make_buyer()
    invited(inviter_id=inviter.pk, newcomer_id=buyer.pk, now=clock.now())
    if not standing_rules(now=clock.now()):
        create_rule(name="邀请", rate_bp=1_000, starts_at=clock.now(), actor=make_staff("owner"), now=clock.now())
    sku = make_sku(stock_of=STOCK)
    order = make_order(member=buyer, sku=sku, quantity=2, point=make_point())
    capture(start_payment(order))
    return {"order": order.pk, "member": buyer.pk, "sku": sku.pk, "line": order.lines.get().pk}


def _is_accrued(facts: Facts) -> None:
    is_one(Accrual.objects.filter(line_id=facts["line"], state="waiting"))


PLAYS["accrue"] = Play(_invited, _tell, _is_accrued)


def _owed() -> Facts:
    """Received and said to be kept; the windows still stand open."""
    facts = received(order_of(_invited()))
    say_kept(facts)
    return facts


def _close_the_windows(facts: Facts) -> None:
    make_due_payable(now=clock.now() + timedelta(days=30))


def _is_payable(facts: Facts) -> None:
    accrual = Accrual.objects.get(line_id=facts["line"])
    assert accrual.state == "payable"
    booked_once(f"commission:{accrual.pk}")


PLAYS["owe"] = Play(_owed, _close_the_windows, _is_payable)


def owed_and_due() -> Facts:
    facts = _owed()
    _close_the_windows(facts)
    return facts


def _is_taken_back(facts: Facts) -> None:
    accrual = Accrual.objects.get(line_id=facts["line"])
    assert (accrual.state, accrual.reversed_minor) == ("reversed", accrual.amount_minor)
    is_one(Transaction.objects.filter(key__startswith=f"commission:{accrual.pk}:back:"))


PLAYS["owe_no_more"] = Play(owed_and_due, take_back, _is_taken_back)


def _rescue(facts: Facts) -> None:
    """Jobs of workers that died, without waiting for their silence to last a minute."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    rescue_stalled(now=clock.now())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo' AND attempts > 0")


PLAYS["rescue"] = Play(dict, _rescue, lambda facts: None)
