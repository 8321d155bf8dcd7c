"""What the room announces."""

from dataclasses import dataclass

from quanzi.base.events.events import DomainEvent


@dataclass(frozen=True)
class ConsentDecided(DomainEvent):
    """A member gave or withdrew a consent."""

    member_id: int
    purpose: str
    channel: str
    granted: bool

    @property
    def key(self) -> str:
        return f"member:{self.member_id}"
