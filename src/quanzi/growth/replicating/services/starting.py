"""The leader of a branch publishes a text of the pattern, in their own name."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanzi.community.circles.policies import may_moderate
from quanzi.community.posts.models import Post
from quanzi.community.posts.services import write_post
from quanzi.growth.replicating.errors import NoSuchText, UsedAlready
from quanzi.growth.replicating.models import StarterText
from quanzi.people.accounts.models import Member


@transaction.atomic
def publish_text(*, text_id: int, by: Member, now: datetime) -> Post:
    """Say it in the branch's circle, once. Raises NoSuchText (also for who does not moderate there), UsedAlready, and what writing raises."""
    found = (
        StarterText.objects.select_for_update(of=("self",)).select_related("branch__circle").filter(pk=text_id).first()
    )
    if found is None or not may_moderate(by, found.branch.circle):
        raise NoSuchText()
    if found.used_at is not None:
        raise UsedAlready()
    post = write_post(
        author=by, circle=found.branch.circle, kind=found.kind, title=found.title, body=found.body, now=now
    )
    found.post, found.used_at = post, now
    found.save(update_fields=["post", "used_at"])
    return post
