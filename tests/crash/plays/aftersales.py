"""Lots that stop and are recalled, goods that are exchanged, answers that are contested."""

from __future__ import annotations

from datetime import timedelta

from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.trade.aftersales import services
from quanzi.trade.aftersales.models import Claim, Compensation, Dispute, LotPause, RecalledLine, Return
from quanzi.trade.fulfilment import services as fulfilment
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import OrderLine, OrderRefund
from tests.crash.plays.play import PLAYS, STOCK, Facts, Play, booked_once, free, is_one, work
from tests.factories.goods import bring_in, make_lot, make_sku
from tests.factories.trade import make_paid_order, make_staff, open_fulfilment, pay


def _given() -> Facts:
    """One line with goods of a lot, received; the rest of the lot is on the shelf."""
    sku = make_sku(price_minor=3_000)
    lot = make_lot(sku=sku, expires_at=clock.now() + timedelta(days=30))
    bring_in(sku, STOCK, lot=lot)
    order = make_paid_order(sku=sku)
    staff = make_staff("operator")
    fulfilment.ship(fulfilment_id=open_fulfilment(order).pk, actor_member=staff, carrier="顺丰", now=clock.now())
    sales.confirm_receipt(order_id=order.pk, member=order.member, now=clock.now())
    work()
    return {
        "sku": sku.pk,
        "lot": lot.pk,
        "order": order.pk,
        "line": order.lines.get().pk,
        "member": order.member_id,
        "staff": staff.pk,
    }


def _staff(facts: Facts, name: str = "staff") -> Member:
    return Member.objects.get(pk=facts[name])


def _recall(facts: Facts) -> None:
    services.recall(lot_id=facts["lot"], reason="农残超标", actor=_staff(facts), now=clock.now())
    services.carry_on_recalls(clock.now())
    work()


def _is_recalled(facts: Facts) -> None:
    is_one(RecalledLine.objects.filter(line_id=facts["line"], settled_at__isnull=False))
    is_one(OrderRefund.objects.filter(order_id=facts["order"]))
    assert free(facts) == 0


PLAYS["recall"] = Play(_given, _recall, _is_recalled)


def _stop_and_go(facts: Facts) -> None:
    """A pause that stands is not set twice; nor is one released twice."""
    staff = _staff(facts)
    if not LotPause.objects.filter(lot_id=facts["lot"]).exists():
        services.pause(lot_id=facts["lot"], reason="先看一看", actor=staff, now=clock.now())
    if LotPause.objects.filter(lot_id=facts["lot"], released_at=None).exists():
        services.release(lot_id=facts["lot"], reason="没有问题", actor=staff, now=clock.now())
    work()


def _goes_on(facts: Facts) -> None:
    is_one(LotPause.objects.filter(lot_id=facts["lot"], released_at__isnull=False))
    assert free(facts) == STOCK - 1


PLAYS["stop_and_go"] = Play(_given, _stop_and_go, _goes_on)


def _came_back() -> Facts:
    facts = _given()
    line = OrderLine.objects.get(pk=facts["line"])
    other = make_sku(product=line.product, price_minor=2_500, stock_of=1)
    claim = services.ask(line_id=line.pk, member=line.member, reason="return", for_sku_id=other.pk, now=clock.now())
    services.arrive(claim_id=claim.pk, actor_member=_staff(facts), now=clock.now())
    work()
    return {**facts, "claim": claim.pk}


def _exchange(facts: Facts) -> None:
    if Claim.objects.get(pk=facts["claim"]).state == "open":
        services.exchange(claim_id=facts["claim"], actor_member=_staff(facts), is_sellable=True, now=clock.now())
    work()


def _is_exchanged(facts: Facts) -> None:
    is_one(Return.objects.filter(claim_id=facts["claim"], state="settled", difference__amount_minor=500))
    assert free(facts) == STOCK


PLAYS["exchange"] = Play(_came_back, _exchange, _is_exchanged)


def _before_dearer() -> Facts:
    facts = _given()
    product = OrderLine.objects.get(pk=facts["line"]).product
    return {**facts, "other": make_sku(product=product, price_minor=3_500, stock_of=1).pk}


