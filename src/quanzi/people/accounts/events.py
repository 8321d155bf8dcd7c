"""What the room announces."""

from dataclasses import dataclass

from quanzi.base.events.events import DomainEvent


@dataclass(frozen=True)
class MemberJoined(DomainEvent):
    """Somebody became a member. how: "phone", "email", or who made them ("staff", "demo", "import")."""

    member_id: int
    how: str

    @property
    def key(self) -> str:
        return f"member:{self.member_id}"


@dataclass(frozen=True)
class MemberLoggedIn(DomainEvent):
    """A member logged in on a device."""

    member_id: int
    session_id: int

    @property
    def key(self) -> str:
        return f"member:{self.member_id}"
