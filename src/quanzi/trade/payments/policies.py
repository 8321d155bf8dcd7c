"""Who may do what with payments."""

from typing import TYPE_CHECKING

from quanzi.people.accounts.policies import can

if TYPE_CHECKING:
    from quanzi.people.accounts.models import Member
    from quanzi.trade.payments.models import Payment


def may_see_payment(member: "Member", payment: "Payment") -> bool:
    return payment.member_id == member.pk or can(member, "money.view")


def may_pay(member: "Member", payment: "Payment") -> bool:
    return payment.member_id == member.pk


def may_capture_offline(member: "Member") -> bool:
    return can(member, "orders.handle")


def may_refund(member: "Member") -> bool:
    return can(member, "orders.refund")


def may_resolve_case(member: "Member") -> bool:
    return can(member, "orders.refund") and can(member, "money.view")
