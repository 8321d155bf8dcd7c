"""From point to area: somebody whom others trust is asked to look after a station."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from quanzi.base.audit import services as audit
from quanzi.growth.spread import errors
from quanzi.growth.spread.models import Call, CallState
from quanzi.growth.spread.queries.leaders import suggestion
from quanzi.people.accounts.models import Member
from quanzi.people.contact.services import notify


@transaction.atomic
def call(*, member_id: int, actor: Member, now: datetime) -> Call:
    """Ask a suggested member, with the facts that speak for them. Raises NotWilling: no consent, asked lately, or not suggested any more."""
    found = suggestion(member_id, now=now)
    if found is None:
        raise errors.NotWilling()
    try:
        with transaction.atomic():
            made: Call = Call.objects.create(
                member_id=member_id,
                area=found.area,
                reasons=dict(found.standing.as_json()),
                asked_by=actor,
                asked_at=now,
            )
    except IntegrityError as refused:
        raise errors.NotWilling() from refused
    notify(
        member_id=member_id,
        kind="call_to_lead",
        params={"area": found.area},
        link="/me/asked",
        key=f"call:{made.pk}",
        now=now,
    )
    audit.write(actor=actor, action="spread.call", target=f"call:{made.pk}", after={"area": found.area}, now=now)
    return made


@transaction.atomic
def answer_call(*, call_id: int, member: Member, willing: bool, now: datetime) -> Call:
    """The member's own word; the application itself is a step of its own. Raises NotAsked."""
    found = Call.objects.select_for_update().filter(pk=call_id, member=member).first()
    if found is None:
        raise errors.NotAsked()
    after = CallState.WILLING if willing else CallState.DECLINED
    if found.state == CallState.ASKED:
        found.state, found.answered_at = after, now
        found.save(update_fields=["state", "answered_at"])
    elif found.state != after:
        raise errors.NotAsked()
    return found
