"""Which pictures and films go with a member."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from quanzi.base.films.models import Film
from quanzi.base.media.models import Picture
from quanzi.community.posts.models import PostPicture
from quanzi.goods.catalogue.models import ProductFilm
from quanzi.growth.erasing.fates import Gone
from quanzi.trade.fulfilment.models import Stop

THEIRS = ("avatar", "post", "claim")
"""What people show of themselves. Everything else shows goods or the shop, and stays as the shop's own."""


def pictures_of(gone: Gone) -> list[int]:
    """Numbers of those that go, asked before the posts let them go."""
    found = Picture.objects.filter(owner_id=gone.member_id, purpose__in=THEIRS).exclude(pk__in=_posters_of_goods())
    if gone.keeps_words:
        found = found.exclude(pk__in=PostPicture.objects.filter(post__author=gone.member_id).values("picture"))
    at_their_door = Stop.objects.filter(fulfilment__order__member=gone.member_id, picture__isnull=False)
    return [*found.values_list("pk", flat=True), *at_their_door.values_list("picture", flat=True)]


def films_of(gone: Gone) -> list[int]:
    """Numbers of their films, but for those of goods and those in words that stay."""
    found = Film.objects.filter(owner_id=gone.member_id, product_film=None)
    if gone.keeps_words:
        found = found.filter(post_film=None)
    return list(found.values_list("pk", flat=True))


def goods_stay(member_id: int) -> None:
    """Pictures of goods and places are nobody's from now on."""
    theirs = Picture.objects.filter(owner_id=member_id)
    theirs.exclude(purpose__in=THEIRS).update(owner_id=None)
    theirs.filter(pk__in=_posters_of_goods()).update(owner_id=None)


def _posters_of_goods() -> QuerySet[ProductFilm, Any]:
    return ProductFilm.objects.filter(film__poster__isnull=False).values("film__poster")
