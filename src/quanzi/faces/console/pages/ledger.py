"""Money: the journal with its chain, balances, one order's way through the books, and cases for a person."""

from __future__ import annotations

import time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.base.ledger import queries as ledger
from quanzi.base.ledger.chart import ESCROW_BUYERS
from quanzi.faces.console import words
from quanzi.faces.console.doors import WRITE, door, operator_of
from quanzi.faces.console.drawing.journal import account_sums, journal_rows, way_of_money
from quanzi.faces.console.drawing.relation import with_query
from quanzi.faces.console.pages.order_acts import order_or_404
from quanzi.faces.console.parsing import Reader, key_in
from quanzi.faces.console.reading.checkups import newest
from quanzi.faces.console.reading.money import failed_refunds, open_cases, paid_ahead, refunds_by_hand
from quanzi.faces.console.viewing import attempt, show
from quanzi.kernel import clock
from quanzi.kernel.errors import NotAllowed
from quanzi.trade.payments import services as payments
from quanzi.trade.payments.policies import may_resolve_case
from quanzi.trade.payments.queries import of_payable
from quanzi.trade.payments.services.refunds import LONGEST_REFERENCE
from quanzi.trade.sales.models import OrderLine

PAGE = 40


@door("money.view")
def journal(request: HttpRequest) -> HttpResponse:
    """Bookings, newest first; the chain stands at their right edge."""
    account = request.GET.get("account", "")[:100].replace("\x00", "")
    kind = request.GET.get("kind", "")[:60].replace("\x00", "")
    rows = ledger.journal(before_id=key_in(request.GET.get("before")), limit=PAGE + 1, account_code=account, kind=kind)
    balances = ledger.balances()
    here = reverse("console:ledger")
    context: dict[str, Any] = {
        "here": "ledger",
        "crumbs": [(gettext("Money"), None), (gettext("Ledger"), None)],
        "title": words.account(account)
        if account
        else words.booking(kind, reverses=False)[1]
        if kind
        else gettext("Ledger"),
        "filtered": bool(account or kind),
        "rows": journal_rows(rows[:PAGE]),
        "next": with_query(here, account=account, kind=kind, before=rows[PAGE - 1].id) if len(rows) > PAGE else None,
        "balances": [
            {"code": code, "name": words.account(code), "amount": amount, "href": with_query(here, account=code)}
            for code, amount in balances.items()
        ],
        "escrow": balances.get(ESCROW_BUYERS),
        "chain": chain_state(),
    }
    return show(request, "ledger.html", context)


def chain_state() -> dict[str, Any]:
    """What the last check said about the books' rules, for the panel beside the journal."""
    found = newest()
    broken = [
        one
        for one in (found.results if found else [])
        if one["id"].startswith("L") and (one["violations"] or one["error"])
    ]
    last = ledger.journal(limit=1)
    return {
        "checkup": found,
        "broken": bool(broken),
        "seq": last[0].seq if last else None,
        "hash": last[0].hash if last else "",
    }


@door("money.view", WRITE)
def verify_chain(request: HttpRequest) -> HttpResponse:
    """Recompute every fingerprint now. It reads the whole ledger, so it is an act and not part of the page."""
    started = time.monotonic()
    broken_at = ledger.verify_chain()
    seconds = time.monotonic() - started
    last = ledger.journal(limit=1)
    if broken_at is None:
        said = gettext("Every booking up to number %(n)s was recomputed in %(seconds)s seconds and agrees.")
        messages.success(request, said % {"n": (last[0].seq or 0) if last else 0, "seconds": f"{seconds:.1f}"})
    else:
        said = gettext(
            "The chain is broken at number %(n)s: this booking or one before it was changed after it was written."
        )
        messages.error(request, said % {"n": broken_at})
    return redirect("console:ledger")


@door("money.view")
def order_money(request: HttpRequest, number: str) -> HttpResponse:
    """Where one order's money went, booking by booking."""
    found = order_or_404(number)
    tries = [*paid_ahead(found.pk), *of_payable("order", found.pk)]
    lines = OrderLine.objects.filter(order=found).values_list("pk", flat=True)
    refs = [f"order:{found.pk}", *(f"payment:{one.pk}" for one in tries), *(f"order_line:{pk}" for pk in lines)]
    rows = list(reversed(ledger.journal(refs=refs, limit=200)))
    sums = account_sums(rows)
    context: dict[str, Any] = {
        "here": "ledger",
        "crumbs": [(gettext("Ledger"), reverse("console:ledger")), (number, None)],
        "order": found,
        "rows": journal_rows(rows),
        "way": way_of_money(rows),
        "sums": sums,
        "debit": sum(one["debit"] for one in sums),
        "credit": sum(one["credit"] for one in sums),
        "payments": tries,
        "chain": chain_state(),
    }
    return show(request, "ledger_order.html", context)


@door("orders.refund")
def cases(request: HttpRequest) -> HttpResponse:
    """Messages of a provider that fit nothing, refunds it refused, and those that somebody pays by hand."""
    context: dict[str, Any] = {
        "here": "ledger",
        "crumbs": [(gettext("Money"), None), (gettext("For a person to decide"), None)],
        "cases": open_cases(),
        "refunds": failed_refunds(),
        "by_hand": refunds_by_hand(),
        "may_resolve": may_resolve_case(operator_of(request)),
    }
    return show(request, "cases.html", context)


@door("orders.refund", WRITE, recent=True)
def resolve_case(request: HttpRequest, case_id: int) -> HttpResponse:
    """A person has dealt with it, and says how."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    if not may_resolve_case(me):
        raise NotAllowed()
    how = reader.text("resolution", most=150)

    def act() -> None:
        reader.check()
        payments.resolve_case(notification_id=case_id, resolution=how, actor=f"staff:{me.pk}", now=now)

    return attempt(
        request, act, said=gettext("Closed. What was done stands with the message."), back=reverse("console:cases"),
        action="payments.resolve_case", target=f"notification:{case_id}", after={"resolution": how}, now=now,
    )  # fmt: skip


@door("orders.refund", WRITE, recent=True)
def note_paid_back(request: HttpRequest, refund_id: int) -> HttpResponse:
    """Somebody has paid a refund in cash or by transfer, and writes down how."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    reference = reader.text("reference", most=LONGEST_REFERENCE)

    def act() -> None:
        reader.check()
        payments.note_paid_back(refund_id=refund_id, reference=reference, actor=f"staff:{me.pk}", now=now)

    said = gettext("Written down; the buyer is told.")
    return attempt(request, act, said=said, back=reverse("console:cases"), now=now)


@door("orders.refund", WRITE, recent=True)
def send_refund_again(request: HttpRequest, refund_id: int) -> HttpResponse:
    """A refund that the provider refused for good is sent once more, under a new number."""
    me, now = operator_of(request), clock.now()
    return attempt(
        request, lambda: payments.send_again(refund_id=refund_id, actor=f"staff:{me.pk}", now=now),
        said=gettext("It is on its way again."), back=reverse("console:cases"), now=now,
    )  # fmt: skip
