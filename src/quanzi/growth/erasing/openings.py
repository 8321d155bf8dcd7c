"""What has to end before somebody can be erased. A room whose rows await something adds a line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.db.models import F, Q
from django.utils.translation import ngettext

from quanzi.growth.commission.models import AccrualState, PayoutState
from quanzi.trade.aftersales.models import ClaimState
from quanzi.trade.payments.states import PaymentState, RefundState
from quanzi.trade.sales.models import OrderState

_UNFINISHED = (OrderState.PLACED, OrderState.PAID, OrderState.HANDED_OVER, OrderState.RECEIVED)
_UNREFUNDED = (RefundState.REQUESTED, RefundState.UNKNOWN, RefundState.FAILED)


@dataclass(frozen=True)
class Kind:
    """Rows of a table that await something. words: from their number; page: where the member sees them and can act."""

    name: str
    model: str
    rows: Callable[[int], Q]
    words: Callable[[int], str]
    page: str


@dataclass(frozen=True)
class Opening:
    """So many of a kind are open."""

    name: str
    count: int
    words: str
    page: str


KINDS = (
    Kind("orders", "sales.order", lambda member: Q(member=member, state__in=_UNFINISHED),
         lambda n: ngettext("%(n)d order is not finished, or may still be returned", "%(n)d orders are not finished, or may still be returned", n),
         "/me/orders"),
    Kind("payments", "payments.payment",
         lambda member: Q(member=member, state=PaymentState.CREATED),
         lambda n: ngettext("%(n)d payment is under way", "%(n)d payments are under way", n), "/me/orders?group=unpaid"),
    Kind("refunds", "payments.refund",
         lambda member: Q(payment__member=member, state__in=_UNREFUNDED) & Q(again=None),
         lambda n: ngettext("%(n)d refund has not arrived yet", "%(n)d refunds have not arrived yet", n), "/me/orders"),
    Kind("claims", "aftersales.claim", lambda member: Q(member=member, state=ClaimState.OPEN),
         lambda n: ngettext("%(n)d request of yours is being looked into", "%(n)d requests of yours are being looked into", n), "/me/orders"),
    Kind("preorders", "preorders.place", lambda member: Q(member=member, ended_at=None, settled_at=None, held_at__isnull=False),
         lambda n: ngettext("%(n)d preorder is waiting for its goods", "%(n)d preorders are waiting for their goods", n), "/me/orders"),
    Kind("disputes", "aftersales.dispute", lambda member: Q(claim__member=member, closed_at=None),
         lambda n: ngettext("%(n)d dispute is not closed", "%(n)d disputes are not closed", n), "/me/orders"),
    Kind("compensations", "aftersales.compensation", lambda member: Q(member=member, state="promised"),
         lambda n: ngettext("%(n)d promised payment has not been sent", "%(n)d promised payments have not been sent", n), "/me/orders"),
    Kind("invoices", "aftersales.invoice", lambda member: Q(member=member, state__in=("asked", "red_needed")),
         lambda n: ngettext("%(n)d invoice has not been issued yet", "%(n)d invoices have not been issued yet", n), "/me/orders"),
    Kind("commission", "commission.accrual",
         lambda member: Q(beneficiary=member, state__in=(AccrualState.WAITING, AccrualState.PAYABLE)),
         lambda n: ngettext("Commission on %(n)d line has not been paid to you", "Commission on %(n)d lines has not been paid to you", n),
         "/me/commission"),
    Kind("earnings", "stations.earning", lambda member: Q(leader=member, settled=None, amount_minor__gt=F("reversed_minor")),
         lambda n: ngettext("Pay for %(n)d line that you handed over has not been settled",
                            "Pay for %(n)d lines that you handed over has not been settled", n), "/leader/pay"),
    Kind("payouts", "commission.payout",
         lambda member: Q(beneficiary=member, state__in=(PayoutState.ASKED, PayoutState.APPROVED, PayoutState.SENT)),
         lambda n: ngettext("%(n)d payout is on its way to you", "%(n)d payouts are on their way to you", n), "/me/commission"),
    Kind("pickup_points", "sales.pickuppoint", lambda member: Q(leader=member, is_open=True), lambda n: ngettext(
        "You lead %(n)d pickup point; ask the shop to close it or to give it to somebody else",
        "You lead %(n)d pickup points; ask the shop to close them or to give them to somebody else", n), "/about"),
)  # fmt: skip


def openings_of(member_id: int) -> list[Opening]:
    """What is open now, one query for each kind."""
    found = []
    for kind in KINDS:
        count = apps.get_model(kind.model)._base_manager.filter(kind.rows(member_id)).count()
        if count:
            found.append(Opening(kind.name, count, kind.words(count) % {"n": count}, kind.page))
    return found
