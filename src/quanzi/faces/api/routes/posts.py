"""Feeds, posts, comments, reactions, pictures, experiences."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import File, Form, Router, UploadedFile

from quanzi.base.media import errors as media_errors
from quanzi.base.media.models import Picture
from quanzi.base.media.rules import MAX_BYTES
from quanzi.base.media.services import store_picture
from quanzi.community.circles import policies as circle_policies
from quanzi.community.posts import errors, policies, queries, services
from quanzi.community.posts.models import Comment, Post
from quanzi.faces.api import cursors
from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.films import film_of
from quanzi.faces.api.routes.finding import circle_at, comment_for, filmed, own_pictures, post_for
from quanzi.faces.api.sameness import to_reader
from quanzi.faces.api.schemas.common import PLAIN, Cursor, FeedCursor, Id, Limit, Page, PictureOut, Slug, next_of
from quanzi.faces.api.schemas.community import (
    AcceptIn,
    CommentIn,
    CommentOut,
    FeedCardOut,
    FeedOrderIn,
    PostChangeIn,
    PostIn,
    PostOut,
    ReadersOut,
)
from quanzi.faces.api.schemas.people import ReportIn
from quanzi.faces.api.security import EVERYBODY, member_of, viewer_of
from quanzi.goods.catalogue.errors import UnknownProduct
from quanzi.goods.catalogue.models import Product, ProductState
from quanzi.goods.catalogue.queries import product_page
from quanzi.growth.discovery.queries.feed import FeedPage, feed_page, tagged_products
from quanzi.growth.discovery.queries.front import front_cards, front_page
from quanzi.growth.insight.queries.path import told_path
from quanzi.growth.recommending import services as recommending
from quanzi.growth.recommending.queries import is_personal
from quanzi.kernel import clock
from quanzi.kernel.errors import InvalidInput, NotAllowed, NotFound
from quanzi.people.accounts.errors import PictureNotYours
from quanzi.people.accounts.models import Member
from quanzi.people.safety import errors as safety_errors
from quanzi.people.safety.queries import blocked_ids, muted_ids
from quanzi.people.safety.services import report
from quanzi.people.trust.queries import tie_label
from quanzi.trade.experiences.queries import of_posts

router = Router(tags=["posts"])
Only = Literal["all", "known", "experience", "question"]
Order = Literal["latest", "fit"]
About = Literal["all", "note", "question", "experience", "talk"]
Alt = Annotated[str, Form(pattern=PLAIN, max_length=300)]
WRITING = (errors.TitleNeeded, errors.BodyTooLong)


@router.get(
    "/feed", auth=EVERYBODY, response=Page[FeedCardOut], summary="Posts of every circle that the reader may see"
)
def get_feed(
    request: HttpRequest,
    only: Only = "all",
    order: Order = "latest",
    cursor: FeedCursor | None = None,
    limit: Limit = 20,
) -> dict[str, Any]:
    """Without blocked and muted people. latest: newest first; fit: as chosen for the reader, each post with its reason in `because`.

    known: of people within three steps, by time only. For a visitor, and for whoever switched it off, fit is the same for everybody.
    """
    me, now = viewer_of(request), clock.now()
    if (isinstance(cursor, str) or cursor is None) and order == "fit" and only != "known":
        return _ranked(me, only, cursor, limit, now)
    if isinstance(cursor, str) or (order == "fit" and only != "known"):
        raise InvalidInput(field="cursor")
    return _page(feed_page(viewer=me, only=only, before=cursor, limit=limit, now=now))


@router.put("/me/feed", response={204: None}, summary="In which order I want the feed")
def order_feed(request: HttpRequest, body: FeedOrderIn) -> None:
    """On pages, on every device. Whether it may be chosen for me at all is said at `/me/for-you`."""
    recommending.order_feed(member=member_of(request), order=body.order, now=clock.now())


@router.get("/me/readers", response=ReadersOut, summary="Who came through what I wrote, in sums")
def get_readers(request: HttpRequest, days: Literal[30, 90, 180] = 30) -> dict[str, Any]:
    """From the first reading of anything of mine to a first order; by post and by week. Nobody is named."""
    now = clock.now()
    path = told_path(member_of(request).pk, since=now - timedelta(days=days), until=now)
    weeks = [{"monday": monday, "steps": steps} for monday, steps in path.weeks]
    return {"whole": path.whole, "posts": path.posts, "weeks": weeks}


@router.get("/circles/{slug}/feed", auth=EVERYBODY, response=Page[FeedCardOut], summary="Posts of one circle")
def get_circle_feed(
    request: HttpRequest, slug: Slug, only: Only = "all", cursor: Cursor | None = None, limit: Limit = 20
) -> Any:
    """For whoever may read the circle; for everybody else it does not exist."""
    me = viewer_of(request)

    def find() -> dict[str, Any]:
        circle = circle_at(slug)
        if not circle_policies.may_read(me, circle):
            raise NotFound
        return _page(feed_page(viewer=me, circle=circle, only=only, before=cursor, limit=limit, now=clock.now()))

    return to_reader(request, Page[FeedCardOut], reader=me, find=find)


@router.get(
    "/products/{slug}/posts", auth=EVERYBODY, response=Page[FeedCardOut], summary="What people wrote about goods"
)
def get_posts_about(
    request: HttpRequest, slug: Slug, only: About = "all", cursor: Cursor | None = None, limit: Limit = 20
) -> Any:
    """Posts that name them, newest first, as far as the reader may see them. talk: notes and questions."""
    me, asked = viewer_of(request), {"only": only, "before": cursor, "limit": limit, "now": clock.now()}
    return to_reader(
        request, Page[FeedCardOut], reader=me,
        find=lambda: _page(feed_page(viewer=me, product_id=product_page(slug).id, **asked)),  # type: ignore[arg-type]
    )  # fmt: skip


@router.post(
    "/posts",
    response={201: PostOut},
    summary="Write a note or ask a question",
    openapi_extra=refuses(
        *WRITING, errors.TooManyPictures, errors.TooManyProducts, errors.JoinFirst, errors.TooFast, PictureNotYours, UnknownProduct,
        errors.FilmNeedsWords, errors.FilmTaken,
    ),
)  # fmt: skip
def write_post(request: HttpRequest, body: PostIn) -> dict[str, Any]:
    """In a circle that the member belongs to, or on their own page."""
    me, now = member_of(request), clock.now()
    post = services.write_post(
        author=me, circle=circle_at(body.circle) if body.circle else None, kind=body.kind, title=body.title, body=body.body,
        pictures=own_pictures(body.picture_ids, member=me, field="picture_ids"), products=_on_sale(body.products),
        film=filmed(body.film, member=me), now=now,
    )  # fmt: skip
    return _drawn(post_for(post.pk, viewer=me), me, now)


@router.get("/posts/{post_id}", auth=EVERYBODY, response=PostOut, summary="One post")
def get_post(request: HttpRequest, post_id: Id) -> dict[str, Any]:
    """With its goods, and what the reader may do."""
    me = viewer_of(request)
    return _drawn(post_for(post_id, viewer=me), me, clock.now())


@router.put("/posts/{post_id}", response=PostOut, summary="Change my post", openapi_extra=refuses(*WRITING, NotAllowed))
def edit_post(request: HttpRequest, post_id: Id, body: PostChangeIn) -> dict[str, Any]:
    """The words only; pages show that it was edited."""
    me, now = member_of(request), clock.now()
    post = services.edit_post(post=post_for(post_id, viewer=me), member=me, title=body.title, body=body.body, now=now)
    return _drawn(post, me, now)


@router.delete("/posts/{post_id}", response={204: None}, summary="Take my post back", openapi_extra=refuses(NotAllowed))
def remove_post(request: HttpRequest, post_id: Id) -> None:
    """By its author."""
    me = member_of(request)
    services.remove_post(post=post_for(post_id, viewer=me), member=me, now=clock.now())


@router.put("/posts/{post_id}/useful", response={204: None}, summary="Say “useful to me”")
def react(request: HttpRequest, post_id: Id) -> None:
    """Twice counts once; one's own post does not count."""
    me = member_of(request)
    services.react(post=post_for(post_id, viewer=me), member=me, now=clock.now())


