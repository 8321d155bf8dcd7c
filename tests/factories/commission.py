"""Commission that is payable, and accounts that stood long enough."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from quanzi.base.events.services import deliver_pending
from quanzi.growth.commission.models import Accrual, CommissionRule, PayoutAccount
from quanzi.growth.commission.services import create_rule, make_payable, set_account
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.trust.services import invited
from quanzi.trade.sales.models import Order
from quanzi.trade.sales.services import close_windows, say_kept
from tests.factories.goods import make_sku
from tests.factories.people import make_member, make_staff
from tests.factories.trade import make_received_order

_numbers = count(1)
WINDOWS = timedelta(days=40)
"""After this, what was received today is kept for good."""


def make_leader(*, has_account: bool = True) -> Member:
    """Somebody who earns; their account is two days old."""
    leader = make_member()
    if has_account:
        make_account(leader)
    return leader


def make_account(
    member: Member, *, age: timedelta = timedelta(days=2), number: str = "6222 0000 0000 1234"
) -> PayoutAccount:
    return set_account(member=member, method="bank", holder="林小雨", number=number, now=clock.now() - age)


def make_payable_line(leader: Member, *, price_minor: int = 10_000, rate_bp: int = 1_000) -> Accrual:
    """A guest of the leader's bought and kept something; the accrual for it is payable since today."""
    if not CommissionRule.objects.exists():
        create_rule(name="邀请", rate_bp=rate_bp, starts_at=clock.now(), actor=make_staff("owner"), now=clock.now())
    guest, now = make_member(), clock.now()
    invited(inviter_id=leader.pk, newcomer_id=guest.pk, now=now)
    order: Order = make_received_order(member=guest, sku=make_sku(price_minor=price_minor, stock_of=5))
    line = order.lines.get()
    say_kept(line_id=line.pk, member=guest, now=now)
    deliver_pending(now=now)
    close_windows(now=now + WINDOWS)
    make_payable(line_id=line.pk, now=now + WINDOWS)
    return Accrual.objects.get(line=line)
