"""Who may decide."""

from __future__ import annotations

from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can
from quanzi.people.approvals.models import Approval
from quanzi.people.approvals.ports import deed_of


def may_decide(member: Member, approval: Approval) -> bool:
    """Somebody else than who asked and who gets the money, who may do such things alone when they are small."""
    deed = deed_of(approval.deed)
    return (
        member.pk != approval.asked_by_id
        and can(member, "approvals.decide")
        and can(member, deed.needs)
        and member.pk != deed.gains(approval)
    )


def may_still_ask(approval: Approval) -> bool:
    """Whether who asked holds the deed's permission to this day."""
    return can(approval.asked_by, deed_of(approval.deed).needs)
