"""Writes of the room: that a post was read."""

from __future__ import annotations

from datetime import datetime, timedelta

from quanzi.community.posts.models import Post
from quanzi.growth.insight.models import Reading
from quanzi.growth.sources.models import Visitor

KEPT = timedelta(days=180)
"""How long a reading is kept: long enough to see who comes back after half a year."""


def note_reading(*, post: Post, visitor_key: str | None, member_id: int | None, now: datetime) -> bool:
    """Somebody opened a post. The author's own looks do not count, nor do browsers that never arrived. Safe to repeat."""
    visitor = Visitor.objects.filter(key=visitor_key).first() if visitor_key else None
    if visitor is None or post.author_id in (member_id, visitor.member_id):
        return False
    Reading.objects.bulk_create(
        [Reading(post=post, visitor=visitor, is_member=member_id is not None, read_at=now)], ignore_conflicts=True
    )
    return True


def forget(*, now: datetime) -> int:
    """Forget what was read longer ago than KEPT; returns how much."""
    return Reading.objects.filter(read_at__lt=now - KEPT).delete()[0]
