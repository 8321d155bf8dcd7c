"""What a person of the staff may do. Policies ask `can`, never for a name or a role."""

from __future__ import annotations

from quanzi.people.accounts.models import Member, StaffRole

ALL_PERMISSIONS = frozenset(
    {
        "orders.view",
        "orders.handle",
        "orders.refund",
        "goods.edit",
        "circles.moderate",
        "money.view",
        "sources.view",
        "shop.edit",
        "sources.edit",
        "members.view",
        "members.contact",
        "members.erase",
        "staff.manage",
        "webhooks.manage",
        "audit.view",
        "imports.run",
        "data.export",
        "approvals.decide",
        "limits.set",
        "costs.view",
        "payers.view",
        "contacts.view",
        "commission.view",
        "refunds.view",
        "payouts.make",
        "commission.rules",
    }
)

OWNERS_ONLY = frozenset({"staff.manage", "members.erase", "limits.set", "data.export", "commission.rules"})
MONEY_ONLY = frozenset({"audit.view", "payers.view", "payouts.make"})
"""For those who keep the books, not for those who run the day."""

ROLE_PERMISSIONS: dict[str, frozenset[str]] = {
    StaffRole.OWNER: ALL_PERMISSIONS,
    StaffRole.OPERATOR: ALL_PERMISSIONS - OWNERS_ONLY - MONEY_ONLY,
    StaffRole.FULFILMENT: frozenset({"orders.view", "orders.handle", "contacts.view"}),
    StaffRole.SUPPORT: frozenset({"orders.view", "members.view", "members.contact", "contacts.view", "refunds.view"}),
    StaffRole.FINANCE: MONEY_ONLY
    | {"orders.view", "orders.refund", "money.view", "sources.view", "approvals.decide", "costs.view"}
    | {"commission.view", "refunds.view"},
    StaffRole.MODERATOR: frozenset({"circles.moderate", "members.view"}),
}

FIELDS: dict[str, str] = {
    "cost": "costs.view",
    "margin": "costs.view",
    "payer": "payers.view",
    "phone": "contacts.view",
    "address": "contacts.view",
    "commission": "commission.view",
    "ledger": "money.view",
    "refund": "refunds.view",
    "payout_account": "payouts.make",
}
"""Which permission opens a field about money or people, wherever it would be shown, answered or exported."""


def may_see(member: object, field: str) -> bool:
    """Whether the member of staff may read this kind of field. Raises KeyError for one that is not in the table."""
    return can(member, FIELDS[field])


def can(member: object, permission: str) -> bool:
    """Whether the member's role holds the permission; without a role: no. Raises ValueError for a misspelt one."""
    if permission not in ALL_PERMISSIONS:
        raise ValueError(f"no permission is called {permission}")
    if not isinstance(member, Member) or member.staff_locked or not member.is_active or not member.is_staff:
        return False
    return member.is_superuser or permission in ROLE_PERMISSIONS.get(member.staff_role, frozenset())


def permissions_of(member: object) -> frozenset[str]:
    """Everything the member may do as staff, for menus."""
    return frozenset(permission for permission in ALL_PERMISSIONS if can(member, permission))


def may_use_console(member: object) -> bool:
    """Whether any page of the console is open to the member."""
    return bool(permissions_of(member))


def may_end_logins(member: object, of: Member) -> bool:
    """Whether the member of staff may log somebody out everywhere; people of the staff only by who gives roles."""
    return can(member, "staff.manage" if of.is_staff else "members.contact")
