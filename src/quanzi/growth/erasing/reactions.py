"""Who logs in again has thought better of it."""

from datetime import datetime

from quanzi.base.events.registry import react_to
from quanzi.growth.erasing import services
from quanzi.people.accounts.events import MemberLoggedIn
from quanzi.people.contact.services import notify


@react_to(MemberLoggedIn, consumer="erasing.withdraw")
def on_logged_in(event: MemberLoggedIn, *, now: datetime) -> None:
    if services.withdraw(member_id=event.member_id, now=now):
        notify(
            member_id=event.member_id, kind="erasure_withdrawn", params={}, link="/me/erase", key=f"erasure_withdrawn:{event.session_id}",
            now=now,
        )  # fmt: skip
