"""What people wrote and how others answered."""

from dataclasses import dataclass

from quanzi.base.events.events import DomainEvent


@dataclass(frozen=True)
class PostWritten(DomainEvent):
    """A note, question or experience stands."""

    post_id: int
    author_id: int
    circle_id: int | None
    kind: str


@dataclass(frozen=True)
class CommentWritten(DomainEvent):
    """Somebody wrote under a post."""

    comment_id: int
    post_id: int
    author_id: int


@dataclass(frozen=True)
class AnswerAccepted(DomainEvent):
    """The asker says that this comment helped."""

    post_id: int
    comment_id: int
    helper_id: int


@dataclass(frozen=True)
class PostHidden(DomainEvent):
    """A moderator took a post out of sight, with a reason for its author."""

    post_id: int
    author_id: int
    reason: str
