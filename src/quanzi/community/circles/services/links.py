"""Links (and QR codes) that let people in."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from quanzi.community.circles.errors import CircleClosed, LinkExpired, LinkUsedUp, NotAMember
from quanzi.community.circles.models import Circle, JoinLink
from quanzi.community.circles.policies import is_in, may_moderate
from quanzi.kernel.errors import NotAllowed
from quanzi.kernel.ids import new_token
from quanzi.people.accounts.models import Member


@transaction.atomic
def make_join_link(
    *, circle: Circle, member: Member, uses: int | None = None, expires_at: datetime | None = None, now: datetime
) -> JoinLink:
    """A new link by a member of the circle. uses: how many may come in through it, None for no limit."""
    if circle.closed_at is not None:
        raise CircleClosed
    if not is_in(member, circle):
        raise NotAMember
    return JoinLink.objects.create(
        circle=circle, maker=member, token=new_token(12), uses_left=uses, made_at=now, expires_at=expires_at
    )


@transaction.atomic
def revoke_join_link(*, link: JoinLink, member: Member, now: datetime) -> None:
    """Its maker or a moderator takes a link back; who came in stays in."""
    if link.maker_id != member.pk and not may_moderate(member, link.circle):
        raise NotAllowed
    JoinLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now)


def spend_link(*, circle: Circle, token: str, now: datetime) -> JoinLink:
    """Use a link once; one conditional update decides when it is scarce. Raises LinkExpired, LinkUsedUp."""
    link = JoinLink.objects.filter(circle=circle, token=token).first()
    if link is None or link.revoked_at is not None or (link.expires_at is not None and link.expires_at <= now):
        raise LinkExpired
    if link.uses_left is None:
        return link
    if not JoinLink.objects.filter(pk=link.pk, uses_left__gt=0).update(uses_left=F("uses_left") - 1):
        raise LinkUsedUp
    return link
