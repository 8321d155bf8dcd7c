"""Who supplies us, who acts for them, and what they can send."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.base.audit.services import Person
from quanzi.goods.catalogue import rules as catalogue
from quanzi.goods.catalogue.models import Sku
from quanzi.goods.supply.errors import BadCost, BadUnits, NameTaken
from quanzi.goods.supply.models import Supplier, SupplierGoods, SupplierPerson
from quanzi.goods.supply.rules import MOST_UNITS
from quanzi.kernel.errors import DomainError, Errors
from quanzi.people.accounts.models import Member

LIMITS = {"name": 60, "contact": 60, "place": 80, "note": 200}
LONGEST_LEAD = 365


@transaction.atomic
def create_supplier(
    *,
    name: str,
    contact: str = "",
    place: str = "",
    note: str = "",
    sends_direct: bool = False,
    is_checked: bool = False,
    is_demo: bool = False,
    actor: Person | str,
    now: datetime,
) -> Supplier:
    """Raises Errors, or the one refusal, with the fields to repair."""
    texts = {"name": name.strip(), "contact": contact.strip(), "place": place.strip(), "note": note.strip()}
    _check(texts, but=None)
    made = Supplier.objects.create(
        **texts, sends_direct=sends_direct, is_checked=is_checked, is_demo=is_demo, created_at=now
    )
    audit.write(actor=actor, action="supply.create", target=f"supplier:{made.pk}", after={"name": made.name}, now=now)
    return made


@transaction.atomic
def update_supplier(
    *,
    supplier: Supplier,
    name: str,
    contact: str,
    place: str,
    note: str,
    sends_direct: bool,
    is_checked: bool,
    is_active: bool,
    actor: Person | str,
    now: datetime,
) -> Supplier:
    """Raises Errors, or the one refusal, with the fields to repair. What runs with a supplier who is not active any more goes on."""
    texts = {"name": name.strip(), "contact": contact.strip(), "place": place.strip(), "note": note.strip()}
    _check(texts, but=supplier)
    after = {"is_active": is_active, "sends_direct": sends_direct, "is_checked": is_checked}
    before = {field: getattr(supplier, field) for field in after}
    for field, value in (texts | after).items():
        setattr(supplier, field, value)
    supplier.save(update_fields=[*texts, *after])
    audit.write(
        actor=actor, action="supply.update", target=f"supplier:{supplier.pk}", before=before, after=after, now=now
    )
    return supplier


def _check(texts: dict[str, str], *, but: Supplier | None) -> None:
    problems = catalogue.text_problems(texts, LIMITS, ("name",))
    others = Supplier.objects.exclude(pk=but.pk) if but else Supplier.objects.all()
    if not problems and others.filter(name=texts["name"]).exists():
        problems.append(NameTaken(field="name"))
    Errors.raise_any(problems)


@transaction.atomic
def add_person(*, supplier: Supplier, member: Member, actor: Person | str, now: datetime) -> SupplierPerson:
    """From now on the member acts for the supplier; again changes nothing."""
    made, is_new = SupplierPerson.objects.get_or_create(
        supplier=supplier, member=member, ended_at=None, defaults={"since": now}
    )
    if is_new:
        after = {"member": member.pk}
        audit.write(actor=actor, action="supply.let_in", target=f"supplier:{supplier.pk}", after=after, now=now)
    return made


@transaction.atomic
def end_person(*, supplier: Supplier, member_id: int, actor: Person | str, now: datetime) -> None:
    """The member no longer acts for the supplier, at once; again changes nothing."""
    open_rows = SupplierPerson.objects.filter(supplier=supplier, member_id=member_id, ended_at=None)
    if open_rows.update(ended_at=now):
        after = {"member": member_id}
        audit.write(actor=actor, action="supply.let_out", target=f"supplier:{supplier.pk}", after=after, now=now)


@transaction.atomic
def set_goods(
    *,
    supplier: Supplier,
    sku: Sku,
    cost_minor: int,
    their_code: str = "",
    pack_of: int = 1,
    lead_days: int = 1,
    is_first: bool = False,
    is_active: bool = True,
    actor: Person | str,
    now: datetime,
) -> SupplierGoods:
    """Say that, and how, the supplier sends this variant. Whoever becomes first for it takes the place of who was.

    Raises Errors, or the one refusal, with the fields to repair.
    """
    problems: list[DomainError] = catalogue.text_problems({"their_code": their_code}, {"their_code": 40})
    if type(cost_minor) is not int or not 0 <= cost_minor <= catalogue.MOST_PER_UNIT_MINOR:
        problems.append(BadCost(field="cost_minor"))
    for field, number, least, most in (("pack_of", pack_of, 1, MOST_UNITS), ("lead_days", lead_days, 0, LONGEST_LEAD)):
        if type(number) is not int or not least <= number <= most:
            problems.append(BadUnits(field=field, least=least, most=most))
    Errors.raise_any(problems)
    Sku.objects.select_for_update(no_key=True).get(pk=sku.pk)  # two who become first come one after the other
    if is_first and is_active:
        SupplierGoods.objects.filter(sku=sku, is_first=True).exclude(supplier=supplier).update(is_first=False)
    values = {
        "their_code": their_code.strip(), "cost_minor": cost_minor, "currency": sku.currency, "pack_of": pack_of, "lead_days": lead_days,
        "is_first": is_first, "is_active": is_active,
    }  # fmt: skip
    made, _ = SupplierGoods.objects.update_or_create(supplier=supplier, sku=sku, defaults=values)
    after = {"sku": sku.pk, "cost_minor": cost_minor, "is_active": is_active}
    audit.write(actor=actor, action="supply.set_goods", target=f"supplier:{supplier.pk}", after=after, now=now)
    return made
