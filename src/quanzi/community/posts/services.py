"""Writes of the room: posts, comments, reactions, hiding."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from quanzi.base.audit.services import write as audit
from quanzi.base.events.services import record
from quanzi.base.media.models import Picture
from quanzi.community.circles.models import Circle
from quanzi.community.circles.policies import may_post
from quanzi.community.posts import errors, policies
from quanzi.community.posts.events import AnswerAccepted, CommentWritten, PostHidden, PostWritten
from quanzi.community.posts.filming import Filmed, attach_film, check_film
from quanzi.community.posts.models import Comment, Post, PostKind, PostPicture, PostProduct, Reaction
from quanzi.community.posts.text import tidy
from quanzi.community.posts.ties import HELPED, REPLIED
from quanzi.goods.catalogue.models import Product
from quanzi.kernel.errors import NotAllowed, NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.trust.services import settle

TITLE_MAX, BODY_MAX, COMMENT_MAX = 60, 5000, 1000
PICTURES_MAX, PRODUCTS_MAX = 9, 5
BURST, BURST_MAX = timedelta(minutes=5), 20
"""More than `BURST_MAX` posts or comments within `BURST` is flooding, not talk."""


@transaction.atomic
def write_post(
    *,
    author: Member,
    circle: Circle | None,
    kind: str,
    title: str,
    body: str = "",
    pictures: Sequence[Picture] = (),
    products: Sequence[Product] = (),
    film: Filmed | None = None,
    is_demo: bool = False,
    now: datetime,
) -> Post:
    """Write a note or a question. Experiences are written by `trade.experiences`, which proves the kept line.

    Raises TitleNeeded, BodyTooLong, TooManyPictures, TooManyProducts, FilmNeedsWords, FilmTaken, JoinFirst, TooFast,
    ExperienceNeedsKeptGoods.
    """
    if kind not in (PostKind.NOTE, PostKind.QUESTION):
        raise errors.ExperienceNeedsKeptGoods
    return compose(
        author=author, circle=circle, kind=kind, title=title, body=body, pictures=pictures, products=products,
        film=film, is_demo=is_demo, now=now,
    )  # fmt: skip


def compose(
    *,
    author: Member,
    circle: Circle | None,
    kind: str,
    title: str,
    body: str,
    pictures: Sequence[Picture],
    products: Sequence[Product],
    film: Filmed | None = None,
    is_demo: bool,
    now: datetime,
) -> Post:
    """The shared part of writing any post; call it inside a transaction. The database refuses a bare experience."""
    title, body = tidy(title), tidy(body, keep_lines=True)
    _check_text(title, body)
    _check_extras(pictures, products)
    filmed = check_film(film) if film is not None else None
    if circle is not None and not may_post(author, circle):
        raise errors.JoinFirst
    _check_pace(author, now=now)
    post = Post.objects.create(
        circle=circle, author=author, kind=kind, title=title, body=body, is_demo=is_demo, created_at=now
    )
    _attach(post, pictures, products)
    if filmed is not None:
        attach_film(post=post, filmed=filmed)
    circle_id = circle.pk if circle is not None else None
    record(PostWritten(post_id=post.pk, author_id=author.pk, circle_id=circle_id, kind=kind), now=now)
    return post


@transaction.atomic
def edit_post(*, post: Post, member: Member, title: str, body: str, now: datetime) -> Post:
    """Change the words; pages show that it was edited."""
    if not policies.may_edit(member, post):
        raise NotAllowed
    title, body = tidy(title), tidy(body, keep_lines=True)
    _check_text(title, body)
    Post.objects.filter(pk=post.pk, removed_at=None).update(title=title, body=body, edited_at=now)
    post.title, post.body, post.edited_at = title, body, now
    return post


@transaction.atomic
def remove_post(*, post: Post, member: Member, now: datetime) -> None:
    """The author takes a post back. Doing it twice changes nothing."""
    if not policies.may_edit(member, post):
        raise NotAllowed
    Post.objects.filter(pk=post.pk, removed_at=None).update(removed_at=now)
    _tie(post.pk)


@transaction.atomic
def hide_post(*, post: Post, moderator: Member, reason: str, now: datetime) -> None:
    """A moderator hides a post with a reason that its author reads; the audit log keeps who and why."""
    if not policies.may_hide(moderator, post):
        raise NotAllowed
    reason = tidy(reason)[:200]
    if not reason:
        raise errors.CommentNeeded(field="reason")
    if not Post.objects.filter(pk=post.pk, hidden_at=None).update(hidden_at=now, hidden_reason=reason):
        return
    _tie(post.pk)
    audit(actor=moderator, action="post.hide", target=f"post:{post.pk}", after={"reason": reason}, now=now)
    record(PostHidden(post_id=post.pk, author_id=post.author_id, reason=reason), now=now)


@transaction.atomic
def show_post(*, post: Post, moderator: Member, now: datetime) -> None:
    """Undo hiding."""
    if not policies.may_hide(moderator, post):
        raise NotAllowed
    if Post.objects.filter(pk=post.pk, hidden_at__isnull=False).update(hidden_at=None, hidden_reason=""):
        _tie(post.pk)
        audit(actor=moderator, action="post.show", target=f"post:{post.pk}", now=now)


@transaction.atomic
def comment(*, post: Post, author: Member, body: str, answers: Comment | None = None, now: datetime) -> Comment:
    """Write under a post, or answer a comment of the same post."""
    if not policies.may_comment(author, post):
        raise errors.JoinFirst
    if answers is not None and answers.post_id != post.pk:
        raise NotFound
    body = tidy(body, keep_lines=True)
    if not 1 <= len(body) <= COMMENT_MAX:
        raise errors.CommentNeeded(field="body")
    _check_pace(author, now=now)
    row = Comment.objects.create(post=post, author=author, answers=answers, body=body, created_at=now)
    record(CommentWritten(comment_id=row.pk, post_id=post.pk, author_id=author.pk), now=now)
    settle(deeds=REPLIED, about=[post.pk])
    return row


@transaction.atomic
def remove_comment(*, comment: Comment, member: Member, now: datetime) -> None:
    """The author takes a comment back; answers to it stay."""
    if not policies.may_remove_comment(member, comment):
        raise NotAllowed
    Comment.objects.filter(pk=comment.pk, removed_at=None).update(removed_at=now)
    _tie(comment.post_id)


@transaction.atomic
def accept_answer(*, post: Post, comment: Comment, member: Member, now: datetime) -> None:
    """The asker names the comment that helped."""
    if not policies.may_edit(member, post):
        raise NotAllowed
    if post.kind != PostKind.QUESTION:
        raise errors.NotAQuestion
    if comment.post_id != post.pk or comment.removed_at is not None:
        raise NotFound
    Post.objects.filter(pk=post.pk).update(accepted_comment=comment)
    settle(deeds=HELPED, about=[post.pk])
    if comment.author_id != member.pk:
        record(AnswerAccepted(post_id=post.pk, comment_id=comment.pk, helper_id=comment.author_id), now=now)


@transaction.atomic
def react(*, post: Post, member: Member, now: datetime) -> None:
    """Say "useful to me"; saying it twice counts once. Nobody finds their own post useful in public."""
    if not policies.may_read(member, post):
        raise NotFound
    if post.author_id != member.pk:
        Reaction.objects.get_or_create(post=post, member=member, defaults={"created_at": now})


@transaction.atomic
def unreact(*, post: Post, member: Member, now: datetime) -> None:
    """Take it back; the count follows."""
    Reaction.objects.filter(post=post, member=member).delete()


@transaction.atomic
def bring_posts(*, from_circle: Circle, to_circle: Circle) -> int:
    """Give everything that stands in one circle to another, with all that was said to it; addresses stay. Returns how many.

    Whoever calls proves that nobody reads more by it.
    """
    return Post.objects.filter(circle=from_circle).update(circle=to_circle)


def _tie(post_id: int) -> None:
    """What was said there ties people as long as it stands."""
    settle(deeds=HELPED, about=[post_id])
    settle(deeds=REPLIED, about=[post_id])


def _check_text(title: str, body: str) -> None:
    if not 1 <= len(title) <= TITLE_MAX:
        raise errors.TitleNeeded(field="title")
    if len(body) > BODY_MAX:
        raise errors.BodyTooLong(field="body", limit=BODY_MAX, length=len(body))


def _check_extras(pictures: Sequence[Picture], products: Sequence[Product]) -> None:
    if len(pictures) > PICTURES_MAX:
        raise errors.TooManyPictures(field="pictures", limit=PICTURES_MAX)
    if len(products) > PRODUCTS_MAX:
        raise errors.TooManyProducts(field="products", limit=PRODUCTS_MAX)


def _check_pace(author: Member, *, now: datetime) -> None:
    since = now - BURST
    posts = Post.objects.filter(author=author, created_at__gt=since, created_at__lte=now).count()
    comments = Comment.objects.filter(author=author, created_at__gt=since, created_at__lte=now).count()
    if posts + comments >= BURST_MAX:
        raise errors.TooFast


def _attach(post: Post, pictures: Sequence[Picture], products: Sequence[Product]) -> None:
    PostPicture.objects.bulk_create(
        PostPicture(post=post, picture=picture, position=place) for place, picture in enumerate(dict.fromkeys(pictures))
    )
    PostProduct.objects.bulk_create(
        PostProduct(post=post, product=product, position=place) for place, product in enumerate(dict.fromkeys(products))
    )
