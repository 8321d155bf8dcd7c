"""The leader of a branch publishes a text of the pattern, in their own name."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanzi.base.media.models import Picture
from quanzi.base.media.services import store_picture
from quanzi.community.circles.policies import may_moderate
from quanzi.community.posts.models import Post
from quanzi.community.posts.services import write_post
from quanzi.growth.replicating.archive import unpack
from quanzi.growth.replicating.errors import NoSuchText, UsedAlready
from quanzi.growth.replicating.models import StarterText
from quanzi.people.accounts.models import Member


@transaction.atomic
def publish_text(*, text_id: int, by: Member, now: datetime) -> Post:
    """Say it in the branch's circle, once. Raises NoSuchText (also for who does not moderate there), UsedAlready, and what writing raises."""
    found = (
        StarterText.objects.select_for_update(of=("self",))
        .select_related("branch__circle", "branch__pattern")
        .filter(pk=text_id)
        .first()
    )
    if found is None or not may_moderate(by, found.branch.circle):
        raise NoSuchText()
    if found.used_at is not None:
        raise UsedAlready()
    post = write_post(
        author=by, circle=found.branch.circle, kind=found.kind, title=found.title, body=found.body,
        pictures=_pictures(found, by, now), now=now,
    )  # fmt: skip
    found.post, found.used_at = post, now
    found.save(update_fields=["post", "used_at"])
    return post


def _pictures(found: StarterText, by: Member, now: datetime) -> list[Picture]:
    """Out of the pattern's file, as pictures of whoever publishes them."""
    if not found.pictures:
        return []
    _, files = unpack(bytes(found.branch.pattern.archive))
    return [store_picture(data=files[name], purpose="post", owner_id=by.pk, alt="", now=now) for name in found.pictures]
