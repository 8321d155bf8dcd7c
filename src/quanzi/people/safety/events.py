"""What the room announces."""

from dataclasses import dataclass

from quanzi.base.events.events import DomainEvent


@dataclass(frozen=True)
class MemberBlocked(DomainEvent):
    """A member wants nothing to do with another."""

    member_id: int
    other_id: int


@dataclass(frozen=True)
class ReportMade(DomainEvent):
    """Somebody asks a moderator to look at something. subject: "post:12", "comment:3", "member:7"."""

    report_id: int
    subject: str
    reason: str


@dataclass(frozen=True)
class ReportDecided(DomainEvent):
    """A moderator has decided; the room of the subject acts on it."""

    report_id: int
    subject: str
    decision: str
    decided_by_id: int
