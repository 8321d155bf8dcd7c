"""What moderators look after: circles, people at their doors, reports, questions nobody answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.community.circles.models import Circle, Membership, MembershipState
from quanzi.community.posts.models import Comment, Post, PostKind
from quanzi.faces.console.reading.desk import PATIENCE
from quanzi.people.accounts.models import Member
from quanzi.trade.experiences.models import Experience

MONTH = timedelta(days=30)


@dataclass(frozen=True)
class CircleRow:
    """A circle with counts of facts: who belongs to it, who waits, what was written within thirty days."""

    circle: Circle
    members: int
    waiting: int
    posts: int


def circle_rows(*, before_id: int | None = None, limit: int = 50, now: datetime) -> list[CircleRow]:
    """Circles, newest first, below `before_id`; closed ones too."""
    found = Circle.objects.select_related("founder")
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    circles = list(found.order_by("-pk")[:limit])
    ids = [one.pk for one in circles]
    places = Membership.objects.filter(circle_id__in=ids).values("circle_id").order_by("circle_id")
    doors = {
        row["circle_id"]: (row["members"], row["waiting"])
        for row in places.annotate(
            members=Count("pk", filter=Q(state=MembershipState.JOINED)),
            waiting=Count("pk", filter=Q(state=MembershipState.ASKED)),
        )
    }
    fresh = (
        Post.objects.filter(circle_id__in=ids, removed_at=None, created_at__gt=now - MONTH)
        .values("circle_id")
        .order_by("circle_id")
    )
    posts = {row["circle_id"]: row["n"] for row in fresh.annotate(n=Count("pk"))}
    return [CircleRow(one, *doors.get(one.pk, (0, 0)), posts.get(one.pk, 0)) for one in circles]


def waiting_at_doors(*, limit: int = 100) -> list[Membership]:
    """Everybody who asked to join some circle, the longest waiting first."""
    waiting = Membership.objects.filter(state=MembershipState.ASKED).select_related("circle", "member__avatar")
    return list(waiting.order_by("asked_at", "pk")[:limit])


def unanswered(*, now: datetime, limit: int = 100) -> list[Post]:
    """Questions that waited long enough and to which nobody but the asker wrote, the oldest first."""
    answers = Comment.objects.filter(post=OuterRef("pk"), removed_at=None, hidden_at=None).exclude(
        author_id=OuterRef("author_id")
    )
    asked = Post.objects.filter(kind=PostKind.QUESTION, hidden_at=None, removed_at=None, created_at__lt=now - PATIENCE)
    return list(
        asked.filter(~Exists(answers)).select_related("author__avatar", "circle").order_by("created_at", "pk")[:limit]
    )


@dataclass(frozen=True)
class Subject:
    """What a report is about. post: the post that can be hidden, when it is one that is still shown."""

    title: str
    text: str
    author_id: int | None
    author: str
    href: str
    post: Post | None
    is_hidden: bool


def subjects_of(names: Iterable[str]) -> dict[str, Subject]:
    """What each "post:12", "comment:3", "experience:4", "member:7" or "circle:2" is; what is gone is left out."""
    ids: dict[str, set[int]] = {}
    for name in set(names):
        kind, _, key = name.partition(":")
        if key.isdigit():
            ids.setdefault(kind, set()).add(int(key))
    found: dict[str, Subject] = {}
    for post in Post.objects.filter(pk__in=ids.get("post", ())).select_related("author", "circle"):
        found[f"post:{post.pk}"] = _post(post)
    for comment in Comment.objects.filter(pk__in=ids.get("comment", ())).select_related("author", "post"):
        found[f"comment:{comment.pk}"] = Subject(
            gettext("A comment under “%(title)s”") % {"title": comment.post.title}, comment.body, comment.author_id, comment.author.name,
            reverse("storefront:post", args=[comment.post_id]), None, comment.hidden_at is not None,
        )  # fmt: skip
    for one in Experience.objects.filter(pk__in=ids.get("experience", ())).select_related(
        "post__author", "post__circle"
    ):
        found[f"experience:{one.pk}"] = _post(one.post)
    for member in Member.objects.filter(pk__in=ids.get("member", ())):
        found[f"member:{member.pk}"] = Subject(
            gettext("A member"),
            member.bio,
            member.pk,
            member.name,
            reverse("storefront:member", args=[member.pk]),
            None,
            False,
        )
    for circle in Circle.objects.filter(pk__in=ids.get("circle", ())).select_related("founder"):
        found[f"circle:{circle.pk}"] = Subject(
            circle.name, circle.summary, circle.founder_id, circle.founder.name, reverse("storefront:circle_about", args=[circle.slug]),
            None, circle.closed_at is not None,
        )  # fmt: skip
    return found


def _post(post: Post) -> Subject:
    return Subject(
        post.title, post.body, post.author_id, post.author.name, reverse("storefront:post", args=[post.pk]),
        post if post.removed_at is None else None, post.hidden_at is not None,
    )  # fmt: skip


def circle_posts(circle: Circle, *, before_id: int | None = None, limit: int = 40) -> list[Post]:
    """What was written in a circle, hidden posts too, newest first."""
    found = Post.objects.filter(circle=circle, removed_at=None).select_related("author")
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    return list(found.order_by("-pk")[:limit])