@router.delete("/posts/{post_id}/useful", response={204: None}, summary="Take “useful” back")
def unreact(request: HttpRequest, post_id: Id) -> None:
    """The count follows."""
    me = member_of(request)
    services.unreact(post=post_for(post_id, viewer=me), member=me, now=clock.now())


@router.post(
    "/posts/{post_id}/reports",
    response={204: None},
    summary="Report a post to the moderators",
    openapi_extra=refuses(safety_errors.UnknownReason, safety_errors.NoteTooLong),
)
def report_post(request: HttpRequest, post_id: Id, body: ReportIn) -> None:
    """Reporting again while it waits finds the first report."""
    me = member_of(request)
    post = post_for(post_id, viewer=me)
    report(member=me, subject=f"post:{post.pk}", reason=body.reason, note=body.note, now=clock.now())


@router.get("/posts/{post_id}/comments", auth=EVERYBODY, response=Page[CommentOut], summary="The talk under a post")
def list_comments(request: HttpRequest, post_id: Id, cursor: Cursor | None = None, limit: Limit = 50) -> dict[str, Any]:
    """In order of writing."""
    me = viewer_of(request)
    unwanted = blocked_ids(me.pk) | muted_ids(me.pk) if me is not None else ()
    rows = queries.comments(post_for(post_id, viewer=me), unwanted=unwanted, after=cursor or 0, limit=limit)
    return {"items": [_said(row) for row in rows], "next": next_of(rows, limit, "pk")}


