"""The page behind an invitation to the staff: who invites, as what, and for whom; then taking it."""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from quanzi.faces.storefront.faults import too_many
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError
from quanzi.people.accounts import invitations
from quanzi.people.accounts.errors import InvitationOver
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.rules import masked
from quanzi.people.accounts.services import accept_invitation


@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever is not logged in is led to do so and comes back. A link that is over looks like one that never was."""
    if not ratelimit.consume(request, app="allauth.account", action="invitation", limit_get=True):
        return too_many(request)
    now, me = clock.now(), request.user if isinstance(request.user, Member) else None
    found, refused = invitations.open_by_token(token, now=now), None
    if found is None:
        raise InvitationOver()
    if request.method == "POST" and me is not None:
        try:
            accept_invitation(token=token, member=me, now=now)
        except InvitationOver:
            raise
        except DomainError as error:
            refused = error
        else:
            request.session.cycle_key()  # what this session may do has changed
            return redirect("console:today")
    context = {
        "invitation": found,
        "contact": masked(found.contact),
        "me": me,
        "fits": me is not None and invitations.is_for(found, me),
        "refused": refused,
    }
    response = render(request, "storefront/invited.html", context, status=refused.status if refused else 200)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
