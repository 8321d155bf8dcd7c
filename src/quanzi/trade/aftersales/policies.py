"""Who may decide about a claim, and who issues invoices."""

from __future__ import annotations

from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can


def may_see_claims(member: Member) -> bool:
    return can(member, "orders.view")


DECIDING = "orders.refund"
"""Deciding moves money, so it needs the right to refund."""


def may_decide(member: Member) -> bool:
    return can(member, DECIDING)


def may_answer_help(member: Member) -> bool:
    """Answering words is care; no money moves."""
    return can(member, "orders.view")


def may_issue(member: Member) -> bool:
    """Invoices are books: for those who read the money."""
    return can(member, "money.view")
