"""My orders from before: what I bought at another shop, as this one brought it along."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.growth.importing.past.people import disown
from quanzi.growth.importing.past.queries import claimed_of, orders_of
from quanzi.kernel import clock

PAGE = 20


@members_only
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Newest first; nothing to do here but to read, and to say that it was somebody else."""
    me = member_of(request)
    rows = orders_of(me.pk, before_id=id_in(request.GET.get("before")), limit=PAGE)
    here = reverse("storefront:past_orders")
    context = {
        "rows": rows,
        "claimed": claimed_of(me.pk),
        "next": f"{here}?before={rows[-1].id}" if len(rows) == PAGE else None,
    }
    return show(request, "shopping/past.html", context)


@members_only
@require_POST
def not_mine(request: HttpRequest, buyer_id: int) -> HttpResponse:
    """A telephone number changes hands now and then."""
    disown(member=member_of(request), buyer_id=buyer_id, now=clock.now())
    messages.success(request, gettext("Put aside. It will not come back to you."))
    return redirect("storefront:orders")
