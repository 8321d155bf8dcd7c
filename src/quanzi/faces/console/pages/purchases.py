"""Purchases: what is needed, what is ordered of whom, what arrived."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from quanzi.base import printing
from quanzi.base.printing import Column, ListSheet
from quanzi.base.shop.identity import shop_name
from quanzi.faces.console.doors import WRITE, door, operator_of
from quanzi.faces.console.drawing.relation import with_query
from quanzi.faces.console.pages.papers import pdf
from quanzi.faces.console.parsing import Reader, Sent, key_in, problems_of
from quanzi.faces.console.viewing import attempt, refusal_words, show
from quanzi.faces.ui import formats
from quanzi.faces.ui.environment import language
from quanzi.goods.catalogue.models import StorageCondition
from quanzi.goods.supply import queries, services
from quanzi.goods.supply.errors import NoSuchDemand
from quanzi.goods.supply.models import PurchaseLine, PurchaseState, Supplier
from quanzi.goods.supply.ports import DemandHead
from quanzi.goods.supply.queries import PurchaseRow
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.kernel.ids import new_token
from quanzi.people.accounts.policies import can, may_see

PAGE = 50
GROUPS = {
    "open": (gettext_lazy("In progress"), ("draft", "sent", "confirmed", "shipped")),
    "coming": (gettext_lazy("To arrive"), ("sent", "confirmed", "shipped")),
    "received": (gettext_lazy("Goods received"), ("received",)),
    "all": (gettext_lazy("All"), ()),
}
TONES = {"draft": "", "sent": "accent", "confirmed": "pine", "shipped": "gold", "received": "pine", "cancelled": ""}


def purchase_or_404(purchase_id: int) -> PurchaseRow:
    rows = queries.purchase_rows(before_id=purchase_id + 1, limit=1)
    if not rows or rows[0].id != purchase_id:
        raise NotFound()
    return rows[0]


@door("orders.handle")
def purchases(request: HttpRequest) -> HttpResponse:
    """What is needed on top, purchases below, newest first."""
    group = request.GET.get("show", "open")
    group = group if group in GROUPS else "open"
    rows = queries.purchase_rows(states=GROUPS[group][1], before_id=key_in(request.GET.get("before")), limit=PAGE + 1)
    here, me = reverse("console:purchases"), operator_of(request)
    context: dict[str, Any] = {
        "here": "purchases",
        "crumbs": [(gettext("Trade"), None), (gettext("Purchases"), None)],
        "chips": [(label, with_query(here, show=name), name == group) for name, (label, _) in GROUPS.items()],
        "group_name": GROUPS[group][0],
        "rows": [_drawn(row) for row in rows[:PAGE]],
        "demands": queries.open_demands(now=clock.now()) if can(me, "goods.edit") else [],
        "suppliers": list(Supplier.objects.filter(is_active=True).order_by("name").values_list("pk", "name")),
        "next": with_query(here, show=group, before=rows[PAGE - 1].id) if len(rows) > PAGE else None,
        "may_buy": can(me, "goods.edit"),
        "sees_cost": may_see(me, "cost"),
    }
    return show(request, "purchases.html", context)


def _drawn(row: PurchaseRow) -> dict[str, Any]:
    label, tone = PurchaseState(row.state).label, TONES[row.state]
    return {"row": row, "label": label, "tone": tone, "href": reverse("console:purchase", args=[row.id])}


@door("goods.edit", WRITE)
def new_purchase(request: HttpRequest) -> HttpResponse:
    """An empty draft for one supplier."""
    reader = Reader(request.POST)
    supplier = reader.row("supplier", lambda key: Supplier.objects.filter(pk=key, is_active=True).first(), needed=True)
    if supplier is None:
        messages.error(request, gettext("Choose a supplier."))
        return redirect("console:purchases")
    made = services.draft(supplier=supplier, actor=operator_of(request), now=clock.now())
    return redirect("console:purchase", purchase_id=made.pk)


@door("goods.edit")
def demand(request: HttpRequest) -> HttpResponse:
    """What one demand needs, variant by variant, and of whom it can be had; as paper with ?paper=1."""
    now, ref = clock.now(), request.GET.get("ref", "")[:40]
    need: DemandHead | None = None
    rows: list[queries.NeedRow] = []
    try:
        need, rows = queries.demand_sheet(ref, now=now)
    except NoSuchDemand:
        if ref:
            messages.info(request, gettext("Nothing is to be bought for this any more."))
    if need is not None and request.GET.get("paper"):
        return pdf(_demand_sheet(need.title, rows), f"{ref.replace(':', '-')}.pdf")
    context: dict[str, Any] = {
        "here": "purchases",
        "crumbs": [(gettext("Purchases"), reverse("console:purchases")), (need.title if need else "–", None)],
        "need": need,
        "rows": rows,
        "missing": sum(row.supplier_id is None for row in rows),
        "purchases": [_drawn(row) for row in queries.purchase_rows(ref=ref, limit=20)] if need else [],
    }
    return show(request, "demand.html", context)


def _demand_sheet(title: str, rows: list[queries.NeedRow]) -> bytes:
    lines: list[tuple[str, ...]] = []
    supplier = None
    for row in rows:
        if row.supplier_name != supplier:
            supplier = row.supplier_name
            lines.append((f"# {supplier or gettext('Nobody sends it yet')}",))
        places = " · ".join(f"{place} {n}" for place, n in row.places if place)
        lines.append((row.title, str(row.wanted), str(row.buy), places))
    columns = (
        Column(gettext("Goods"), share=4),
        Column(gettext("Needed"), True),
        Column(gettext("To buy"), True),
        Column(gettext("Goes to"), share=4),
    )
    sheet = ListSheet(title=gettext("Purchase sheet"), second=title, columns=columns, rows=tuple(lines))
    return printing.list_sheet(sheet, sender=shop_name(), now=clock.now())


@door("goods.edit", WRITE)
def buy_demand(request: HttpRequest) -> HttpResponse:
    """One draft for each supplier; what nobody supplies is told."""
    ref, now = request.POST.get("ref", "")[:40], clock.now()
    said: list[str] = []

    def act() -> None:
        made, missing = services.from_demand(ref=ref, actor=operator_of(request), now=now)
        said.append(gettext("%(n)s purchases stand ready to be sent.") % {"n": len(made)})
        if missing:
            said.append(gettext("Nobody supplies %(n)s of the variants yet.") % {"n": len(missing)})

    return attempt(request, act, said=said, back=with_query(reverse("console:demand"), ref=ref), now=now)


@door("orders.handle")
def purchase(request: HttpRequest, purchase_id: int) -> HttpResponse:
    """One purchase, on both sides of the door: what was asked, what the supplier said, what arrived."""
    return show_purchase(request, purchase_id)


def show_purchase(
    request: HttpRequest, purchase_id: int, *, refusal: DomainError | None = None, line_id: int | None = None
) -> HttpResponse:
    """The page; after a refused receipt with what was typed for the line."""
    found, me = purchase_or_404(purchase_id), operator_of(request)
    if request.GET.get("paper"):
        return pdf(_purchase_sheet(found), f"{found.number}.pdf")
    is_draft = found.state == PurchaseState.DRAFT
    context: dict[str, Any] = {
        "here": "purchases",
        "crumbs": [(gettext("Purchases"), reverse("console:purchases")), (found.number, None)],
        **_drawn(found),
        "may_buy": can(me, "goods.edit"),
        "sees_cost": may_see(me, "cost"),
        "is_coming": found.state in ("sent", "confirmed", "shipped"),
        "is_draft": is_draft,
        "choices": queries.goods_of(found.supplier_id, only_active=True) if is_draft else [],
        "offers": queries.offer_rows(supplier_id=found.supplier_id, now=clock.now(), only_open=True)
        if is_draft
        else [],
        "storages": StorageCondition.choices,
        "line_id": line_id,
        "blank": Sent(),
        "key": new_token(),
        "sent": Sent(request.POST.dict()) if refusal else Sent(),
        "problems": problems_of(refusal),
    }
    return show(request, "purchase.html", context, status=refusal.status if refusal else 200)


def _purchase_sheet(found: PurchaseRow) -> bytes:
    columns = (
        Column(gettext("Goods"), share=5),
        Column(gettext("Lot"), share=2),
        Column(gettext("Ordered"), True),
        Column(gettext("Confirmed"), True),
    )
    rows = tuple(
        (line.title, line.offer_code, str(line.quantity), "" if line.confirmed is None else str(line.confirmed))
        for line in found.lines
    )
    due = formats.until(found.due_at, now=clock.now(), lang=language(), always_time=True) if found.due_at else ""
    second = " · ".join(part for part in (found.number, found.supplier_name, due) if part)
    sheet = ListSheet(
        title=gettext("Purchase order"), second=second, columns=columns, rows=rows, code=found.number, note=found.note,
        total=(gettext("Items in all"), "", str(found.units), ""),
    )  # fmt: skip
    return printing.list_sheet(sheet, sender=shop_name(), now=clock.now())


@door("goods.edit", WRITE)
def set_line(request: HttpRequest, purchase_id: int) -> HttpResponse:
    """How many of a variant a draft asks for; zero takes it out."""
    found, reader, now = purchase_or_404(purchase_id), Reader(request.POST), clock.now()
    sku_id, offer_id = key_in(request.POST.get("sku")), key_in(request.POST.get("offer"))
    quantity = reader.whole("quantity", most=1_000_000)

    def act() -> None:
        reader.check()
        services.set_line(purchase_id=found.id, sku_id=sku_id or 0, quantity=quantity, offer_id=offer_id, now=now)

    back = reverse("console:purchase", args=[found.id])
    return attempt(request, act, said=gettext("Saved."), back=back, now=now)


@door("goods.edit", WRITE)
def move_purchase(request: HttpRequest, purchase_id: int) -> HttpResponse:
    """Send it, call it off, or say that the rest does not come."""
    found, me, now = purchase_or_404(purchase_id), operator_of(request), clock.now()
    verb = request.POST.get("act", "")
    acts = {
        "send": (lambda: services.send(purchase_id=found.id, actor=me, now=now), gettext("Sent. The supplier was told.")),
        "call_off": (
            lambda: services.call_off(purchase_id=found.id, reason=request.POST.get("reason", ""), actor=me, now=now),
            gettext("Called off."),
        ),
        "close": (lambda: services.close(purchase_id=found.id, actor=me, now=now), gettext("Closed. Nothing more is expected.")),
    }  # fmt: skip
    if verb not in acts:
        raise NotFound()
    act, said = acts[verb]
    return attempt(request, act, said=said, back=reverse("console:purchase", args=[found.id]), now=now)


@door("orders.handle", WRITE)
def receive(request: HttpRequest, line_id: int) -> HttpResponse:
    """Goods of one line are here. The same form twice counts once."""
    purchase_id = PurchaseLine.objects.filter(pk=line_id).values_list("purchase_id", flat=True).first()
    if purchase_id is None:
        raise NotFound()
    reader, me = Reader(request.POST), operator_of(request)
    degrees = request.POST.get("temperature", "").strip().replace("−", "-")
    values: dict[str, Any] = {
        "quantity": reader.whole("quantity", most=1_000_000, otherwise=0),
        "damaged": reader.whole("damaged", most=1_000_000, otherwise=0),
        "lot_code": reader.text("lot_code", most=40, needed=False),
        "made_on": reader.day("made_on"),
        "expires_at": reader.end_of("expires_at"),
        "storage": reader.choice("storage", StorageCondition.values, otherwise=StorageCondition.AMBIENT),
        "temperature_tenths": tenths(degrees, reader),
        "note": reader.text("note", needed=False),
        "key": f"console:{reader.text('key', most=60)}",
    }
    try:
        reader.check()
        services.receive(line_id=line_id, actor=f"staff:{me.pk}", now=clock.now(), **values)
    except DomainError as refused:
        messages.error(request, refusal_words(refused))
        return show_purchase(request, purchase_id, refusal=refused, line_id=line_id)
    messages.success(request, gettext("On the shelf."))
    return redirect("console:purchase", purchase_id=purchase_id)


def tenths(text: str, reader: Reader) -> int | None:
    """Degrees with at most one decimal, as tenths; None for an empty field."""
    if not text:
        return None
    whole, _, part = text.removeprefix("-").partition(".")
    if not (
        whole.isascii()
        and whole.isdigit()
        and len(whole) <= 2
        and len(part) <= 1
        and (not part or (part.isascii() and part.isdigit()))
    ):
        reader.whole("temperature", least=-60, most=60)
        return None
    found = int(whole) * 10 + int(part or "0")
    return -found if text.startswith("-") else found
