"""What the room announces."""

from dataclasses import dataclass

from quanzi.base.events.events import DomainEvent


@dataclass(frozen=True)
class TieAgreed(DomainEvent):
    """Two people agreed to be tied."""

    source_id: int
    target_id: int
    kind: str


@dataclass(frozen=True)
class TieWithdrawn(DomainEvent):
    """Somebody took their ties to another back; nothing may be shown through them any more."""

    member_id: int
    target_id: int