def _exchange_for_dearer(facts: Facts) -> None:
    """Asked, paid, come back, given: each step once, however often it is tried."""
    line = OrderLine.objects.get(pk=facts["line"])
    if not Return.objects.filter(claim__line=line).exists():
        services.ask(line_id=line.pk, member=line.member, reason="return", for_sku_id=facts["other"], now=clock.now())
    back = Return.objects.select_related("new_order", "claim").get(claim__line=line)
    assert back.new_order is not None
    if back.new_order.paid_at is None:
        pay(back.new_order)
    if back.state == "agreed":
        services.arrive(claim_id=back.claim_id, actor_member=_staff(facts), now=clock.now())
    if back.claim.state == "open":
        services.exchange(claim_id=back.claim_id, actor_member=_staff(facts), is_sellable=True, now=clock.now())
    work()


def _left_as_an_order(facts: Facts) -> None:
    is_one(Return.objects.filter(claim__line_id=facts["line"], state="settled", new_order__released_at__isnull=False))
    assert free(facts) == STOCK


PLAYS["exchange_for_dearer"] = Play(_before_dearer, _exchange_for_dearer, _left_as_an_order)


def _with_dearer() -> Facts:
    """The dearer goods arrived, and are faulty."""
    facts = _before_dearer()
    _exchange_for_dearer(facts)
    order = Return.objects.select_related("new_order__member").get(claim__line_id=facts["line"]).new_order
    assert order is not None
    fulfilment.ship(
        fulfilment_id=open_fulfilment(order).pk, actor_member=_staff(facts), carrier="顺丰", now=clock.now()
    )
    sales.confirm_receipt(order_id=order.pk, member=order.member, now=clock.now())
    line = order.lines.get()
    claim = services.ask(line_id=line.pk, member=order.member, reason="spoiled", note="碎了", now=clock.now())
    work()
    return {**facts, "claim": claim.pk, "new_line": line.pk}


def _refund_dearer(facts: Facts) -> None:
    if Claim.objects.get(pk=facts["claim"]).state == "open":
        services.accept(claim_id=facts["claim"], actor_member=_staff(facts), now=clock.now())
    work()


def _both_are_back(facts: Facts) -> None:
    for line in OrderLine.objects.filter(pk__in=(facts["line"], facts["new_line"])):
        assert line.refunded_minor == line.paid_minor > 0


PLAYS["refund_dearer"] = Play(_with_dearer, _refund_dearer, _both_are_back)


def _refund_order_of_dearer(facts: Facts) -> None:
    """The staff gives back the whole order over the difference, and with it what was paid before."""
    sales.refund_or_ask(
        order_id=OrderLine.objects.get(pk=facts["new_line"]).order_id, reason="后悔了", staff=_staff(facts),
        idempotency_key="whole", now=clock.now(),
    )  # fmt: skip
    work()


PLAYS["refund_order_of_dearer"] = Play(_with_dearer, _refund_order_of_dearer, _both_are_back)


def _declined() -> Facts:
    facts = _given()
    line = OrderLine.objects.get(pk=facts["line"])
    claim = services.ask(line_id=line.pk, member=line.member, reason="spoiled", note="碎了", now=clock.now())
    services.decline(claim_id=claim.pk, actor_member=_staff(facts), answer="照片里是好的", now=clock.now())
    work()
    return {**facts, "claim": claim.pk, "other": make_staff("finance").pk}


def _contest(facts: Facts) -> None:
    claim = Claim.objects.get(pk=facts["claim"])
    if not Dispute.objects.filter(claim=claim).exists():
        services.contest(claim_id=claim.pk, member=claim.member, words="里面是碎的", now=clock.now())
    found = Dispute.objects.get(claim=claim)
    if found.state == "open":
        services.decide_dispute(
            dispute_id=found.pk,
            actor_member=_staff(facts, "other"),
            amount_minor=100,
            words="看过了",
            now=found.evidence_until,
        )
    work()


def _is_contested(facts: Facts) -> None:
    is_one(Dispute.objects.filter(claim_id=facts["claim"], state="decided", refund__amount_minor=100))


PLAYS["contest"] = Play(_declined, _contest, _is_contested)


def _compensate(facts: Facts) -> None:
    made = services.compensate(
        line_id=facts["line"], actor_member=_staff(facts), reason="goodwill", amount_minor=500, words="抱歉",
        idempotency_key=f"play:{facts['line']}", now=clock.now(),
    )  # fmt: skip
    services.pay_compensation(
        compensation_id=made.pk, staff=_staff(facts), paid_how="bank", reference="T1", now=clock.now()
    )
    work()


def _is_compensated(facts: Facts) -> None:
    made = Compensation.objects.get(line_id=facts["line"], state="paid")
    booked_once(f"compensation:{made.pk}")
    booked_once(f"compensation:{made.pk}:paid")


PLAYS["compensate"] = Play(_given, _compensate, _is_compensated)
