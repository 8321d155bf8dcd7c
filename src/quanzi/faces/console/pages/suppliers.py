"""Suppliers: who sends us goods, who acts for them, what they can send and what lies there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.faces.console.doors import FORM, WRITE, door, operator_of
from quanzi.faces.console.parsing import Reader, Sent, problems_of
from quanzi.faces.console.staffing import NoSuchMember
from quanzi.faces.console.viewing import attempt, show
from quanzi.goods.catalogue.models import Sku
from quanzi.goods.catalogue.rules import variant_title
from quanzi.goods.supply import queries, services
from quanzi.goods.supply.models import Supplier, SupplierPerson
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.kernel.ids import new_token
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.queries import member_by_contact
from quanzi.people.accounts.rules import clean_phone

SKUS = 500


def supplier_or_404(supplier_id: int) -> Supplier:
    found = Supplier.objects.filter(pk=supplier_id).first()
    if found is None:
        raise NotFound()
    return found


@door("goods.edit", FORM)
def suppliers(request: HttpRequest) -> HttpResponse:
    """Every supplier with what they did, and a form for a new one."""
    refusal: DomainError | None = None
    if request.method == "POST":
        reader = Reader(request.POST)
        values = _texts(reader)
        try:
            reader.check()
            made = services.create_supplier(
                **values,
                sends_direct=reader.ticked("sends_direct"),
                is_checked=reader.ticked("is_checked"),
                actor=operator_of(request),
                now=clock.now(),
            )
            return redirect("console:supplier", supplier_id=made.pk)
        except DomainError as refused:
            refusal = refused
    context: dict[str, Any] = {
        "here": "purchases",
        "crumbs": [(gettext("Purchases"), reverse("console:purchases")), (gettext("Suppliers"), None)],
        "rows": queries.supplier_rows(),
        "sent": Sent(request.POST.dict()) if refusal else Sent(),
        "problems": problems_of(refusal),
    }
    return show(request, "suppliers.html", context, status=refusal.status if refusal else 200)


def _texts(reader: Reader) -> dict[str, Any]:
    return {
        "name": reader.text("name", most=60),
        "contact": reader.text("contact", most=60, needed=False),
        "place": reader.text("place", most=80, needed=False),
        "note": reader.text("note", needed=False),
    }


@door("goods.edit", FORM)
def supplier(request: HttpRequest, supplier_id: int) -> HttpResponse:
    """One supplier: facts, people, goods, lots; each part has a form of its own below it."""
    found, refusal, part = supplier_or_404(supplier_id), None, request.POST.get("part", "")
    if request.method == "POST":
        if part not in PARTS:
            raise NotFound()
        try:
            PARTS[part](Reader(request.POST), found, operator_of(request), clock.now())
            messages.success(request, gettext("Saved."))
            return redirect(f"{reverse('console:supplier', args=[found.pk])}#{part}")
        except DomainError as refused:
            refusal = refused
            found.refresh_from_db()
    context: dict[str, Any] = {
        "here": "purchases",
        "crumbs": [(gettext("Suppliers"), reverse("console:suppliers")), (found.name, None)],
        "supplier": found,
        "record": queries.record_of(found.pk),
        "goods": queries.goods_of(found.pk),
        "offers": queries.offer_rows(supplier_id=found.pk, now=clock.now(), limit=20),
        "people": SupplierPerson.objects.filter(supplier=found, ended_at=None).select_related("member"),
        "purchases": queries.purchase_rows(supplier_id=found.pk, limit=10),
        "skus": [(sku.pk, f"{variant_title(sku.product.name, sku.options)} · {sku.code}") for sku in _skus()],
        "part": part,
        "key": new_token(),
        "sent": Sent(request.POST.dict()) if refusal else Sent(),
        "problems": problems_of(refusal),
    }
    return show(request, "supplier.html", context, status=refusal.status if refusal else 200)


def _skus() -> Any:
    return Sku.objects.select_related("product").order_by("product__name", "pk")[:SKUS]


def _facts(reader: Reader, found: Supplier, me: Member, now: datetime) -> None:
    values = _texts(reader)
    reader.check()
    services.update_supplier(
        supplier=found, **values, sends_direct=reader.ticked("sends_direct"), is_checked=reader.ticked("is_checked"),
        is_active=reader.ticked("is_active"), actor=me, now=now,
    )  # fmt: skip


def _person(reader: Reader, found: Supplier, me: Member, now: datetime) -> None:
    contact = reader.text("member", most=254)
    member = member_by_contact(contact if "@" in contact else clean_phone(contact, field="member")) if contact else None
    if contact and member is None:
        reader.wrong.append(NoSuchMember(field="member"))
    reader.check()
    assert member is not None
    services.add_person(supplier=found, member=member, actor=me, now=now)


def _goods(reader: Reader, found: Supplier, me: Member, now: datetime) -> None:
    sku = reader.row("sku", lambda key: Sku.objects.filter(pk=key).first(), needed=True)
    values: dict[str, Any] = {
        "cost_minor": reader.amount("cost_minor"),
        "their_code": reader.text("their_code", most=40, needed=False),
        "pack_of": reader.whole("pack_of", least=1, most=1_000_000, otherwise=1),
        "lead_days": reader.whole("lead_days", most=365, otherwise=1),
        "is_first": reader.ticked("is_first"),
        "is_active": not reader.ticked("stopped"),
    }
    reader.check()
    assert sku is not None
    services.set_goods(supplier=found, sku=sku, **values, actor=me, now=now)


PARTS: dict[str, Callable[[Reader, Supplier, Member, datetime], None]] = {
    "facts": _facts,
    "people": _person,
    "goods": _goods,
}


@door("goods.edit", WRITE)
def end_person(request: HttpRequest, supplier_id: int, member_id: int) -> HttpResponse:
    """Somebody no longer acts for the supplier."""
    found, now = supplier_or_404(supplier_id), clock.now()
    return attempt(
        request,
        lambda: services.end_person(supplier=found, member_id=member_id, actor=operator_of(request), now=now),
        said=gettext("They are let out."), back=reverse("console:supplier", args=[found.pk]) + "#people", now=now,
    )  # fmt: skip


@door("goods.edit", WRITE)
def sell_offer(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Units that stay at the supplier's stand on our shelf and are sent from there."""
    reader, me, now = Reader(request.POST), operator_of(request), clock.now()
    quantity, key = reader.whole("quantity", least=1, most=1_000_000), reader.text("key", most=40)

    def act() -> None:
        reader.check()
        services.sell_from_offer(
            offer_id=offer_id, quantity=quantity, key=key, actor=me, actor_word=f"staff:{me.pk}", now=now
        )

    supplier_id = queries.supplier_of_offer(offer_id)
    if supplier_id is None:
        raise NotFound()
    back = reverse("console:supplier", args=[supplier_id]) + "#offers"
    return attempt(request, act, said=gettext("They can be sold now; the supplier sends them."), back=back, now=now)
