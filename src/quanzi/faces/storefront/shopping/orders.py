"""My orders, and one order: what to do next, where the money is, the pickup code, what is in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from quanzi.faces.storefront.shopping import order_words as words
from quanzi.faces.storefront.shopping.drawing import label_of, withdrawal_of
from quanzi.faces.storefront.shopping.paying import begin, ways
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.goods.supply.queries.papers import papers_for
from quanzi.growth.importing.past.queries import count_of
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.trade.aftersales import rules as aftersales
from quanzi.trade.aftersales.followers import KIND as EXCHANGE
from quanzi.trade.aftersales.models import ClaimReason, ClaimState
from quanzi.trade.aftersales.queries import ClaimRow, compensations_of, disputes_of, helps_of, of_lines, solved_claims
from quanzi.trade.aftersales.queries.holding import given_for
from quanzi.trade.aftersales.services import call_off, say_solved, say_where, send, withdraw
from quanzi.trade.chains.rules import KIND as CHAIN
from quanzi.trade.deals.queries import TeamPage, team_of_order, team_page
from quanzi.trade.experiences.queries import written_lines
from quanzi.trade.fulfilment.errors import NameForCustoms
from quanzi.trade.fulfilment.queries import progress
from quanzi.trade.fulfilment.queries.parcels import ParcelRow, parcels_of
from quanzi.trade.fulfilment.queries.runs import coming
from quanzi.trade.fulfilment.services import customs
from quanzi.trade.launches.queries import piece_of_order
from quanzi.trade.launches.rules import PIECE
from quanzi.trade.payments.queries import of_payable
from quanzi.trade.payments.states import PaymentState
from quanzi.trade.preorders.rules import KIND as PREORDER
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import OrderState
from quanzi.trade.sales.queries import GROUPS, LineRow, OrderPage, group_counts, my_orders, order_page
from quanzi.trade.stations.queries import fetching_of

PAGE = 20


@members_only
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """My orders, newest first, in tabs."""
    me = member_of(request)
    group = request.GET.get("group", "all")
    group = group if group in GROUPS else "all"
    rows = my_orders(member_id=me.pk, group=group, before_id=id_in(request.GET.get("before")), limit=PAGE)
    here, counts = reverse("storefront:orders"), group_counts(member_id=me.pk)
    labels = {
        "all": gettext("All"),
        "unpaid": gettext("To pay"),
        "waiting": gettext("Being prepared"),
        "under_way": gettext("On the way"),
        "received": gettext("Received"),
        "ended": gettext("Ended"),
    }
    context = {
        "orders": rows,
        "group": group,
        "names": dict(OrderState.choices),
        "tabs": [
            (f"{labels[key]} {counts[key]}", f"{here}?group={key}", key == group)
            for key in GROUPS
            if counts[key] or key == "all"
        ],
        "past": count_of(me.pk) if group == "all" else 0,
        "next": f"{here}?group={group}&before={rows[-1].id}" if len(rows) == PAGE else None,
    }
    return show(request, "shopping/orders.html", context)


@members_only
@require_safe
def order(request: HttpRequest, number: str) -> HttpResponse:
    """One order, for its buyer; the point's leader and the staff see it without the pickup code."""
    me, now = member_of(request), clock.now()
    page = order_page(number, me)
    code = team_of_order(page.card.id)
    team = team_page(code=code, viewer=me, now=now) if code else None
    fetching = fetching_of(page.card.id) if page.point is not None else None
    standing = words.Standing(page, progress(order_id=page.card.id), team.card if team else None, now, fetching)
    claims = of_lines([line.id for line in page.lines])
    context: dict[str, Any] = {
        "order": page,
        "now": now,
        "standing": standing,
        "team": team,
        "piece": piece_of_order(order_id=page.card.id) if page.card.waits_for.startswith(f"{PIECE}:") else None,
        "given_for": given_for(page.card.id) if page.card.waits_for.startswith(f"{EXCHANGE}:") else None,
        "headline": words.headline(standing),
        "money": words.where_the_money_is(standing),
        "steps": words.steps(standing),
        "code": standing.progress.pickup_code if standing.progress and page.is_mine else "",
        "code_link": request.build_absolute_uri(reverse("storefront:leader")),
        "parcels": _parcels(page, standing),
        "coming": coming(order_id=page.card.id) if standing.progress and not standing.is_pickup else None,
        "lines": page.lines,
        "withdrawal_of": withdrawal_of,
        "ordered_on": clock.today(page.card.placed_at),
        "claims": claims,
        "disputes": disputes_of([row.id for row in claims.values()]) if claims else {},
        "solved": solved_claims([row.id for row in claims.values()]) if claims else set(),
        "helps": helps_of([line.id for line in page.lines]) if page.is_mine else {},
        "compensations": compensations_of(page.card.id) if page.is_mine else [],
        "written": written_lines([line.id for line in page.lines]),
        "may_claim": page.is_mine and any(_may_claim(page, line, claims.get(line.id), now) for line in page.lines),
        "is_late_to_claim": all(_is_over(line, now) for line in page.lines),
        "may_call_off": _may_call_off(page, standing, team),
        "writable": next((line.id for line in page.lines if line.kept_at is not None), None),
        "sums": _sums(page),
        "paid_by": _paid_by(page),
        "papers": papers_for([line.product_id for line in page.lines]),
        "asks_customs": page.is_mine and page.ship_to is not None and customs.is_awaited(page.card.id),
        "ways": ways(),
    }
    return show(request, "shopping/order.html", context)


