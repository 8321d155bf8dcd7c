"""What is announced about arrivals and spend."""

from dataclasses import dataclass

from quanzi.base.events.events import DomainEvent


@dataclass(frozen=True)
class VisitorKnown(DomainEvent):
    """A browser's visits now belong to a member; `is_new` when they signed up with it."""

    visitor_id: int
    member_id: int
    is_new: bool


@dataclass(frozen=True)
class SpendEntered(DomainEvent):
    """Money was spent on a source."""

    spend_id: int
    source_id: int
    amount_minor: int
