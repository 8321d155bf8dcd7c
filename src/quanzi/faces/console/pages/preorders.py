"""Preorders: planning a batch, watching who takes part, and the acts along its way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_lazy

from quanzi.faces.console.doors import FORM, WRITE, door, operator_of
from quanzi.faces.console.drawing.relation import with_query
from quanzi.faces.console.parsing import Reader, Sent, key_in, problems_of, typed
from quanzi.faces.console.viewing import attempt, show
from quanzi.faces.ui import formats
from quanzi.goods.catalogue.models import Sku
from quanzi.goods.catalogue.rules import variant_title
from quanzi.kernel import clock
from quanzi.kernel.clock import SITE_ZONE, local
from quanzi.kernel.errors import DomainError, InvalidInput
from quanzi.kernel.ids import new_token
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can
from quanzi.trade.payments.errors import NoSuchPayment
from quanzi.trade.payments.queries import of_payable
from quanzi.trade.payments.services import capture_offline
from quanzi.trade.payments.states import PaymentState
from quanzi.trade.preorders import queries, services
from quanzi.trade.preorders.asking import call_off_or_ask
from quanzi.trade.preorders.models import PlaceState
from quanzi.trade.preorders.queries import PreorderCard
from quanzi.trade.preorders.rules import DEPOSIT
from quanzi.trade.preorders.services import GoodPlan

PAGE, SKUS, ROWS = 50, 500, 4
STANDINGS = {
    "open": (gettext_lazy("Taking deposits"), "accent"),
    "made": (gettext_lazy("The batch is made"), "pine"),
    "done": (gettext_lazy("Everything is on its way"), "pine"),
    "missed": (gettext_lazy("Too few took part"), ""),
    "called_off": (gettext_lazy("Called off"), ""),
}


@door("orders.view")
def preorders(request: HttpRequest) -> HttpResponse:
    """Every batch, newest first."""
    rows = queries.all_cards(now=clock.now(), before_id=key_in(request.GET.get("before")), limit=PAGE + 1)
    context: dict[str, Any] = {
        "here": "preorders",
        "crumbs": [(gettext("Trade"), None), (gettext("Preorders"), None)],
        "rows": [(row, STANDINGS[row.state]) for row in rows[:PAGE]],
        "next": with_query(request.path, before=rows[PAGE - 1].id) if len(rows) > PAGE else None,
        "may_plan": can(operator_of(request), "goods.edit"),
    }
    return show(request, "preorders.html", context)


@door("orders.view")
def preorder(request: HttpRequest, preorder_id: int) -> HttpResponse:
    """One batch: its numbers, its money, who takes part, what can be done now."""
    return _show(request, preorder_id)


def _show(request: HttpRequest, preorder_id: int, refusal: DomainError | None = None) -> HttpResponse:
    now, who = clock.now(), operator_of(request)
    card = queries.card_of(preorder_id=preorder_id, now=now)
    places = queries.places_of(preorder_id=preorder_id, before_id=key_in(request.GET.get("before")), limit=PAGE + 1)
    context: dict[str, Any] = {
        "here": "preorders",
        "crumbs": [(gettext("Preorders"), reverse("console:preorders")), (card.title, None)],
        "card": card,
        "standing": STANDINGS[card.state],
        "sums": queries.watch_sums(preorder_id=preorder_id),
        "places": places[:PAGE],
        "states": dict(PlaceState.choices),
        "said": {
            "yes": gettext("agreed"), "no": gettext("refused the date"), "silent": gettext("no answer"), "asked": gettext("is asked"), "": "–",
        },
        "items": _items(card),
        "terms": _terms(card),
        "goods": [(good.sku_id, good.title) for good in card.goods],
        "new_key": new_token(),
        "may_see_members": can(who, "members.view"),
        "next": with_query(request.path, before=places[PAGE - 1].id) if len(places) > PAGE else None,
        "may_plan": can(who, "goods.edit"),
        "may_take": can(who, "orders.handle"),
        "sent": Sent(request.POST.dict()),
        "problems": problems_of(refusal),
    }  # fmt: skip
    return show(request, "preorder.html", context, status=refusal.status if refusal else 200)


def _terms(card: PreorderCard) -> list[tuple[str, str]]:
    """Name and value, for `ui.facts`."""
    lang = get_language() or "zh"
    rows = [(good.title, f"{good.price} · {gettext('deposit')} {good.deposit}") for good in card.goods]
    clock_of = partial(formats.clock, now=clock.now(), lang=lang, always_time=True)
    rows += [(gettext("Deposits from"), clock_of(card.opens_at)), (gettext("Deposits until"), clock_of(card.closes_at))]
    rows += [
        (gettext("Days for the balance"), str(card.balance_days)),
        (gettext("Leaves by"), formats.day(card.promised_on, now=clock.now(), lang=lang)),
    ]
    return rows


ICONS = {
    "opened": "sprout", "reached": "check", "made": "factory", "news": "megaphone", "date": "calendar-days", "balance": "wallet",
    "done": "truck", "missed": "clock", "called_off": "circle-x", "closes": "hourglass", "promised": "truck",
}  # fmt: skip
WORDS = {
    "opened": gettext_lazy("Deposits are taken"), "reached": gettext_lazy("Enough take part"), "made": gettext_lazy("The batch is made"),
    "date": gettext_lazy("Another date was asked about"), "balance": gettext_lazy("The balance can be paid"),
    "done": gettext_lazy("Everything is on its way"), "missed": gettext_lazy("Too few took part; all deposits went back"),
    "called_off": gettext_lazy("Called off; all the money went back"), "closes": gettext_lazy("Decided: made, or all deposits return"),
    "promised": gettext_lazy("Leaves the shop by then"),
}  # fmt: skip


def _items(card: PreorderCard) -> list[dict[str, Any]]:
    """Rows of `ui.timeline`."""
    return [
        {
            "day": f"{on.month}/{on.day}" if (on := local(row.at).date() if row.at else row.on) else "",
            "icon": ICONS[row.kind],
            "title": row.text if row.kind == "news" else WORDS[row.kind],
            "second": row.text if row.kind != "news" else "",
            "time": f"{local(row.at):%H:%M}" if row.at else "",
            "tone": "pine" if row.is_done else "plan",
        }
        for row in queries.timeline(card)
    ]


@door("goods.edit", WRITE)
def act(request: HttpRequest, preorder_id: int) -> HttpResponse:
    """One verb each: make the batch, ask for the balance, tell news, ask about a date, the batch is here, call it off."""
    verb = request.POST.get("act", "")
    if verb not in VERBS:
        return redirect("console:preorder", preorder_id=preorder_id)
    try:
        said = VERBS[verb](Reader(request.POST), preorder_id, operator_of(request), clock.now())
    except DomainError as refusal:
        return _show(request, preorder_id, refusal)
    messages.success(request, said)
    return redirect("console:preorder", preorder_id=preorder_id)


def _make(reader: Reader, preorder_id: int, who: Member, now: datetime) -> str:
    services.make_batch(preorder_id=preorder_id, actor=who, now=now)
    return gettext("The batch is made. What is needed stands under purchases.")


def _ask_balance(reader: Reader, preorder_id: int, who: Member, now: datetime) -> str:
    services.ask_balance(preorder_id=preorder_id, actor=who, now=now)
    return gettext("Everybody with a place is told that the balance can be paid.")


def _tell(reader: Reader, preorder_id: int, who: Member, now: datetime) -> str:
    text = reader.text("text", most=300)
    reader.check()
    services.tell_news(preorder_id=preorder_id, text=text, actor=who, now=now)
    return gettext("Told.")


def _ask_date(reader: Reader, preorder_id: int, who: Member, now: datetime) -> str:
    after, reason = _needed(reader, "after"), reader.text("reason", most=200)
    reader.check()
    services.ask_date(preorder_id=preorder_id, after=after, reason=reason, actor=who, now=now)
    return gettext("Everybody with a place is asked. Who says no, or nothing for five days, gets everything back.")


def _needed(reader: Reader, field: str) -> date:
    """A day that must be there. Raises InvalidInput."""
    found = reader.day(field)
    if found is None:
        raise InvalidInput(field=field)
    return found


def _receive(reader: Reader, preorder_id: int, who: Member, now: datetime) -> str:
    sku_id, quantity = reader.whole("sku", least=1), reader.whole("quantity", least=1, most=100_000)
    reader.check()
    services.receive_batch(
        preorder_id=preorder_id, sku_id=sku_id, quantity=quantity, idempotency_key=reader.text("key", most=40), actor=who,
        now=now,
    )  # fmt: skip
    return gettext("On the shelf. Whoever has paid in full is served first, in the order of payment.")


def _call_off(reader: Reader, preorder_id: int, who: Member, now: datetime) -> str:
    reason = reader.text("why", most=200)
    reader.check()
    key = reader.text("key", most=60)
    if call_off_or_ask(preorder_id=preorder_id, reason=reason, staff=who, idempotency_key=key, now=now) is not None:
        return gettext(
            "More money than one person may give back: a second person is asked. The batch goes on until then."
        )
    return gettext("Called off. All the money is on its way back.")


VERBS: dict[str, Callable[[Reader, int, Member, datetime], str]] = {
    "make": _make, "ask_balance": _ask_balance, "tell": _tell, "ask_date": _ask_date, "receive": _receive,
    "call_off": _call_off,
}  # fmt: skip


@door("orders.handle", WRITE)
def deposit_paid(request: HttpRequest, preorder_id: int) -> HttpResponse:
    """Cash or a bank transfer for a deposit is here."""
    now, who = clock.now(), operator_of(request)
    place_id = key_in(request.POST.get("place")) or 0

    def act() -> None:
        waiting = [one for one in of_payable(DEPOSIT, place_id) if one.state == PaymentState.CREATED]
        by_hand = next((one for one in waiting if one.provider == "offline"), None)
        if by_hand is None:
            raise NoSuchPayment()
        capture_offline(
            payment_id=by_hand.pk, reference=request.POST.get("reference", ""), actor=f"staff:{who.pk}", now=now
        )

    back = reverse("console:preorder", args=[preorder_id])
    return attempt(request, act, said=[gettext("Written down: the deposit is here.")], back=back, now=now)


@door("goods.edit", FORM)
def new_preorder(request: HttpRequest) -> HttpResponse:
    """Plan a batch: the product’s variants, the numbers, the days."""
    if request.method != "POST":
        return _form(request, _usual(request), None)
    reader = Reader(request.POST)
    try:
        terms: dict[str, Any] = {
            "title": reader.text("title", most=40),
            "story": reader.text("story", most=400, needed=False),
            "threshold": reader.whole("threshold", least=1, most=100_000),
            "most": reader.whole("most", least=1, most=100_000),
            "limit_each": reader.whole("limit_each", least=1, most=99),
            "balance_days": reader.whole("balance_days", least=1, most=60),
            "opens_at": reader.moment("opens_at"),
            "closes_at": reader.moment("closes_at"),
            "promised_on": _needed(reader, "promised_on"),
        }
        goods = [
            GoodPlan(key_in(request.POST[f"sku_{n}"]) or 0, reader.amount(f"price_{n}"), reader.amount(f"deposit_{n}"))
            for n in range(ROWS)
            if request.POST.get(f"sku_{n}")
        ]
        reader.check()
        made = services.open_preorder(goods=goods, actor=operator_of(request), now=clock.now(), **terms)
    except DomainError as refusal:
        return _form(request, Sent(request.POST.dict()), refusal)
    messages.success(request, gettext("The preorder is planned. Its terms stay as they are."))
    return redirect("console:preorder", preorder_id=made.pk)


def _usual(request: HttpRequest) -> Sent:
    """From now for two weeks, a week for the balance, promised in six weeks."""
    now = local(clock.now())
    until = (now + timedelta(days=14)).replace(hour=20, minute=0, tzinfo=SITE_ZONE)
    return Sent(
        sku_0=request.GET.get("sku", ""), limit_each="2", balance_days="7", opens_at=typed(now),
        closes_at=typed(until), promised_on=f"{now + timedelta(days=42):%Y-%m-%d}",
    )  # fmt: skip


def _form(request: HttpRequest, sent: Sent, refusal: DomainError | None) -> HttpResponse:
    goods = Sku.objects.filter(is_active=True, product__state__in=["on_sale", "apart"]).select_related("product")
    context = {
        "here": "preorders",
        "crumbs": [(gettext("Preorders"), reverse("console:preorders")), (gettext("New preorder"), None)],
        "skus": [
            (sku.pk, f"{variant_title(sku.product.name, sku.options)} · {Money(sku.price_minor, sku.currency)}")
            for sku in goods.order_by("product__name", "position")[:SKUS]
        ],
        "rows": range(ROWS),
        "sent": sent,
        "problems": problems_of(refusal),
    }
    return show(request, "preorder_form.html", context, status=refusal.status if refusal else 200)
