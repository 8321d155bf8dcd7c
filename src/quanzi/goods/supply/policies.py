"""Who acts for a supplier."""

from __future__ import annotations

from quanzi.goods.supply.models import Supplier, SupplierPerson
from quanzi.people.accounts.models import Member


def acts_for(member: Member, supplier_id: int) -> bool:
    """A person that the shop let in for this supplier, and did not let out again."""
    return SupplierPerson.objects.filter(supplier_id=supplier_id, member=member, ended_at=None).exists()


def suppliers_of(member: Member) -> list[Supplier]:
    """The suppliers that the member acts for now."""
    rows = Supplier.objects.filter(people__member=member, people__ended_at=None)
    return list(rows.order_by("name").distinct())
