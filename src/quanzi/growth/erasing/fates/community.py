"""Circles, and what was written in them."""

from __future__ import annotations

from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now

from quanzi.growth.erasing.fates.vocabulary import NOTHING_SAID, Empty, Erase, Fate, Gone, Keep

_THREAD = "answers of others stand under it"


def _hidden_posts(gone: Gone) -> Q:
    return Q(author=gone.member_id, hidden_at__isnull=False)


def _pictures_of_words(gone: Gone) -> Q:
    return Q(pk__in=[]) if gone.keeps_words else Q(post__author=gone.member_id)


SHOPS = {"posts.postproduct": "numbers"}

FATES: tuple[Fate, ...] = (
    Erase("circles.joinlink", "maker"),
    Erase("circles.membership", "member"),
    Empty("circles.membership", "invited_by", {"invited_by": None}, why="the place is somebody else's"),
    Keep("circles.circle", {"founder": "the circle is its members'"}
         | dict.fromkeys(("name", "slug", "summary", "charter", "place", "question"), "the circle's own")),
    Erase("posts.postpicture", _pictures_of_words),
    Erase("posts.postfilm", _pictures_of_words),
    Erase("posts.reaction", "member"),
    Empty("posts.post", "author", {"title": NOTHING_SAID, "body": "", "removed_at": Coalesce(F("removed_at"), Now())},
          why=_THREAD, are_words=True),
    Empty("posts.post", _hidden_posts, {"hidden_reason": NOTHING_SAID}, why=_THREAD),
    Empty("posts.comment", "author", {"body": NOTHING_SAID, "removed_at": Coalesce(F("removed_at"), Now())},
          why=_THREAD, are_words=True),
    Empty("posts.comment", _hidden_posts, {"hidden_reason": NOTHING_SAID}, why=_THREAD),
)  # fmt: skip
