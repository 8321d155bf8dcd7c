"""What happens at the door of a circle."""

from dataclasses import dataclass

from quanzi.base.events.events import DomainEvent


@dataclass(frozen=True)
class CircleFounded(DomainEvent):
    """A circle stands, with its founder as first member."""

    circle_id: int
    founder_id: int


@dataclass(frozen=True)
class JoinAsked(DomainEvent):
    """Somebody answered the question of a circle and waits."""

    circle_id: int
    member_id: int


@dataclass(frozen=True)
class CircleJoined(DomainEvent):
    """A member belongs to a circle now; `invited_by_id` is the maker of the link that let them in."""

    circle_id: int
    member_id: int
    invited_by_id: int | None


@dataclass(frozen=True)
class JoinRefused(DomainEvent):
    """A request was refused, with a reason that the person may read."""

    circle_id: int
    member_id: int
    reason: str


@dataclass(frozen=True)
class CircleLeft(DomainEvent):
    """A member is no longer in the circle, by their own will or by a moderator's."""

    circle_id: int
    member_id: int
    removed: bool
