"""Whoever kept goods is asked once how they turned out; when goods go back, their stars stop counting."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.events.registry import react_to
from quanzi.people.contact.services import notify
from quanzi.trade.experiences.models import Experience
from quanzi.trade.experiences.services import void_experience
from quanzi.trade.sales.events import LineKept, LineReturned
from quanzi.trade.sales.models import OrderLine


@react_to(LineReturned, consumer="experiences.void")
def void(event: LineReturned, *, now: datetime) -> None:
    """Safe to run twice: an experience is voided once."""
    void_experience(line_id=event.line_id, now=now)


@react_to(LineKept, consumer="experiences.invite")
def invite(event: LineKept, *, now: datetime) -> None:
    """One notice for each line, whatever the goods were like; none when it was written already."""
    if Experience.objects.filter(line_id=event.line_id).exists():
        return
    line = OrderLine.objects.select_related("product").get(pk=event.line_id)
    notify(
        member_id=event.member_id, kind="experience_invited", params={"product": line.product.name},
        link=f"/experience/{line.pk}", key=f"experience:{line.pk}", now=now,
    )  # fmt: skip
