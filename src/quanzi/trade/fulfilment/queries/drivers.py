"""Who drives, who was asked, and what a member was asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment.models import Driver, RunState
from quanzi.trade.fulfilment.policies import DRIVING_ROLES


@dataclass(frozen=True, slots=True)
class DriverRow:
    """id: of the asking, None for staff who drive by their role. runs: planned or under way."""

    id: int | None
    member_id: int
    name: str
    invited_at: datetime | None
    accepted_at: datetime | None
    runs: int

    @property
    def may_drive(self) -> bool:
        return self.id is None or self.accepted_at is not None


def drivers() -> list[DriverRow]:
    """Everybody who may drive, and who was asked and has not answered; staff first, then by name."""
    is_open = Q(runs__state__in=(RunState.PLANNED, RunState.UNDER_WAY))
    asked = {one.member_id: one for one in Driver.objects.filter(ended_at=None)}
    by_role = Q(is_staff=True) & (Q(is_superuser=True) | Q(staff_role__in=DRIVING_ROLES))
    people = Member.objects.filter(by_role | Q(pk__in=asked), is_active=True).annotate(going=Count("runs", is_open))
    rows = []
    for one in people.order_by("-is_staff", "name", "pk"):
        is_staff = one.is_staff and (one.is_superuser or one.staff_role in DRIVING_ROLES)
        row = None if is_staff else asked.get(one.pk)
        rows.append(
            DriverRow(
                id=row.pk if row else None, member_id=one.pk, name=one.name, invited_at=row.invited_at if row else None,
                accepted_at=row.accepted_at if row else None, runs=one.going,
            )
        )  # fmt: skip
    return rows


def asked_to_drive(*, member_id: int) -> Driver | None:
    """The asking of a member that has not ended."""
    return Driver.objects.filter(member_id=member_id, ended_at=None).first()
