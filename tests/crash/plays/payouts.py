"""Commission leaves the shop, or comes back."""

from __future__ import annotations

from datetime import timedelta

from quanzi.growth.commission.models import Accrual, Payout
from quanzi.growth.commission.services import fail_payout, make_payout, mark_sent, set_account
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from tests.crash.plays.follow import owed_and_due
from tests.crash.plays.play import PLAYS, Facts, Play, booked_once, is_one
from tests.factories.trade import make_staff


def _to_pay() -> Facts:
    facts = owed_and_due()
    leader = Accrual.objects.get(line_id=facts["line"]).beneficiary
    set_account(
        member=leader, method="bank", holder="x", number="6222000000001234", now=clock.now() - timedelta(days=2)
    )
    return facts | {"leader": leader.pk, "finance": make_staff("finance").pk}


def _make(facts: Facts) -> Payout:
    finance = Member.objects.get(pk=facts["finance"])
    return make_payout(member_id=facts["leader"], staff=finance, idempotency_key="play", now=clock.now())


def _pay(facts: Facts) -> None:
    made, finance = _make(facts), Member.objects.get(pk=facts["finance"])
    mark_sent(payout_id=made.pk, reference="R1", staff=finance, now=clock.now())


def _is_paid(facts: Facts) -> None:
    payout = Payout.objects.get(beneficiary_id=facts["leader"], state="sent")
    is_one(payout.lines.filter(is_live=True))
    booked_once(f"payout:{payout.pk}")


PLAYS["pay_out"] = Play(_to_pay, _pay, _is_paid)


def _paid() -> Facts:
    facts = _to_pay()
    _pay(facts)
    return facts


def _come_back(facts: Facts) -> None:
    payout, finance = Payout.objects.get(beneficiary_id=facts["leader"]), Member.objects.get(pk=facts["finance"])
    fail_payout(payout_id=payout.pk, reason="account closed", staff=finance, now=clock.now())


def _is_back(facts: Facts) -> None:
    payout = Payout.objects.get(beneficiary_id=facts["leader"], state="failed")
    booked_once(f"payout:{payout.pk}")
    booked_once(f"payout:{payout.pk}:back")
    is_one(Accrual.objects.filter(line_id=facts["line"], state="payable"))


PLAYS["pay_out_comes_back"] = Play(_paid, _come_back, _is_back)