@router.post(
    "/posts/{post_id}/comments",
    response={201: CommentOut},
    summary="Write under a post",
    openapi_extra=refuses(errors.CommentNeeded, errors.JoinFirst, errors.TooFast),
)
def write_comment(request: HttpRequest, post_id: Id, body: CommentIn) -> dict[str, Any]:
    """Or answer a comment of the same post."""
    me = member_of(request)
    post, answers = post_for(post_id, viewer=me), None
    if body.answers_id is not None:
        answers = comment_for(body.answers_id, viewer=me)
    return _said(services.comment(post=post, author=me, body=body.body, answers=answers, now=clock.now()))


@router.delete(
    "/comments/{comment_id}", response={204: None}, summary="Take my comment back", openapi_extra=refuses(NotAllowed)
)
def remove_comment(request: HttpRequest, comment_id: Id) -> None:
    """Answers to it stay."""
    me = member_of(request)
    services.remove_comment(comment=comment_for(comment_id, viewer=me), member=me, now=clock.now())


@router.put(
    "/posts/{post_id}/accepted-answer",
    response={204: None},
    summary="Name the comment that helped",
    openapi_extra=refuses(NotAllowed, errors.NotAQuestion),
)
def accept_answer(request: HttpRequest, post_id: Id, body: AcceptIn) -> None:
    """By who asked."""
    me = member_of(request)
    post, comment = post_for(post_id, viewer=me), comment_for(body.comment_id, viewer=me)
    services.accept_answer(post=post, comment=comment, member=me, now=clock.now())


@router.post(
    "/pictures",
    response={201: PictureOut},
    summary="Upload a picture",
    openapi_extra=refuses(media_errors.TooLarge, media_errors.TooManyPixels, media_errors.NotAPicture),
)
def upload_picture(
    request: HttpRequest,
    file: File[UploadedFile],
    alt: Alt = "",
    purpose: Form[Literal["post", "cover", "avatar", "claim"]] = "post",
) -> Picture:
    """JPEG, PNG, WebP or GIF, at most 12 MB and 40 megapixels. It is encoded anew without metadata; use its id elsewhere."""
    if (file.size or 0) > MAX_BYTES:
        raise media_errors.TooLarge(field="file", limit_mb=MAX_BYTES // 1024 // 1024)
    me = member_of(request)
    return store_picture(data=file.read(), purpose=purpose, owner_id=me.pk, alt=alt, now=clock.now())


def _ranked(me: Member | None, only: str, go: str | None, limit: int, now: datetime) -> dict[str, Any]:
    personal = me is not None and is_personal(me.pk)
    front = front_page(
        viewer_id=me.pk if me is not None else None, is_personal=personal, only=only, go=go, limit=limit, now=now
    )
    cards = front_cards(front, viewer_id=me.pk if me is not None else None, now=now)
    rows = [{**vars(card), "because": front.because[card.item.id]} for card in cards]
    return {"items": rows, "next": cursors.write_way(front.go) if front.go else None}


def _page(page: FeedPage) -> dict[str, Any]:
    return {"items": page.cards, "next": cursors.write(page.before) if page.before else None}


def _on_sale(slugs: list[str]) -> list[Product]:
    """Goods by their slugs, in the given order. Raises UnknownProduct when any is not on sale."""
    found = {product.slug: product for product in Product.objects.filter(slug__in=slugs, state=ProductState.ON_SALE)}
    if any(slug not in found for slug in slugs):
        raise UnknownProduct
    return [found[slug] for slug in slugs]


def _drawn(post: Post, me: Member | None, now: datetime) -> dict[str, Any]:
    tagged = tagged_products([row.product_id for row in post.post_products.all()])
    same = (
        "id", "kind", "title", "body", "author", "circle", "accepted_comment_id", "is_demo", "created_at", "edited_at",
        "hidden_at", "hidden_reason", "got_sample",
    )  # fmt: skip
    return {
        **{name: getattr(post, name) for name in same},
        "tie": tie_label(me.pk, post.author_id, now) if me is not None and me.pk != post.author_id else None,
        "pictures": [row.picture for row in post.post_pictures.all()],
        "film": film_of(post),
        "products": list(tagged.values()),
        "experience": of_posts([post.pk]).get(post.pk),
        "useful": queries.useful_count(post),
        "is_useful_to_me": me is not None and post.pk in queries.reacted_ids(me.pk, [post.pk]),
        "may_comment": policies.may_comment(me, post),
        "may_edit": policies.may_edit(me, post),
        "may_hide": policies.may_hide(me, post),
    }


def _said(row: Comment) -> dict[str, Any]:
    is_gone = row.removed_at is not None or row.hidden_at is not None
    return {
        "id": row.pk,
        "author": None if is_gone else row.author,
        "body": "" if is_gone else row.body,
        "answers_id": row.answers_id,
        "created_at": row.created_at,
        "is_gone": is_gone,
    }
