"""Erasing a member who asked for it by letter or telephone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.faces.console.doors import FORM, door, operator_of
from quanzi.faces.console.viewing import attempt, show
from quanzi.growth.erasing import services
from quanzi.growth.erasing.openings import openings_of
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member


@door("members.erase", FORM, recent=True)
def erase(request: HttpRequest, member_id: int) -> HttpResponse:
    """What is in the way, what goes and stays; then in a week, or at once."""
    me, now, here = operator_of(request), clock.now(), reverse("console:member_erase", args=[member_id])
    person = Member.objects.filter(pk=member_id, confirmed_at__isnull=False, erased_at=None).first()
    if person is None:
        raise NotFound()
    if request.method != "POST":
        context = {
            "here": "members",
            "crumbs": [(person.name, reverse("console:member", args=[member_id])), (gettext("Erase"), None)],
            "person": person,
            "openings": openings_of(member_id),
            "waiting": services.open_request(member_id),
            "days": services.THINK.days,
        }
        return show(request, "member_erase.html", context)
    if request.POST.get("act") == "withdraw":
        return attempt(
            request, lambda: services.withdraw(member_id=member_id, by=me, now=now), said=gettext("The account stays."), back=here, now=now
        )  # fmt: skip
    at_once = request.POST.get("when") == "now"

    def act() -> None:
        services.ask_for(
            member_id=member_id, keeps_words=request.POST.get("words") == "stay", at_once=at_once, why=request.POST.get("why", ""),
            by=me, now=now,
        )  # fmt: skip

    said = (
        gettext("The member is erased.") if at_once else gettext("It is written down; the member is told until when.")
    )
    done = attempt(request, act, said=said, back=here, now=now)
    gone = Member.objects.filter(pk=member_id).exclude(erased_at=None).exists()
    if gone:
        done.headers["Location"] = reverse("console:members")
    return done
