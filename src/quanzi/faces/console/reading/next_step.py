"""What may be done next for a member: only what follows from open facts; nothing is suggested without one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext

from quanzi.community.posts.models import Comment, Post, PostKind
from quanzi.faces.console.words import lasted
from quanzi.trade.aftersales.models import Claim, ClaimState
from quanzi.trade.fulfilment.models import Fulfilment, FulfilmentState


@dataclass(frozen=True)
class Step:
    """An act that is open now. page, key: where it is done; reasons: the facts it follows from."""

    title: str
    reasons: tuple[str, ...]
    page: str
    key: str
    label: str


def next_step(member_id: int, *, now: datetime) -> Step | None:
    """The most pressing open act: a refund request, then goods to prepare, then an unanswered question."""
    return _claim(member_id, now) or _goods(member_id, now) or _question(member_id, now)


def _claim(member_id: int, now: datetime) -> Step | None:
    claim = (
        Claim.objects.filter(member_id=member_id, state=ClaimState.OPEN)
        .select_related("line__order")
        .order_by("pk")
        .first()
    )
    if claim is None:
        return None
    reasons = (
        f"{claim.line.title}: {claim.get_reason_display()}",
        gettext("waiting for %(time)s") % {"time": lasted(now - claim.opened_at)},
    )
    return Step(gettext("Answer the refund request"), reasons, "console:claims", "", gettext("Decide"))


def _goods(member_id: int, now: datetime) -> Step | None:
    row = (
        Fulfilment.objects.filter(order__member_id=member_id, state=FulfilmentState.WAITING)
        .select_related("order")
        .order_by("pk")
        .first()
    )
    if row is None:
        return None
    reasons = (
        gettext("order %(number)s is paid") % {"number": row.order.number},
        gettext("waiting for %(time)s") % {"time": lasted(now - row.created_at)},
    )
    return Step(gettext("Prepare the goods"), reasons, "console:order", row.order.number, gettext("To the order"))


def _question(member_id: int, now: datetime) -> Step | None:
    asked = Post.objects.filter(author_id=member_id, kind=PostKind.QUESTION, hidden_at=None, removed_at=None)
    answers = Comment.objects.filter(post=OuterRef("pk"), removed_at=None, hidden_at=None).exclude(author_id=member_id)
    post = asked.filter(~Exists(answers)).order_by("pk").first()
    if post is None:
        return None
    reasons = (post.title, gettext("nobody answered for %(time)s") % {"time": lasted(now - post.created_at)})
    return Step(gettext("Answer the question"), reasons, "storefront:post", str(post.pk), gettext("Reply"))
