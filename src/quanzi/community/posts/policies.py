"""Who may read, change and hide what people wrote."""

from __future__ import annotations

from quanzi.community.circles import policies as circle_policies
from quanzi.community.posts.models import Comment, Post
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can
from quanzi.people.safety.queries import blocked_ids


def may_read(member: Member | None, post: Post) -> bool:
    """Not removed, not hidden (but for its author and moderators), in a circle the reader may read, across no block."""
    if post.removed_at is not None:
        return False
    if member is not None and member.pk and member.pk != post.author_id and post.author_id in blocked_ids(member.pk):
        return False
    if post.circle is not None and not circle_policies.may_read(member, post.circle):
        return False
    return post.hidden_at is None or may_edit(member, post) or may_hide(member, post)


def may_edit(member: Member | None, post: Post) -> bool:
    """Only its author changes a post."""
    return member is not None and member.pk == post.author_id


def may_remove_comment(member: Member | None, comment: Comment) -> bool:
    """Its author takes a comment back."""
    return member is not None and member.pk == comment.author_id


def may_hide(member: Member | None, post: Post) -> bool:
    """Moderators of the circle, and the merchant's moderators."""
    if member is None:
        return False
    if post.circle is not None:
        return circle_policies.may_moderate(member, post.circle)
    return can(member, "circles.moderate")


def may_comment(member: Member | None, post: Post) -> bool:
    """Members of the circle; under a public post everybody who is logged in."""
    if member is None or not may_read(member, post):
        return False
    return post.circle is None or circle_policies.may_post(member, post.circle)
