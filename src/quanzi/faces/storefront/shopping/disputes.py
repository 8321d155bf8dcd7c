"""An answer that the buyer does not accept: say why, read the other side, ask somebody else to look again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from quanzi.faces.storefront.forms import pictures_of, problems
from quanzi.faces.storefront.viewing import member_of, members_only, show
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.people.accounts.models import Member
from quanzi.trade.aftersales import rules, services
from quanzi.trade.aftersales.errors import NoSuchDispute
from quanzi.trade.aftersales.queries import ClaimRow, DisputePage, dispute_page, of_lines
from quanzi.trade.sales.queries import order_page


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: HttpRequest, number: str, claim_id: int) -> HttpResponse:
    """Contest, add, appeal: whatever the dispute waits for from its buyer."""
    me = member_of(request)
    claim, page = _claim(number, claim_id, me), _page(claim_id, me)
    if request.method != "POST":
        return _show(request, claim, page)
    try:
        said = _act(request, claim, page, me)
    except NotFound:
        raise
    except DomainError as refused:
        return _show(request, claim, _page(claim_id, me), refusal=refused)
    messages.success(request, said)
    return redirect("storefront:order_dispute", number=number, claim_id=claim_id)


def _act(request: HttpRequest, claim: ClaimRow, page: DisputePage | None, me: Member) -> str:
    now, words = clock.now(), request.POST.get("words", "")[: rules.LONGEST_WORDS * 4]
    if page is not None and page.row.state == "decided":
        services.appeal(dispute_id=page.row.id, member=me, words=words, now=now)
        return gettext("Somebody else looks at it again.")
    pictures = pictures_of(request, "pictures", owner=me, purpose="claim", most=rules.MOST_PICTURES, now=now)
    if page is None:
        services.contest(claim_id=claim.id, member=me, words=words, pictures=pictures, now=now)
        return gettext("Noted. A person who had not answered you before decides.")
    services.say(dispute_id=page.row.id, author=me, words=words, pictures=pictures, now=now)
    return gettext("Added.")


def _claim(number: str, claim_id: int, me: Member) -> ClaimRow:
    order = order_page(number, me)
    rows = of_lines([line.id for line in order.lines]) if order.is_mine else {}
    found = next((row for row in rows.values() if row.id == claim_id), None)
    if found is None:
        raise NotFound
    return found


def _page(claim_id: int, me: Member) -> DisputePage | None:
    try:
        return dispute_page(claim_id=claim_id, member_id=me.pk)
    except NoSuchDispute:
        return None


def _show(
    request: HttpRequest, claim: ClaimRow, page: DisputePage | None, *, refusal: DomainError | None = None
) -> HttpResponse:
    now = clock.now()
    row = page.row if page else None
    may_say = row is not None and row.state == "open" and now < row.evidence_until
    may_appeal = row is not None and row.state == "decided" and row.appeal_until is not None and now < row.appeal_until
    may_contest = row is None and rules.may_contest(
        state=claim.state, left_minor=claim.left.minor, decided_at=claim.decided_at, now=now
    )
    context: dict[str, Any] = {
        "claim": claim,
        "page": page,
        "may_say": may_say,
        "may_appeal": may_appeal,
        "may_contest": may_contest,
        "sent": request.POST.get("words", ""),
        "problems": problems(refusal),
        "longest": rules.LONGEST_WORDS,
        "most": rules.MOST_PICTURES,
    }
    return show(request, "shopping/dispute.html", context, status=refusal.status if refusal else 200)
