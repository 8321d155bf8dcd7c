"""A consent that is taken back ends what hung on it."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.events.registry import react_to
from quanzi.growth.spread.services import forget_reach, take_out
from quanzi.people.contact.events import ConsentDecided
from quanzi.people.contact.models import Purpose
from quanzi.people.contact.services import allows


@react_to(ConsentDecided, consumer="spread.consent")
def on_consent(event: ConsentDecided, *, now: datetime) -> None:
    if event.granted or allows(event.member_id, event.purpose):
        return
    if event.purpose == Purpose.REACH:
        forget_reach(member_id=event.member_id)
    elif event.purpose == Purpose.SAMPLES:
        take_out(member_id=event.member_id, now=now)
