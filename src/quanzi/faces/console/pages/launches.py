"""Launches and brand days: the plan, one launch with its queue, one brand day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from quanzi.faces.console.doors import FORM, WRITE, door, operator_of
from quanzi.faces.console.drawing.relation import with_query
from quanzi.faces.console.parsing import Reader, Sent, key_in, problems_of, typed
from quanzi.faces.console.viewing import attempt, show
from quanzi.goods.catalogue.models import Maker, Sku
from quanzi.goods.catalogue.rules import variant_title
from quanzi.kernel import clock
from quanzi.kernel.clock import SITE_ZONE, local
from quanzi.kernel.errors import DomainError
from quanzi.kernel.money import Money
from quanzi.people.accounts.policies import can
from quanzi.trade.launches import queries, services
from quanzi.trade.launches.models import PlaceState
from quanzi.trade.launches.services import DayPlan

PAGE, SKUS, ROWS = 50, 500, 8
STANDINGS = {
    "planned": (gettext_lazy("Not begun"), ""),
    "selling": (gettext_lazy("Selling"), "accent"),
    "over": (gettext_lazy("Over"), "pine"),
    "called_off": (gettext_lazy("Called off"), ""),
}
PHASES = {
    "ahead": (gettext_lazy("Opens later"), ""),
    "open": (gettext_lazy("Under way"), "accent"),
    "past": (gettext_lazy("Over"), "pine"),
    "called_off": (gettext_lazy("Called off"), ""),
}


@door("orders.view")
def launches(request: HttpRequest) -> HttpResponse:
    """Every launch, newest first, and the brand days beside it."""
    now = clock.now()
    rows = queries.all_launches(before_id=key_in(request.GET.get("before")), limit=PAGE + 1)
    context: dict[str, Any] = {
        "here": "launches",
        "crumbs": [(gettext("Trade"), None), (gettext("Launches and brand days"), None)],
        "rows": [(row, STANDINGS[row.state]) for row in rows[:PAGE]],
        "days": [(row, PHASES[row.phase]) for row in queries.all_days(now=now, limit=PAGE)],
        "editions": queries.editions(),
        "next": with_query(request.path, before=rows[PAGE - 1].id) if len(rows) > PAGE else None,
        "may_plan": can(operator_of(request), "goods.edit"),
    }
    return show(request, "launches.html", context)


@door("orders.view")
def launch(request: HttpRequest, launch_id: int) -> HttpResponse:
    """One launch: what is left, the queue, and its lot."""
    row = queries.launch_row(launch_id)
    context: dict[str, Any] = {
        "here": "launches",
        "crumbs": [(gettext("Launches and brand days"), reverse("console:launches")), (row.title, None)],
        "row": row,
        "standing": STANDINGS[row.state],
        "places": queries.place_rows(launch_id=launch_id),
        "place_states": dict(PlaceState.choices),
        "may_call_off": can(operator_of(request), "goods.edit") and row.state in ("planned", "selling"),
    }
    return show(request, "launch.html", context)


@door("orders.view")
def brand_day(request: HttpRequest, day_id: int) -> HttpResponse:
    """One brand day: its hours and goods."""
    page = queries.day_page(slug=queries.slug_of_day(day_id), viewer=None, now=clock.now())
    context: dict[str, Any] = {
        "here": "launches",
        "crumbs": [(gettext("Launches and brand days"), reverse("console:launches")), (page.day.title, None)],
        "page": page,
        "day": page.day,
        "standing": PHASES[page.day.phase],
        "may_call_off": can(operator_of(request), "goods.edit") and page.day.phase == "ahead",
    }
    return show(request, "brand_day.html", context)


@door("goods.edit", WRITE)
def call_off(request: HttpRequest, launch_id: int) -> HttpResponse:
    """No more turns. Orders that were placed stand."""

    def act() -> None:
        services.call_off(launch_id=launch_id, actor=operator_of(request), now=clock.now())

    said = [gettext("Called off. Everybody in the queue is told; orders that were placed stand.")]
    return attempt(request, act, said=said, back=reverse("console:launch", args=[launch_id]), now=clock.now())


@door("goods.edit", WRITE)
def call_off_day(request: HttpRequest, day_id: int) -> HttpResponse:
    """It does not take place."""

    def act() -> None:
        services.call_off_day(day_id=day_id, actor=operator_of(request), now=clock.now())

    said = [gettext("Called off. Nobody is reminded of it.")]
    return attempt(request, act, said=said, back=reverse("console:brand_day", args=[day_id]), now=clock.now())


@door("goods.edit", FORM)
def new_launch(request: HttpRequest) -> HttpResponse:
    """Plan a launch: one variant, its price, its numbers, its times."""
    if request.method != "POST":
        return _show_launch(request, _usual_launch(request), None)
    reader = Reader(request.POST)
    try:
        sku = reader.row("sku", lambda key: Sku.objects.filter(pk=key).first(), needed=True)
        terms: dict[str, Any] = {
            "title": reader.text("title", most=40),
            "price_minor": reader.amount("price"),
            "units": reader.whole("units", least=1, most=5_000),
            "limit_each": reader.whole("limit_each", least=1, most=5_000),
            "turn_minutes": reader.whole("turn_minutes", least=1, most=60),
            **{name: reader.moment(name) for name in ("entry_opens_at", "starts_at", "ends_at")},
        }
        reader.check()
        assert sku is not None
        made = services.plan_launch(sku_id=sku.pk, actor=operator_of(request), now=clock.now(), **terms)
    except DomainError as refusal:
        return _show_launch(request, Sent(request.POST.dict()), refusal)
    messages.success(request, gettext("The launch is planned, its goods are set aside, its seed is sealed."))
    return redirect("console:launch", launch_id=made.pk)


@door("goods.edit", FORM)
def new_day(request: HttpRequest) -> HttpResponse:
    """Plan a brand day: a maker, its hours, goods with the prices of the day."""
    if request.method != "POST":
        return _show_day(request, _usual_day(), None)
    reader = Reader(request.POST)
    try:
        maker = reader.row("maker", lambda key: Maker.objects.filter(pk=key).first(), needed=True)
        terms: dict[str, Any] = {
            "title": reader.text("title", most=40),
            "story": reader.text("story", most=2_000, needed=False),
            "starts_at": reader.moment("starts_at"),
            "ends_at": reader.moment("ends_at"),
        }
        goods = [
            DayPlan(sku_id=key_in(request.POST[f"sku_{n}"]) or 0, price_minor=reader.amount(f"price_{n}"))
            for n in range(ROWS)
            if request.POST.get(f"sku_{n}")
        ]
        reader.check()
        assert maker is not None
        made = services.plan_day(maker_id=maker.pk, goods=goods, actor=operator_of(request), now=clock.now(), **terms)
    except DomainError as refusal:
        return _show_day(request, Sent(request.POST.dict()), refusal)
    messages.success(request, gettext("The brand day stands in the calendar."))
    return redirect("console:brand_day", day_id=made.pk)


def _usual_launch(request: HttpRequest) -> Sent:
    """Tomorrow at eight in the evening, entry ten minutes before, for an hour."""
    starts = _evening(20)
    return Sent(
        sku=request.GET.get("sku", ""), limit_each="1", turn_minutes="5", entry_opens_at=typed(starts - timedelta(minutes=10)),
        starts_at=typed(starts), ends_at=typed(starts + timedelta(hours=1)),
    )  # fmt: skip


def _usual_day() -> Sent:
    return Sent(starts_at=typed(_evening(10)), ends_at=typed(_evening(22)))


def _evening(hour: int) -> datetime:
    today = local(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=SITE_ZONE)
    return today + timedelta(days=1, hours=hour)


def _skus() -> list[tuple[int, str]]:
    on_sale = Sku.objects.filter(is_active=True, product__state="on_sale").select_related("product")
    return [
        (sku.pk, f"{variant_title(sku.product.name, sku.options)} · {Money(sku.price_minor, sku.currency)}")
        for sku in on_sale.order_by("product__name", "position")[:SKUS]
    ]


def _show_launch(request: HttpRequest, sent: Sent, refusal: DomainError | None) -> HttpResponse:
    context = {
        "here": "launches",
        "crumbs": [(gettext("Launches and brand days"), reverse("console:launches")), (gettext("New launch"), None)],
        "skus": _skus(),
        "sent": sent,
        "problems": problems_of(refusal),
    }
    return show(request, "launch_form.html", context, status=refusal.status if refusal else 200)


def _show_day(request: HttpRequest, sent: Sent, refusal: DomainError | None) -> HttpResponse:
    context = {
        "here": "launches",
        "crumbs": [(gettext("Launches and brand days"), reverse("console:launches")), (gettext("New brand day"), None)],
        "makers": list(Maker.objects.order_by("name").values_list("pk", "name")),
        "skus": _skus(),
        "rows": range(ROWS),
        "sent": sent,
        "problems": problems_of(refusal),
    }
    return show(request, "brand_day_form.html", context, status=refusal.status if refusal else 200)