@members_only
@require_POST
def act(request: HttpRequest, number: str) -> HttpResponse:
    """One small verb each: pay, cancel, call off, received, kept, take a claim back. Refusals become a page with the way back."""
    me, now = member_of(request), clock.now()
    page = order_page(number, me)
    if not page.is_mine:
        raise NotFound
    verb = request.POST.get("act", "")
    if verb == "pay":
        return begin(
            request, order_id=page.card.id, number=number, provider=request.POST.get("provider", ""), member=me, now=now
        )
    if verb not in VERBS:
        raise NotFound
    VERBS[verb](request, page, me, now)
    return redirect("storefront:order", number=number)


def _cancel(request: HttpRequest, page: OrderPage, me: Member, now: datetime) -> None:
    sales.cancel_order(order_id=page.card.id, actor=f"member:{me.pk}", reason="cancelled_by_buyer", member=me, now=now)
    messages.success(
        request,
        gettext("Cancelled. Your place and its deposit stay as they are.")
        if page.card.waits_for.startswith(f"{PREORDER}:")
        else gettext("Cancelled. Nothing was charged."),
    )


def _call_off(request: HttpRequest, page: OrderPage, me: Member, now: datetime) -> None:
    call_off(order_id=page.card.id, member=me, now=now)
    messages.success(request, gettext("Called off. What you paid goes back to where it came from."))


def _received(request: HttpRequest, page: OrderPage, me: Member, now: datetime) -> None:
    sales.confirm_receipt(order_id=page.card.id, member=me, now=now)
    messages.success(request, gettext("Good. If something is wrong, tell us while the window is open."))


def _kept(request: HttpRequest, page: OrderPage, me: Member, now: datetime) -> None:
    line = _line_in(request, page)
    sales.say_kept(line_id=line.id, member=me, now=now)
    messages.success(
        request, gettext("Kept. This waives no right: a fault can still be told while the window is open.")
    )


def _withdraw(request: HttpRequest, page: OrderPage, me: Member, now: datetime) -> None:
    claim = of_lines([_line_in(request, page).id])
    for row in claim.values():
        withdraw(claim_id=row.id, member=me, now=now)
        messages.success(request, gettext("Taken back."))


def _sent_back(request: HttpRequest, page: OrderPage, me: Member, now: datetime) -> None:
    carrier, tracking = request.POST.get("carrier", ""), request.POST.get("tracking", "")
    for row in of_lines([_line_in(request, page).id]).values():
        send(claim_id=row.id, member=me, carrier=carrier, tracking=tracking, now=now)
        messages.success(request, gettext("Thank you. You are told when it has arrived."))


