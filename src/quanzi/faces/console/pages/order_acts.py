"""What the staff does with orders: prepare, ship, hand over, take money, cancel, refund."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.base.audit import services as audit
from quanzi.faces.console.doors import WRITE, door, operator_of
from quanzi.faces.console.pages.orders import show_order
from quanzi.faces.console.parsing import Reader, Sent, keys_in, problems_of
from quanzi.faces.console.reading.orders import order_by_number
from quanzi.faces.console.viewing import refusal_words, show
from quanzi.faces.ui.environment import problem
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.kernel.words import N_
from quanzi.people.accounts.models import Member
from quanzi.people.approvals.models import Approval
from quanzi.trade.fulfilment import services as fulfilment
from quanzi.trade.fulfilment.models import Fulfilment
from quanzi.trade.payments import services as payments
from quanzi.trade.payments.queries import of_payable
from quanzi.trade.payments.states import PaymentState
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.errors import NoSuchLine
from quanzi.trade.sales.models import Order, OrderLine

BATCH = 100
DONE = N_("Refunded. The books show it as a booking of its own.")
WAITS = N_("This is above the limit for one person. It waits for a second one, under Approvals.")


def order_or_404(number: str) -> Order:
    found = order_by_number(number)
    if found is None:
        raise NotFound()
    return found


def fulfilment_id_of(found: Order) -> int:
    key = Fulfilment.objects.filter(order=found).values_list("pk", flat=True).first()
    if key is None:
        raise NotFound()
    return key


def acted(
    request: HttpRequest,
    found: Order,
    act: Callable[[], object],
    *,
    said: str | list[str],
    action: str = "",
    after: dict[str, Any] | None = None,
    is_whole: bool = True,
) -> HttpResponse:
    """Do one act of an order; a refusal comes back on the order's page with what was typed.

    said: what to tell, or where the act notes it (English). action: the audit row for acts whose service writes none.
    is_whole: act and row stand or fall together; not for an act that keeps something of its refusal.
    """
    try:
        with transaction.atomic() if is_whole else nullcontext():
            act()
            if action:
                audit.write(
                    actor=operator_of(request), action=action, target=f"order:{found.pk}", after=after, now=clock.now()
                )
    except DomainError as refused:
        messages.error(request, refusal_words(refused))
        sent = Sent(request.POST.dict())
        return show_order(request, found.number, sent=sent, problems=problems_of(refused), status=refused.status)
    messages.success(request, said if isinstance(said, str) else gettext(said[-1]))
    return redirect("console:order", number=found.number)


@door("orders.handle", WRITE)
def make_ready(request: HttpRequest, number: str) -> HttpResponse:
    """The goods wait at their pickup point; the buyer gets a code."""
    found, actor = order_or_404(number), f"staff:{operator_of(request).pk}"
    return acted(
        request, found,
        lambda: fulfilment.make_ready(fulfilment_id=fulfilment_id_of(found), actor=actor, now=clock.now()),
        said=gettext("Ready. The buyer has the pickup code now."), action="order.ready",
    )  # fmt: skip


@door("orders.handle", WRITE)
def make_many_ready(request: HttpRequest) -> HttpResponse:
    """The picked orders, each on its own: what one of them is refused for does not stop the others."""
    me, now = operator_of(request), clock.now()
    wanted = keys_in(request.POST.getlist("row"), most=BATCH)
    rows = Fulfilment.objects.select_related("order__member").filter(order_id__in=wanted).order_by("pk")
    results = [_ready_one(row, me) for row in rows]
    context = {
        "here": "orders",
        "crumbs": [(gettext("Orders"), reverse("console:orders")), (gettext("Prepared"), None)],
        "now": now,
        "results": results,
        "done": sum(not one["problem"] for one in results),
        "back": reverse("console:orders") + "?show=prepare",
    }
    return show(request, "batch.html", context)


def _ready_one(row: Fulfilment, me: Member) -> dict[str, str]:
    now, refusal = clock.now(), ""
    try:
        with transaction.atomic():
            fulfilment.make_ready(fulfilment_id=row.pk, actor=f"staff:{me.pk}", now=now)
            audit.write(actor=me, action="order.ready", target=f"order:{row.order_id}", now=now)
    except DomainError as refused:
        refusal = problem(refused)
    number = row.order.number
    return {
        "name": number,
        "second": row.order.member.name,
        "href": reverse("console:order", args=[number]),
        "problem": refusal,
    }


@door("orders.handle", WRITE)
def ship(request: HttpRequest, number: str) -> HttpResponse:
    """A carrier takes the goods."""
    found = order_or_404(number)
    carrier, tracking = request.POST.get("carrier", ""), request.POST.get("tracking", "")
    return acted(
        request, found,
        lambda: fulfilment.ship(
            fulfilment_id=fulfilment_id_of(found), actor_member=operator_of(request), carrier=carrier, tracking=tracking, now=clock.now()
        ),
        said=gettext("Shipped. The buyer was told."), action="order.ship", after={"carrier": carrier[:40]},
    )  # fmt: skip


@door("orders.handle", WRITE)
def hand_over(request: HttpRequest, number: str) -> HttpResponse:
    """The buyer is here and says the code."""
    found, code = order_or_404(number), request.POST.get("code", "")
    return acted(
        request, found,
        lambda: fulfilment.hand_over(
            fulfilment_id=fulfilment_id_of(found), actor_member=operator_of(request), code=code, now=clock.now()
        ),
        said=gettext("Handed over and received."), action="order.hand_over", is_whole=False,
    )  # fmt: skip


@door("orders.handle", WRITE, recent=True)
def receive_money(request: HttpRequest, number: str) -> HttpResponse:
    """Cash or a transfer came in. One that the buyer announced is confirmed, else one is written down."""
    found, actor, now = order_or_404(number), f"staff:{operator_of(request).pk}", clock.now()
    reader = Reader(request.POST)
    reference, key = reader.text("reference", most=60, needed=False), reader.text("key", most=60)

    def act() -> None:
        reader.check()
        waiting = [
            row
            for row in of_payable("order", found.pk)
            if row.provider == "offline" and row.state == PaymentState.CREATED
        ]
        if waiting:
            payments.capture_offline(payment_id=waiting[-1].pk, reference=reference, actor=actor, now=now)
            return
        payments.pay_offline(
            payable_kind="order", payable_id=found.pk, member_id=found.member_id, reference=reference, actor=actor,
            idempotency_key=f"console:{key}", now=now,
        )  # fmt: skip

    return acted(request, found, act, said=gettext("The money is in the books, and the order is paid."))


@door("orders.handle", WRITE)
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """End an unpaid order; its goods go back on sale."""
    found, actor = order_or_404(number), f"staff:{operator_of(request).pk}"
    reader = Reader(request.POST)
    why = reader.text("reason", most=60)

    def act() -> None:
        reader.check()
        sales.cancel_order(order_id=found.pk, actor=actor, reason=why, now=clock.now())

    return acted(
        request,
        found,
        act,
        said=gettext("Cancelled. Nothing was charged."),
        action="order.cancel",
        after={"reason": why},
    )


@door("orders.refund", WRITE, recent=True)
def refund(request: HttpRequest, number: str) -> HttpResponse:
    """Give money back: for one line or, without a line, for the whole order with its freight; above a limit, ask for it."""
    found, me, said = order_or_404(number), operator_of(request), list[str]()
    reader = Reader(request.POST)
    why, key = reader.text("reason", most=80), reader.text("key", most=60)
    line_text, goods_back = request.POST.get("line", ""), reader.ticked("goods_back")
    # An empty field means all that is left; a typed zero is refused by the service.
    amount = reader.amount("amount") if request.POST.get("amount", "").strip() else None

    def act() -> None:
        reader.check()
        done = sales.refund_or_ask(
            order_id=found.pk, line_id=line_of(found, line_text) if line_text else None, amount_minor=amount, reason=why,
            goods_back=goods_back, staff=me, idempotency_key=f"console:{key}", now=clock.now(),
        )  # fmt: skip
        said.append(WAITS if isinstance(done, Approval) else DONE)

    return acted(request, found, act, said=said)


def line_of(found: Order, text: str) -> int:
    """A line of this order, whatever the form says; NoSuchLine for another one's."""
    ids = keys_in([text])
    if not ids or not OrderLine.objects.filter(pk=ids[0], order=found).exists():
        raise NoSuchLine()
    return ids[0]
