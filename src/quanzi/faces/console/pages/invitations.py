"""Inviting somebody to the staff, and the link to hand over."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.faces.console.doors import FORM, WRITE, door, operator_of
from quanzi.faces.console.parsing import Reader
from quanzi.faces.console.viewing import attempt, show
from quanzi.faces.console.words import INVITATION_STATES
from quanzi.kernel import clock
from quanzi.people.accounts import invitations, second_step
from quanzi.people.accounts.errors import InvitationOver
from quanzi.people.accounts.models import StaffInvitation, StaffRole
from quanzi.people.accounts.services import invite_staff, withdraw_invitation
from quanzi.people.accounts.services.invitations import MOST_DAYS


@door("staff.manage", WRITE, recent=True)
def invite(request: HttpRequest) -> HttpResponse:
    """A new link; it is shown on its own page."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    role, contact = reader.choice("role", StaffRole.values), reader.text("contact", most=254, needed=False)
    days = reader.whole("days", least=1, most=MOST_DAYS)
    made: list[StaffInvitation] = []

    def act() -> None:
        reader.check()
        site = request.build_absolute_uri("/")
        made.append(invite_staff(role=role, contact=contact, days=days, by=me, site=site, now=now))

    answer = attempt(
        request,
        act,
        said=gettext("The invitation is made. Hand the link over."),
        back=reverse("console:staff"),
        now=now,
    )
    return redirect("console:staff_invitation", invitation_id=made[0].pk) if made else answer


@door("staff.manage", FORM, recent=True)
def invitation(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """One invitation. Its link opens the house, so reading it asks for a fresh second step, which sending this page takes."""
    if request.method == "POST":
        return redirect("console:staff_invitation", invitation_id=invitation_id)
    me, now = operator_of(request), clock.now()
    found = StaffInvitation.objects.select_related("made_by", "accepted_by").filter(pk=invitation_id).first()
    if found is None:
        raise InvitationOver()
    state = invitations.state_of(found, now=now)
    may_read = state == "open" and second_step.is_recent(request, me, now=now)
    context: dict[str, Any] = {
        "here": "staff",
        "crumbs": [(gettext("Staff"), reverse("console:staff")), (gettext("Invitation"), None)],
        "now": now,
        "invitation": found,
        "state": (state, *INVITATION_STATES[state]),
        "way": invitations.link_of(found, site=request.build_absolute_uri("/")) if may_read else "",
        "sends_letters": invitations.sends_letters(),
    }
    return show(request, "staff_invitation.html", context)


@door("staff.manage", WRITE, recent=True)
def withdraw(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """The link leads nowhere from now on."""
    me, now = operator_of(request), clock.now()
    return attempt(
        request, lambda: withdraw_invitation(invitation_id=invitation_id, by=me, now=now),
        said=gettext("Withdrawn: the link leads nowhere any more."), back=reverse("console:staff"), now=now,
    )  # fmt: skip


def rows() -> list[dict[str, Any]]:
    """Invitations for the page of the staff: those that wait or ended lately."""
    now = clock.now()
    return [
        {"invitation": one, "state": (state, *INVITATION_STATES[state])}
        for one in invitations.latest()
        for state in [invitations.state_of(one, now=now)]
    ]
