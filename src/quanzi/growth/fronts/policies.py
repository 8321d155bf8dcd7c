"""Who keeps a front: the member, the maker, a station's leader, a circle's founder and moderators. Nobody else, the shop's staff included."""

from __future__ import annotations

from quanzi.community.circles.models import Membership, MembershipState
from quanzi.community.circles.policies import MODERATORS
from quanzi.growth.fronts.centres import Centre
from quanzi.people.accounts.models import Member


def may_keep(member: Member | None, centre: Centre) -> bool:
    if member is None:
        return False
    if centre.kind == "c":
        mine = Membership.objects.filter(circle_id=centre.id, member=member, state=MembershipState.JOINED)
        return mine.filter(role__in=MODERATORS).exists()
    return centre.member_id == member.pk
