"""Rounds: planning one, watching it, calling it off."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from quanzi.faces.console.doors import FORM, WRITE, door, operator_of, refused
from quanzi.faces.console.drawing.relation import with_query
from quanzi.faces.console.parsing import Reader, Sent, key_in, keys_in, problems_of, typed
from quanzi.faces.console.viewing import attempt, refusal_words, show
from quanzi.goods.catalogue.models import Sku, StorageCondition
from quanzi.goods.catalogue.rules import variant_title
from quanzi.goods.supply.queries import offer_rows, supplier_rows
from quanzi.kernel import clock
from quanzi.kernel.clock import midnight, today
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.kernel.ids import new_token
from quanzi.kernel.money import Money
from quanzi.people.accounts.policies import can
from quanzi.people.approvals.queries import limit_minor
from quanzi.people.approvals.rules import PAYOUT
from quanzi.trade.stations import queries, services
from quanzi.trade.stations.asking import call_off_or_ask, end_wait_or_ask, settle_or_ask
from quanzi.trade.stations.models import Round, RoundGood, Stop
from quanzi.trade.stations.services import GoodPlan

PAGE = 50
SKUS = 500
ROWS = 8
"""Kinds of goods that the form offers; a round of a larger shop is planned by a program."""

STANDINGS = {
    "open": (gettext_lazy("Taking orders"), "accent"),
    "later": (gettext_lazy("Opens later"), ""),
    "due": (gettext_lazy("Being cut off"), "accent"),
    "closed": (gettext_lazy("Cut off"), "pine"),
    "over": (gettext_lazy("Over"), ""),
    "cancelled": (gettext_lazy("Called off"), ""),
}


def standing(row: queries.RoundRow, now: datetime) -> str:
    if row.state == "open":
        return "later" if now < row.opens_at else "open" if now < row.cut_off_at else "due"
    return "over" if row.state == "closed" and row.pickup_until <= now else row.state


@door("orders.view")
def rounds(request: HttpRequest) -> HttpResponse:
    """Newest first, with how full each is and what waits to be decided about stations."""
    now, me = clock.now(), operator_of(request)
    rows = queries.round_rows(before_id=key_in(request.GET.get("before")), limit=PAGE + 1)
    context: dict[str, Any] = {
        "here": "rounds",
        "crumbs": [(gettext("Trade"), None), (gettext("Rounds"), None)],
        "fresh": len(queries.fresh_rows()),
        "rows": [(row, STANDINGS[standing(row, now)]) for row in rows[:PAGE]],
        "next": with_query(request.path, before=rows[PAGE - 1].id) if len(rows) > PAGE else None,
        "may_plan": can(me, "goods.edit"),
        "asked": len(queries.applications()) if can(me, "shop.edit") else None,
    }
    return show(request, "rounds.html", context)


@door("orders.view")
def round_page(request: HttpRequest, round_id: int) -> HttpResponse:
    """One round: its goods against their minimum, its stations, what the buyers paid."""
    now, me = clock.now(), operator_of(request)
    row, card = queries.round_row(round_id), queries.round_card(round_id, now=now)
    context: dict[str, Any] = {
        "here": "rounds",
        "crumbs": [(gettext("Rounds"), reverse("console:rounds")), (row.title, None)],
        "row": row,
        "standing": STANDINGS[standing(row, now)],
        "goods": card.goods,
        "stops": queries.stop_rows(round_id),
        "is_over": row.pickup_until <= now,
        "may_plan": can(me, "goods.edit"),
        "may_call_off": can(me, "goods.edit") and row.state == "open",
        "ref": f"round:{round_id}",
        "key": new_token(),
    }
    return show(request, "round.html", context)


@door("goods.edit", WRITE)
def call_off(request: HttpRequest, round_id: int) -> HttpResponse:
    """No goods will come. Above the limit for refunds a second person is asked first."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    reason, key = reader.text("reason"), reader.text("key", most=60)
    said = [gettext("Called off. All the money goes back by itself.")]

    def act() -> None:
        reader.check()
        if call_off_or_ask(round_id=round_id, staff=me, reason=reason, idempotency_key=key, now=now) is not None:
            said.append(
                gettext(
                    "More money than one person may give back: a second person is asked. The round goes on until then."
                )
            )

    return attempt(request, act, said=said, back=reverse("console:round", args=[round_id]), now=now)


