"""What the member earns for goods that their guests kept, and where it goes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from quanzi.faces.storefront.forms import problems
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.growth.commission import queries
from quanzi.growth.commission.errors import NoSuchPayout
from quanzi.growth.commission.models import PayoutMethod
from quanzi.growth.commission.rules import ACCOUNT_HOLD
from quanzi.growth.commission.services import set_account
from quanzi.kernel import clock
from quanzi.kernel.errors import Errors, InvalidInput
from quanzi.people.accounts import second_step

PAGE = 30
FIELDS = {"method": 8, "holder": 100, "number": 100}


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def commission(request: HttpRequest) -> HttpResponse:
    """Sums, the account, payouts and lines. A change of the account asks for the second step again when one is set."""
    me, now = member_of(request), clock.now()
    if request.method != "POST":
        return _page(request, {"method": "", "holder": "", "number": ""})
    if second_step.is_set(me) and not second_step.is_recent(request, me, now=now):
        return second_step.ask_again(request, me)
    sent = {name: request.POST.get(name, "")[:most] for name, most in FIELDS.items()}
    try:
        set_account(member=me, now=now, **sent)
    except (InvalidInput, Errors) as refused:
        return _page(request, sent, refusal=refused)
    messages.success(request, gettext("Saved. Money follows it after 24 hours."))
    return redirect("storefront:commission")


@members_only
@require_safe
def payout(request: HttpRequest, payout_id: int) -> HttpResponse:
    """The statement of one payout: every line that it settled."""
    found = queries.payout_of(payout_id)
    if found is None or found.beneficiary_id != member_of(request).pk:
        raise NoSuchPayout
    return show(request, "community/me/payout.html", {"payout": found, "lines": queries.statement(found.pk)})


def _page(request: HttpRequest, sent: dict[str, str], *, refusal: InvalidInput | Errors | None = None) -> HttpResponse:
    me = member_of(request)
    lines = queries.earnings_of(me.pk, before_id=id_in(request.GET.get("before")), limit=PAGE)
    account = queries.account_of(me.pk)
    context: dict[str, Any] = {
        "standing": queries.standing_of(me.pk),
        "account": account,
        "usable_at": account.added_at + ACCOUNT_HOLD if account else None,
        "now": clock.now(),
        "payouts": queries.payouts_to(me.pk),
        "lines": lines,
        "older": f"{reverse('storefront:commission')}?before={lines[-1].accrual_id}" if len(lines) == PAGE else None,
        "methods": PayoutMethod.choices,
        "sent": sent,
        "problems": problems(refusal),
    }
    return show(request, "community/me/commission.html", context, status=refusal.status if refusal else 200)
