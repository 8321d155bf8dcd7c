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
        "staff.manage",
        "audit.view",
        "imports.run",
        "data.export",
    }
)

ROLE_PERMISSIONS: dict[str, frozenset[str]] = {
    StaffRole.OWNER: ALL_PERMISSIONS,
    StaffRole.OPERATOR: ALL_PERMISSIONS - {"data.export", "staff.manage", "audit.view"},
    StaffRole.FULFILMENT: frozenset({"orders.view", "orders.handle"}),
    StaffRole.SUPPORT: frozenset({"orders.view", "members.view", "members.contact"}),
    StaffRole.FINANCE: frozenset({"orders.view", "orders.refund", "money.view", "sources.view", "audit.view"}),
    StaffRole.MODERATOR: frozenset({"circles.moderate", "members.view"}),
}


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
