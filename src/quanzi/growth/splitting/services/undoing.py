"""Taking a split back, as if it had not been; what was said meanwhile stays with who could read it."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from quanzi.base.audit.services import write as audit
from quanzi.base.jobs.services import enqueue
from quanzi.community.circles.models import Admission, Circle, CircleRole, Membership, MembershipState
from quanzi.community.circles.services.moving import ask_for, move_in, move_out, seal
from quanzi.community.posts.services import bring_posts
from quanzi.growth.splitting import errors
from quanzi.growth.splitting.models import Split, SplitState
from quanzi.growth.splitting.policies import may_decide
from quanzi.kernel.errors import NotAllowed, NotFound
from quanzi.people.accounts.models import Member

# What keeps a circle's people together after it closed: words behind its door, and what they began to buy there.
LEFT_BEHIND = """
SELECT EXISTS (SELECT FROM posts_post WHERE circle_id = %(circle)s AND removed_at IS NULL)
    OR EXISTS (SELECT FROM chains_chain WHERE circle_id = %(circle)s) OR EXISTS (SELECT FROM deals_groupdeal WHERE circle_id = %(circle)s)
    OR EXISTS (SELECT FROM bargains_bargain WHERE circle_id = %(circle)s)
"""


@transaction.atomic
def undo(*, split_id: int, by: Member, sure: bool, now: datetime) -> Split:
    """Close the new circles within the fourteen days. In the old one nothing was changed, so nothing is restored there.

    What was written in an open circle comes into the old one when that is open, too. Behind a door it stays where it is, closed, for those
    who could read it. Whoever came newly into a new circle comes into the old one, or waits at its door.
    Raises NotFound, NotAllowed, NothingToDecide, WindowOver, SureNeeded.
    """
    split = Split.objects.select_for_update(of=("self",)).select_related("circle__founder").filter(pk=split_id).first()
    if split is None:
        raise NotFound
    if not may_decide(by, split.circle):
        raise NotAllowed
    if split.state != SplitState.DONE:
        raise errors.NothingToDecide
    if split.undo_until is None or split.undo_until <= now:
        raise errors.WindowOver
    if not sure:
        raise errors.SureNeeded(field="sure")
    for part in split.parts.select_related("daughter"):
        assert part.daughter is not None  # split circles have one
        _fold(part.daughter, split.circle, now=now)
    split.state, split.undone_at = SplitState.UNDONE, now
    split.save(update_fields=["state", "undone_at"])
    audit(actor=by, action="split.undone", target=f"circle:{split.circle_id}", after={"split": split.pk}, now=now)
    enqueue("splitting.tell_undone", split_id=split.pk)
    return split


def _fold(daughter: Circle, mother: Circle, *, now: datetime) -> None:
    here = set(
        Membership.objects.filter(circle=daughter, state=MembershipState.JOINED).values_list("member_id", flat=True)
    )
    known = set(Membership.objects.filter(circle=mother, member_id__in=here).values_list("member_id", flat=True))
    is_open = mother.admission == Admission.OPEN and daughter.admission == Admission.OPEN
    if is_open:
        move_in(circle=mother, roles=dict.fromkeys(here - known, CircleRole.MEMBER), now=now)
        bring_posts(from_circle=daughter, to_circle=mother)
    else:
        ask_for(circle=mother, member_ids=here - known, answer=daughter.name, now=now)
    seal(circle=daughter, now=now)
    with connection.cursor() as cursor:
        cursor.execute(LEFT_BEHIND, {"circle": daughter.pk})
        [stays] = cursor.fetchone()
    if not stays:
        move_out(circle=daughter, member_ids=here, now=now)
