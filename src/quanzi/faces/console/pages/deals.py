"""Group deals and their teams."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from quanzi.community.circles.models import Circle
from quanzi.faces.console.doors import FORM, WRITE, door, operator_of
from quanzi.faces.console.drawing.relation import with_query
from quanzi.faces.console.parsing import Reader, Sent, key_in, problems_of
from quanzi.faces.console.reading.teams import TEAM_GROUPS, deal_by_id, deal_rows, seats_of, team_rows
from quanzi.faces.console.viewing import attempt, show
from quanzi.goods.catalogue.models import Sku
from quanzi.goods.catalogue.rules import variant_title
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.kernel.money import Money
from quanzi.people.accounts.policies import can, may_see
from quanzi.trade.deals import services
from quanzi.trade.deals.models import GroupDeal, RefundRule, SeatState, Team
from quanzi.trade.deals.queries import step_rows, totals

PAGE = 50
SKUS = 500
STEP_ROWS = 4
DEAL_STANDINGS = {
    "open": (gettext_lazy("Under way"), "pine"),
    "later": (gettext_lazy("Begins later"), ""),
    "over": (gettext_lazy("Over"), ""),
    "stopped": (gettext_lazy("Stopped"), ""),
}
TEAM_STANDINGS = {
    "forming": (gettext_lazy("Forming"), "accent"),
    "closing": (gettext_lazy("Time is over, being settled"), ""),
    "succeeded": (gettext_lazy("Succeeded"), "pine"),
    "failed": (gettext_lazy("Failed, refunded"), ""),
}
TEAM_NAMES = {
    "forming": gettext_lazy("Forming"),
    "ending": gettext_lazy("Ending today"),
    "succeeded": gettext_lazy("Succeeded"),
    "failed": gettext_lazy("Failed"),
    "all": gettext_lazy("All"),
}
SEAT_TONES = {SeatState.PAID: "pine", SeatState.HELD: "accent", SeatState.REFUNDED: "", SeatState.RELEASED: ""}


def deal_or_404(deal_id: int) -> GroupDeal:
    found = deal_by_id(deal_id)
    if found is None:
        raise NotFound()
    return found


@door("orders.view")
def deals(request: HttpRequest) -> HttpResponse:
    """Deals, newest first, with what became of their teams."""
    now = clock.now()
    rows = deal_rows(before_id=key_in(request.GET.get("before")), limit=PAGE + 1, now=now)
    context: dict[str, Any] = {
        "here": "deals",
        "crumbs": [(gettext("Trade"), None), (gettext("Group deals"), None)],
        "now": now,
        "rows": rows[:PAGE],
        "standings": DEAL_STANDINGS,
        "next": with_query(request.path, before=rows[PAGE - 1].deal.pk) if len(rows) > PAGE else None,
        "may_edit": can(operator_of(request), "goods.edit"),
    }
    return show(request, "deals.html", context)


@door("orders.view")
def deal(request: HttpRequest, deal_id: int) -> HttpResponse:
    """One deal: its terms, and its teams."""
    now, found = clock.now(), deal_or_404(deal_id)
    rows = team_rows(group="all", deal_id=deal_id, before_id=key_in(request.GET.get("before")), limit=PAGE + 1, now=now)
    counted = totals(deal_ids=[deal_id])[deal_id]
    done = counted.succeeded + counted.failed
    context: dict[str, Any] = {
        "here": "deals",
        "crumbs": [(gettext("Group deals"), reverse("console:deals")), (found.sku.product.name, None)],
        "now": now,
        "deal": found,
        "title": variant_title(found.sku.product.name, found.sku.options),
        "price": Money(found.price_minor, found.currency),
        "alone": Money(found.sku.price_minor, found.sku.currency),
        "ladder": gettext(", ").join(
            gettext("from %(n)d people %(amount)s") % {"n": step.people, "amount": step.price}
            for step in step_rows(found)[1:]
        ),
        "totals": counted,
        "rate": (counted.succeeded, done),
        "rows": rows[:PAGE],
        "standings": TEAM_STANDINGS,
        "next": with_query(request.path, before=rows[PAGE - 1].team.pk) if len(rows) > PAGE else None,
        "may_edit": can(operator_of(request), "goods.edit") and found.stopped_at is None,
    }
    return show(request, "deal.html", context)


@door("orders.view")
def teams(request: HttpRequest) -> HttpResponse:
    """Teams by how they stand."""
    now, group = clock.now(), request.GET.get("show", "forming")
    group = group if group in TEAM_GROUPS else "forming"
    rows = team_rows(group=group, before_id=key_in(request.GET.get("before")), limit=PAGE + 1, now=now)
    here = reverse("console:teams")
    context: dict[str, Any] = {
        "here": "deals",
        "crumbs": [(gettext("Group deals"), reverse("console:deals")), (gettext("Teams"), None)],
        "now": now,
        "chips": [(label, with_query(here, show=name), name == group) for name, label in TEAM_NAMES.items()],
        "group_name": TEAM_NAMES[group],
        "rows": rows[:PAGE],
        "standings": TEAM_STANDINGS,
        "next": with_query(here, show=group, before=rows[PAGE - 1].team.pk)
        if len(rows) > PAGE and group != "ending"
        else None,
    }
    return show(request, "teams.html", context)


@door("orders.view")
def team(request: HttpRequest, code: str) -> HttpResponse:
    """One team: every seat it ever had, with its order and money."""
    now = clock.now()
    found = Team.objects.select_related("deal__sku__product", "opener").filter(code=code).first()
    if found is None:
        raise NotFound()
    seats = seats_of(found)
    context: dict[str, Any] = {
        "here": "deals",
        "crumbs": [(gettext("Teams"), reverse("console:teams")), (code, None)],
        "now": now,
        "team": found,
        "title": variant_title(found.deal.sku.product.name, found.deal.sku.options),
        "seats": [{"seat": seat, "tone": SEAT_TONES[SeatState(seat.state)]} for seat in seats],
        "paid_minor": sum(seat.order.amount_minor for seat in seats if seat.state == SeatState.PAID),
        "refunded_minor": sum(seat.order.refunded_minor for seat in seats)
        if may_see(operator_of(request), "refund")
        else None,
        "standing": TEAM_STANDINGS["closing" if found.state == "forming" and found.deadline <= now else found.state],
    }
    return show(request, "team.html", context)


@door("goods.edit", FORM)
def new_deal(request: HttpRequest) -> HttpResponse:
    """Offer a variant to teams at a better price."""
    usual = Sent({"team_size": "3", "window_hours": "24", "per_member_limit": "1", "max_per_seat": "1",
                  "refund_rule": str(RefundRule.UNTIL_HANDOVER), "sku": request.GET.get("sku", "")})  # fmt: skip
    if request.method != "POST":
        return _show_form(request, usual, None)
    reader = Reader(request.POST)
    try:
        sku = reader.row("sku", lambda key: Sku.objects.select_related("product").filter(pk=key).first(), needed=True)
        circle = reader.row("circle", lambda key: Circle.objects.filter(pk=key, closed_at=None).first())
        terms: dict[str, Any] = {
            "team_size": reader.whole("team_size", most=100),
            "price_minor": reader.amount("price_minor"),
            "window_minutes": reader.whole("window_hours", least=1, most=720) * 60,
            "per_member_limit": reader.whole("per_member_limit", most=10_000),
            "max_per_seat": reader.whole("max_per_seat", most=99),
            "steps": _steps(reader),
            "newcomers_only": request.POST.get("newcomers_only") == "on",
            "refund_rule": reader.choice("refund_rule", RefundRule.values),
            "reason_zh": reader.text("reason_zh", most=60, needed=False),
            "reason_en": reader.text("reason_en", most=80, needed=False),
            "ends_at": reader.end_of("ends_on"),
        }
        reader.check()
        assert sku is not None
        made = services.create_deal(sku=sku, circle=circle, actor=operator_of(request), now=clock.now(), **terms)
    except DomainError as refused:
        return _show_form(request, Sent(request.POST.dict()), refused)
    messages.success(request, gettext("The deal is open. Members can open teams now."))
    return redirect("console:deal", deal_id=made.pk)


def _steps(reader: Reader) -> list[tuple[int, int]]:
    """The steps beyond the first; a row of which one half is empty is wrong there."""
    rows = [n for n in range(STEP_ROWS) if reader.sent.get(f"people_{n}") or reader.sent.get(f"step_{n}")]
    return [(reader.whole(f"people_{n}", least=3, most=100), reader.amount(f"step_{n}")) for n in rows]


def _show_form(request: HttpRequest, sent: Sent, refused: DomainError | None) -> HttpResponse:
    on_sale = (
        Sku.objects.filter(is_active=True, product__state="on_sale")
        .select_related("product")
        .order_by("product__name", "position")
    )
    context = {
        "here": "deals",
        "crumbs": [(gettext("Group deals"), reverse("console:deals")), (gettext("New deal"), None)],
        "skus": [
            (sku.pk, f"{variant_title(sku.product.name, sku.options)} · {Money(sku.price_minor, sku.currency)}")
            for sku in on_sale[:SKUS]
        ],
        "circles": list(Circle.objects.filter(closed_at=None).order_by("name").values_list("pk", "name")),
        "rules": RefundRule.choices,
        "step_rows": STEP_ROWS,
        "sent": sent,
        "problems": problems_of(refused),
    }
    return show(request, "deal_form.html", context, status=refused.status if refused else 200)


@door("goods.edit", WRITE)
def stop(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Take no new teams; those that are forming go on to their deadline."""
    found, now = deal_or_404(deal_id), clock.now()
    return attempt(
        request,
        lambda: services.stop_deal(deal_id=found.pk, actor=operator_of(request), now=now),
        said=gettext("No new teams from now on. Teams that are forming go on to their deadline."),
        back=reverse("console:deal", args=[found.pk]),
        now=now,
    )
