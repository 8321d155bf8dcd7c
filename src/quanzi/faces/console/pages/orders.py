"""Orders: lists by what is to be done, and one order with everything that happened to it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from quanzi.faces.console.doors import door, operator_of
from quanzi.faces.console.drawing.relation import with_query
from quanzi.faces.console.parsing import Sent, key_in
from quanzi.faces.console.reading.actors import actor_names
from quanzi.faces.console.reading.money import paid_ahead
from quanzi.faces.console.reading.orders import COUNTED, GROUPS, OrderRow, group_counts, order_rows
from quanzi.faces.console.viewing import show
from quanzi.faces.console.words import reason
from quanzi.faces.ui.environment import language
from quanzi.faces.ui.waiting import waiting_words
from quanzi.kernel.ids import new_token
from quanzi.kernel.money import Money
from quanzi.people.accounts.policies import can
from quanzi.people.approvals.queries import waiting_of
from quanzi.trade.aftersales.models import CompensationReason
from quanzi.trade.aftersales.queries import compensations_of, of_lines
from quanzi.trade.aftersales.queries.holding import money_behind
from quanzi.trade.fulfilment import carriers
from quanzi.trade.fulfilment.models import FulfilmentState
from quanzi.trade.fulfilment.queries import Progress, progress
from quanzi.trade.fulfilment.queries.parcels import left_to_pack, parcels_of
from quanzi.trade.fulfilment.services.parcels import PACKABLE
from quanzi.trade.payments.queries import of_payable
from quanzi.trade.sales.models import DeliveryMethod, OrderState
from quanzi.trade.sales.queries import OrderPage, order_page

PAGE = 50
NAMES = {
    "all": gettext_lazy("All"),
    "prepare": gettext_lazy("To prepare"),
    "ready": gettext_lazy("Ready"),
    "team": gettext_lazy("Not to be prepared yet"),
    "unpaid": gettext_lazy("Unpaid"),
    "under_way": gettext_lazy("Under way"),
    "received": gettext_lazy("Received"),
    "ended": gettext_lazy("Cancelled or refunded"),
}
TONES = {
    "placed": "",
    "paid": "accent",
    "handed_over": "gold",
    "received": "pine",
    "completed": "pine",
    "cancelled": "",
    "refunded": "danger",
}


@door("orders.view")
def orders(request: HttpRequest) -> HttpResponse:
    """Orders of a group, with a batch act where one makes sense."""
    group = request.GET.get("show", "all")
    group = group if group in GROUPS else "all"
    words = request.GET.get("words", "").replace("\x00", "").strip()[:60]
    member_id = key_in(request.GET.get("member"))
    rows = order_rows(
        viewer=operator_of(request),
        group=group,
        words=words,
        member_id=member_id,
        before_id=key_in(request.GET.get("before")),
        limit=PAGE + 1,
    )
    counts, here = group_counts(), reverse("console:orders")
    chips = [
        (f"{label} {counts[name]}" if name in COUNTED and counts[name] else label,
         with_query(here, show=name if name != "all" else "", words=words, member=member_id), name == group)
        for name, label in NAMES.items()
    ]  # fmt: skip
    more = (
        with_query(here, show=group, words=words, member=member_id, before=rows[PAGE - 1].card.id)
        if len(rows) > PAGE
        else None
    )
    context: dict[str, Any] = {
        "here": "orders",
        "crumbs": [(gettext("Trade"), None), (gettext("Orders and care"), None)],
        "group": group,
        "group_name": NAMES[group],
        "words": words,
        "chips": chips,
        "rows": [_row(row) for row in rows[:PAGE]],
        "next": more,
        "member_id": member_id,
        "may_send": can(operator_of(request), "orders.handle"),
        "may_batch": group in ("prepare", "ready") and can(operator_of(request), "orders.handle"),
    }
    return show(request, "orders.html", context)


def _row(row: OrderRow) -> dict[str, Any]:
    label, tone = standing(row.card.state, row.fulfilment, is_waiting=row.card.is_waiting, waits_for=row.card.waits_for)
    titles = [line.title for line in row.card.lines]
    return {
        "row": row, "card": row.card, "label": label, "tone": tone, "href": reverse("console:order", args=[row.card.number]),
        "goods": titles[0] if titles else "", "more": max(0, len(titles) - 1), "units": sum(line.quantity for line in row.card.lines),
        "is_replay": row.card.origin == "replay",
    }  # fmt: skip


def standing(state: str, fulfilment: str, *, is_waiting: bool = False, waits_for: str = "") -> tuple[str, str]:
    """Where an order stands, in words and colour; while it is paid, what happens to its goods says more."""
    if state == OrderState.PAID and is_waiting:
        return waiting_words(waits_for), ""
    if state == OrderState.PAID and fulfilment:
        return str(FulfilmentState(fulfilment).label), "accent"
    if state == OrderState.HANDED_OVER and fulfilment == FulfilmentState.SHIPPED:
        return str(FulfilmentState.SHIPPED.label), "gold"
    return str(OrderState(state).label), TONES[state]


@door("orders.view")
def order(request: HttpRequest, number: str) -> HttpResponse:
    """One order."""
    return show_order(request, number)


def show_order(
    request: HttpRequest, number: str, *, sent: Sent | None = None, problems: Sent | None = None, status: int = 200
) -> HttpResponse:
    """The page of an order; after a refused form with what was typed and what was wrong with it."""
    me = operator_of(request)
    page = order_page(number, me)
    far = progress(order_id=page.card.id)
    names = actor_names([move.actor for move in page.moves] + [refund.actor for refund in page.refunds])
    label, tone = standing(page.card.state, far.state if far else "", is_waiting=page.card.is_waiting)
    context: dict[str, Any] = {
        "here": "orders",
        "crumbs": [(gettext("Orders"), reverse("console:orders")), (number, None)],
        "order": page,
        "card": page.card,
        "label": label,
        "tone": tone,
        "far": far,
        "compensations": compensations_of(page.card.id),
        "compensation_reasons": [(str(value), label) for value, label in CompensationReason.choices],
        "claims": of_lines([line.id for line in page.lines]),
        "payments": [*(paid_ahead(page.card.id) if page.paid_ahead.minor else ()), *of_payable("order", page.card.id)],
        "moves": [
            {"title": OrderState(move.after).label, "at": move.moved_at, "cause": reason(move.cause), "who": names[move.actor]}
            for move in reversed(page.moves)
        ],
        "asked": waiting_of(f"order:{page.card.id}") if can(me, "orders.refund") else [],
        "refunds": [{"refund": one, "reason": reason(one.reason), "who": names[one.actor]} for one in page.refunds],
        "sums": price_steps(page),
        "team_code": page.card.waits_for.partition(":")[2] if page.card.waits_for.startswith("team:") else "",
        "may_print": far is not None and far.state != FulfilmentState.CANCELLED and can(me, "orders.handle"),
        "can_do": possible_acts(page, far, handle=can(me, "orders.handle"), refund=can(me, "orders.refund")),
        "ended_because": reason(page.card.end_reason),
        "parcels": parcels_of(page.card.id, with_unpacked=True) if far and page.card.method == DeliveryMethod.DELIVERY else [],
        "left": _left(page) if far and far.state in PACKABLE and can(me, "orders.handle") else [],
        "services": carriers.offered(),
        "comes_with_it": _comes_with_it(page),
        "key": (sent or Sent())["key"] or new_token(),
        "sent": sent or Sent(),
        "problems": problems or Sent(),
    }  # fmt: skip
    return show(request, "order.html", context, status=status)


def _comes_with_it(page: OrderPage) -> Money | None:
    """What was paid for the goods before, and goes back with the whole of an order over a difference."""
    if not page.card.waits_for.startswith("exchange:"):
        return None
    left = sum(one.left_minor for line in page.lines for one in money_behind(line.id))
    return Money(left, page.card.amount.currency) if left else None


def _left(page: OrderPage) -> list[tuple[int, str, int]]:
    """Lines that can be packed now, with how many of each."""
    units = left_to_pack(page.card.id)
    return [(line.id, line.title, units[line.id]) for line in page.lines if line.id in units]


def price_steps(page: OrderPage) -> list[tuple[str, Any, str]]:
    """Lines of `ui.build_up`, from list price to what is paid."""
    is_zh = language().startswith("zh")
    listed = sum(line.list_price.minor * line.quantity for line in page.lines)
    steps: list[tuple[str, Any, str]] = [(gettext("Goods at list price"), listed, "")]
    for step in page.steps:
        if step.amount.minor and step.kind not in ("list", "goods"):
            steps.append((step.label_zh if is_zh else step.label_en or step.label_zh, step.amount, ""))
    steps.append((gettext("To pay") if page.card.paid_at is None else gettext("Paid"), page.card.amount, "total"))
    return steps


def possible_acts(page: OrderPage, far: Progress | None, *, handle: bool, refund: bool) -> dict[str, bool]:
    """What this person may do with the order as it stands now; the services have the last word."""
    state, is_pickup = page.card.state, page.card.method == DeliveryMethod.PICKUP
    goods = far.state if far else ""
    is_left = page.card.refunded is not None and page.card.amount.minor > page.card.refunded.minor
    paid = state not in (OrderState.PLACED, OrderState.CANCELLED)
    return {
        "ready": handle and is_pickup and goods == FulfilmentState.WAITING,
        "ship": handle and not is_pickup and goods in (FulfilmentState.WAITING, FulfilmentState.READY),
        "hand_over": handle and is_pickup and goods == FulfilmentState.READY,
        "receive_money": handle and state == OrderState.PLACED,
        "cancel": handle and state == OrderState.PLACED,
        "refund": refund and paid and is_left,
        "compensate": refund and paid,
    }