@door("goods.edit", WRITE)
def end_wait(request: HttpRequest, round_id: int, stop_id: int) -> HttpResponse:
    """Nothing more comes to a station: what was counted serves who paid first, the rest is refunded."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    back, key = reverse("console:round", args=[round_id]), reader.text("key", most=60)
    try:
        reader.check()
        if not Stop.objects.filter(pk=stop_id, round_id=round_id).exists():
            raise NotFound()
        asked = end_wait_or_ask(stop_id=stop_id, staff=me, reason="round_short", idempotency_key=key, now=now)
    except NotFound:
        raise
    except DomainError as why:
        refused(request)
        messages.error(request, refusal_words(why))
        return redirect(back)
    if asked:
        messages.success(request, gettext("A second person is asked: it is more money than one person may give back."))
    else:
        messages.success(request, gettext("Done. Who is served has been told; the rest has the money on its way back."))
    return redirect(back)


@door("goods.edit", FORM)
def new_round(request: HttpRequest) -> HttpResponse:
    """Plan a round: empty, as the last one (?copy=12), or with the lots that a supplier offers (?supplier=3)."""
    if request.method != "POST":
        return _show_form(request, _begin(request), None)
    reader, me, now = Reader(request.POST), operator_of(request), clock.now()
    try:
        title = reader.text("title", most=40)
        times: dict[str, Any] = {
            name: reader.moment(name) for name in ("opens_at", "cut_off_at", "pickup_from", "pickup_until")
        }
        goods = [_good(reader, n) for n in range(ROWS) if request.POST.get(f"sku_{n}")]
        station_ids = keys_in(request.POST.getlist("station"))
        reader.check()
        made = services.open_round(title=title, goods=goods, station_ids=station_ids, actor=me, now=now, **times)
    except DomainError as refusal:
        refusal.fields = {_row_field(name, request): why for name, why in refusal.fields.items()}
        return _show_form(request, Sent(request.POST.dict()), refusal)
    messages.success(request, gettext("The round is planned. Members see it from its opening time on."))
    return redirect("console:round", round_id=made.pk)


def _good(reader: Reader, n: int) -> GoodPlan:
    sku = reader.row(f"sku_{n}", lambda key: Sku.objects.filter(pk=key).first(), needed=True)
    return GoodPlan(
        sku_id=sku.pk if sku else 0,
        price_minor=reader.amount(f"price_{n}"),
        most=reader.whole(f"most_{n}", least=1, most=1_000_000),
        minimum=reader.whole(f"minimum_{n}", most=1_000_000, otherwise=0),
        leader_bp=reader.whole(f"leader_{n}", most=50, otherwise=0) * 100,
        comes_later=reader.ticked(f"later_{n}"),
    )


def _row_field(name: str, request: HttpRequest) -> str:
    """ "goods.1" of the service is the second row that was filled in."""
    if not name.startswith("goods."):
        return name
    filled = [n for n in range(ROWS) if request.POST.get(f"sku_{n}")]
    return f"price_{filled[int(name.removeprefix('goods.'))]}"


def _begin(request: HttpRequest) -> Sent:
    """The usual week: open now, cut off tomorrow at eight in the evening, picked up the day after from four to eight."""
    begin = midnight(today(clock.now()))
    sent = Sent(
        opens_at=typed(clock.now()), cut_off_at=typed(begin + timedelta(days=1, hours=20)),
        pickup_from=typed(begin + timedelta(days=2, hours=16)), pickup_until=typed(begin + timedelta(days=2, hours=20)),
    )  # fmt: skip
    copied, supplier_id = key_in(request.GET.get("copy")), key_in(request.GET.get("supplier"))
    if copied:
        sent.update(_of_round(copied, clock.now()))
    elif supplier_id:
        offers = [one for one in offer_rows(supplier_id=supplier_id, now=clock.now(), limit=50) if one.is_open]
        for n, one in enumerate(offers[:ROWS]):
            sent.update({f"sku_{n}": str(one.sku_id), f"most_{n}": str(one.free), f"later_{n}": "on"})
    return sent


def _of_round(round_id: int, now: datetime) -> dict[str, str]:
    """Another round's goods and its times, moved on by whole weeks until its cut-off lies ahead."""
    found = Round.objects.filter(pk=round_id).first()
    if found is None:
        return {}
    by = timedelta()
    while found.cut_off_at + by <= now:
        by += timedelta(days=7)
    said = {
        name: typed(getattr(found, name) + by) for name in ("opens_at", "cut_off_at", "pickup_from", "pickup_until")
    }
    said["title"] = found.title
    for n, good in enumerate(RoundGood.objects.filter(round=found).order_by("id")[:ROWS]):
        said |= {
            f"sku_{n}": str(good.sku_id), f"price_{n}": f"{good.price_minor / 100:.2f}", f"most_{n}": str(good.most),
            f"minimum_{n}": str(good.minimum), f"leader_{n}": str(good.leader_bp // 100), f"later_{n}": "on" if good.comes_later else "",
        }  # fmt: skip
    return said


def _show_form(request: HttpRequest, sent: Sent, refusal: DomainError | None) -> HttpResponse:
    on_sale = Sku.objects.filter(is_active=True, product__state="on_sale").select_related("product")
    copied = key_in(request.GET.get("copy"))
    picked = keys_in(request.POST.getlist("station")) if refusal else list(
        Stop.objects.filter(round_id=copied).values_list("station_id", flat=True) if copied else []
    )  # fmt: skip
    context = {
        "here": "rounds",
        "crumbs": [(gettext("Rounds"), reverse("console:rounds")), (gettext("New round"), None)],
        "skus": [
            (sku.pk, f"{variant_title(sku.product.name, sku.options)} · {Money(sku.price_minor, sku.currency)}")
            for sku in on_sale.order_by("product__name", "position")[:SKUS]
        ],
        "stations": [row for row in queries.station_rows(now=clock.now()) if row.is_open],
        "picked": picked,
        "newest": queries.round_rows(limit=3),
        "suppliers": [(row.id, row.name) for row in supplier_rows()],
        "rows": range(ROWS),
        "sent": sent,
        "problems": problems_of(refusal),
    }
    return show(request, "round_form.html", context, status=refusal.status if refusal else 200)


@door("payouts.make", FORM, recent=True)
def leaders(request: HttpRequest) -> HttpResponse:
    """What is owed to leaders for handing over, and a form to write a transfer down."""
    me, now = operator_of(request), clock.now()
    if request.method == "POST":
        reader, said = Reader(request.POST), [gettext("Written down, and booked.")]
        leader_id, key = reader.whole("leader", least=1), reader.text("key", most=60)
        reference = reader.text("reference", most=64)

        def act() -> None:
            reader.check()
            if settle_or_ask(leader_id=leader_id, reference=reference, staff=me, key=key, now=now) is not None:
                said.append(gettext("A second person is asked: it is more money than one person may pay out."))

        return attempt(request, act, said=said, back=reverse("console:leaders"), now=now)
    context: dict[str, Any] = {
        "here": "payouts",
        "crumbs": [(gettext("Commission"), reverse("console:payouts")), (gettext("Leaders"), None)],
        "people": [(one, new_token()) for one in queries.leaders_due()],
        "past": queries.settlements(),
        "limit": Money(limit_minor(PAYOUT)),
        "me": me,
    }
    return show(request, "leaders.html", context)


@door("orders.view")
def fresh(request: HttpRequest) -> HttpResponse:
    """Fresh goods that nobody fetched, whoever has to decide first."""
    now = clock.now()
    context: dict[str, Any] = {
        "here": "rounds",
        "crumbs": [(gettext("Rounds"), reverse("console:rounds")), (gettext("Fresh goods not fetched"), None)],
        "rows": queries.fresh_rows(),
        "now": now,
        "storages": dict(StorageCondition.choices),
        "may_keep": can(operator_of(request), "orders.handle"),
        "may_refund": can(operator_of(request), "orders.refund"),
    }
    return show(request, "fresh.html", context)


@door("orders.handle", WRITE)
def keep_fresh(request: HttpRequest, line_id: int) -> HttpResponse:
    """Let them wait; the buyer is told until when."""
    me, now = operator_of(request), clock.now()

    def wait() -> None:
        reader = Reader(request.POST)
        until = reader.moment("until")
        reader.check()
        services.keep_fresh(line_id=line_id, until=until or now, note=request.POST.get("note", ""), actor=me, now=now)

    said = gettext("They wait; the buyer was told until when.")
    return attempt(request, wait, said=said, back=reverse("console:fresh"), now=now)


@door("orders.refund", WRITE, recent=True)
def let_fresh_go(request: HttpRequest, line_id: int) -> HttpResponse:
    """Give the money back; the goods are gone."""
    me, now = operator_of(request), clock.now()
    return attempt(
        request,
        lambda: services.let_fresh_go(line_id=line_id, actor=me, now=now),
        said=gettext("The money goes back; the goods left the stock."),
        back=reverse("console:fresh"),
        now=now,
    )