def _solved(request: HttpRequest, page: OrderPage, me: Member, now: datetime) -> None:
    for row in of_lines([_line_in(request, page).id]).values():
        is_solved = say_solved(claim_id=row.id, member=me, is_solved=request.POST.get("is_solved") == "1", now=now)
        said = gettext("Thank you. It stands beside what you write about it.") if is_solved else gettext("Taken back.")
        messages.success(request, said)


def _where(request: HttpRequest, page: OrderPage, me: Member, now: datetime) -> None:
    wanted = id_in(request.POST.get("compensation"))
    if wanted not in {row.id for row in compensations_of(page.card.id)} or wanted is None:
        raise NotFound
    say_where(compensation_id=wanted, member=me, send_to=request.POST.get("send_to", "")[:400])
    messages.success(request, gettext("Thank you. The shop sees it until it has paid."))


def _customs(request: HttpRequest, page: OrderPage, me: Member, now: datetime) -> None:
    if request.POST.get("customs_agreed") != "on":
        raise NameForCustoms(field="customs_name")
    customs.declare(order_id=page.card.id, member=me, name=request.POST.get("customs_name", ""), now=now)
    messages.success(request, gettext("Saved. The parcel may go to customs under this name."))


VERBS = {
    "cancel": _cancel,
    "call_off": _call_off,
    "received": _received,
    "kept": _kept,
    "withdraw": _withdraw,
    "sent_back": _sent_back,
    "where": _where,
    "solved": _solved,
    "customs": _customs,
}


def _line_in(request: HttpRequest, page: OrderPage) -> LineRow:
    wanted = id_in(request.POST.get("line"))
    line = next((line for line in page.lines if line.id == wanted), None)
    if line is None:
        raise NotFound
    return line


def _parcels(page: OrderPage, standing: words.Standing) -> list[ParcelRow]:
    """The parcels of a delivery once the first has left; for whoever may read the address."""
    gone = standing.progress is not None and standing.progress.state in ("partly", "shipped", "handed_over")
    return parcels_of(page.card.id) if gone and not standing.is_pickup else []


def _may_claim(page: OrderPage, line: LineRow, claim: ClaimRow | None, now: datetime) -> bool:
    if claim is not None and claim.state == ClaimState.OPEN:
        return False
    facts = aftersales.LineFacts(
        is_paid=page.card.paid_at is not None and page.card.state != OrderState.CANCELLED,
        is_settled=line.returned_at is not None or line.dropped_at is not None or line.is_refunded,
        received_at=line.received_at,
        claim_closes_at=line.claim_closes_at,
        return_closes_at=line.return_closes_at,
    )
    return aftersales.may_ask(facts, reason=ClaimReason.OTHER, now=now)


def _is_over(line: LineRow, now: datetime) -> bool:
    ends = [end for end in (line.claim_closes_at, line.return_closes_at) if end is not None]
    return bool(ends) and max(ends) <= now


def _may_call_off(page: OrderPage, standing: words.Standing, team: TeamPage | None) -> bool:
    """Whether the page offers to call off; the service has the last word."""
    if not page.is_mine or page.card.state != OrderState.PAID:
        return False
    if team is not None:
        return team.mine is not None and team.mine.order_id == page.card.id and team.mine.leaving == "refund"
    if page.card.waits_for.startswith(f"{CHAIN}:") and page.card.released_at is not None:
        return False  # the list is closed: a person decides
    return standing.progress is None or standing.progress.state == "waiting"


def _sums(page: OrderPage) -> list[tuple[str, Money, str]]:
    rows = [(gettext("Goods at list price"), page.goods, "")]
    rows += [(label_of(step), step.amount, "") for step in page.steps]
    if page.paid_ahead.minor:
        rows += [
            (gettext("Price"), page.card.amount, "sum"),
            (gettext("Deposit, paid already"), Money(0) - page.paid_ahead, ""),
        ]
        return [
            *rows,
            (gettext("Balance, paid") if page.card.paid_at else gettext("Still to pay"), page.to_pay, "total"),
        ]
    return [*rows, (gettext("Paid") if page.card.paid_at else gettext("To pay"), page.card.amount, "total")]


def _paid_by(page: OrderPage) -> str:
    found = of_payable("order", page.card.id)
    return next((one.provider for one in found if one.state == PaymentState.CAPTURED and not one.surplus), "")
