"""From ids and slugs to rows that the caller may know of; everything else does not exist."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse

from quanzi.base.films.models import Film
from quanzi.base.media.models import Picture
from quanzi.community.circles.models import Circle
from quanzi.community.circles.queries import circle_by_slug
from quanzi.community.posts import policies as post_policies
from quanzi.community.posts.filming import Filmed
from quanzi.community.posts.models import Comment, Post
from quanzi.community.posts.queries import post_by_id
from quanzi.faces.api.schemas.films import FilmIn
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.errors import PictureNotYours
from quanzi.people.accounts.models import Member
from quanzi.people.safety.queries import are_blocked


def member_by_id(member_id: int, *, viewer: Member | None) -> Member:
    """A member who is here and whom no block hides from the viewer. Raises NotFound."""
    found = Member.objects.filter(pk=member_id, is_active=True, erased_at=None).exclude(confirmed_at=None).first()
    if found is None or (viewer is not None and viewer.pk != found.pk and are_blocked(viewer.pk, found.pk)):
        raise NotFound
    return found


def circle_at(slug: str) -> Circle:
    """A circle by its address; its door is no secret, what is said inside is the policies' matter. Raises NotFound."""
    found = circle_by_slug(slug)
    if found is None:
        raise NotFound
    return found


def post_for(post_id: int, *, viewer: Member | None) -> Post:
    """A post that the viewer may read. Raises NotFound."""
    found = post_by_id(post_id)
    if found is None or not post_policies.may_read(viewer, found):
        raise NotFound
    return found


def comment_for(comment_id: int, *, viewer: Member | None) -> Comment:
    """A comment under a post that the viewer may read. Raises NotFound."""
    found = Comment.objects.select_related("post").filter(pk=comment_id).first()
    if found is None:
        raise NotFound
    post_for(found.post_id, viewer=viewer)
    return found


def own_pictures(ids: Sequence[int], *, member: Member, field: str) -> list[Picture]:
    """Pictures that the member uploaded, in the given order. Raises PictureNotYours when any is not."""
    found = Picture.objects.filter(owner_id=member.pk).in_bulk(list(ids))
    if any(one not in found for one in ids):
        raise PictureNotYours(field=field)
    return [found[one] for one in ids]


def own_picture(picture_id: int | None, *, member: Member, field: str) -> Picture | None:
    return own_pictures([picture_id], member=member, field=field)[0] if picture_id is not None else None


def own_film(code: str, *, member: Member) -> Film:
    """A film that the member sent. Raises NotFound."""
    found = Film.objects.select_related("poster").filter(code=code, owner_id=member.pk).first()
    if found is None:
        raise NotFound
    return found


def filmed(sent: FilmIn | None, *, member: Member) -> Filmed | None:
    """The film of a post that is being written. Raises NotFound."""
    return None if sent is None else Filmed(own_film(sent.code, member=member), sent.words, sent.is_silent)


def link_of(request: HttpRequest, token: str) -> str:
    """The whole address of a source's link."""
    return request.build_absolute_uri(reverse("sources:arrive", args=[token]))
