"""What the room announces."""

from dataclasses import dataclass

from quanzi.base.events.events import DomainEvent


@dataclass(frozen=True)
class MemberErased(DomainEvent):
    """Nothing is left of this member but a number in the books."""

    member_id: int

    @property
    def key(self) -> str:
        return f"member:{self.member_id}"
