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


@dataclass(frozen=True)
class StaffRoleChanged(DomainEvent):
    """Somebody of the staff has another role, or none ("") from now on; their sessions are over."""

    member_id: int
    before: str
    after: str

    @property
    def key(self) -> str:
        return f"member:{self.member_id}"


@dataclass(frozen=True)
class SecondStepReset(DomainEvent):
    """An owner took every factor of somebody of the staff away, who sets a new one at the next login."""

    member_id: int
    by_id: int
    entry_id: int

    @property
    def key(self) -> str:
        return f"member:{self.member_id}"
