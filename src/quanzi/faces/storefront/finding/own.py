"""What the search knows of a member: what they looked for, and whether others find them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.growth.searching import services
from quanzi.growth.searching.queries import choice_of, past


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def searches(request: HttpRequest) -> HttpResponse:
    """Everything here can be forgotten, one by one or at once, or never kept."""
    me = member_of(request)
    if request.method != "POST":
        return show(request, "finding/searches.html", {"past": past(me), "choice": choice_of(me)})
    match request.POST.get("do"):
        case "forget":
            services.forget(member=me, past_id=id_in(request.POST.get("id")) or 0)
        case "forget_all":
            services.forget(member=me)
            messages.success(request, gettext("Forgotten."))
        case "choose":
            services.choose(member=me, is_findable="is_findable" in request.POST, remembers="remembers" in request.POST)
            messages.success(request, gettext("Saved. It holds from now on."))
    return redirect("storefront:searches")
