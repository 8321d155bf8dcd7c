"""What is announced about experiences."""

from dataclasses import dataclass

from quanzi.base.events.events import DomainEvent


@dataclass(frozen=True)
class ExperienceWritten(DomainEvent):
    """A member told how goods that they kept turned out."""

    post_id: int
    line_id: int
    member_id: int
    product_id: int
    stars: int | None
