"""Invoices: ask, issue, cancel by a red letter."""

from __future__ import annotations

import re
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from quanzi.base.audit.services import write as audit
from quanzi.base.events.services import record
from quanzi.kernel.errors import DomainError, Errors, NotAllowed
from quanzi.people.accounts.models import Member
from quanzi.people.contact.services import notify
from quanzi.trade.aftersales import errors
from quanzi.trade.aftersales.events import InvoiceIssued, InvoiceReversed
from quanzi.trade.aftersales.models import Invoice, InvoiceKind, InvoiceState
from quanzi.trade.aftersales.policies import may_issue
from quanzi.trade.aftersales.states import INVOICE_MOVES
from quanzi.trade.sales.errors import NoSuchOrder
from quanzi.trade.sales.models import Order, OrderState
from quanzi.trade.sales.rules import clean

TAX_NUMBER = re.compile(r"[0-9A-Z]{15,20}")
NUMBER = re.compile(r"[0-9A-Za-z-]{4,40}")
LONGEST_TITLE = 100


@transaction.atomic
def ask_invoice(
    *, order_id: int, member: Member, kind: str, title: str, tax_number: str = "", email: str = "", now: datetime
) -> Invoice:
    """The buyer asks for an invoice about what was paid and did not go back. Raises NoSuchOrder, NothingToInvoice, InvoiceAsked,
    and Errors with the fields to repair."""
    order = Order.objects.select_for_update(of=("self",)).filter(pk=order_id, member_id=member.pk).first()
    if order is None:
        raise NoSuchOrder()
    if order.state in (OrderState.PLACED, OrderState.CANCELLED) or order.refunded_minor >= order.amount_minor:
        raise errors.NothingToInvoice()
    title, tax_number, email = clean(title), clean(tax_number).upper().replace(" ", ""), clean(email)
    _check(kind, title, tax_number, email)
    try:
        with transaction.atomic():
            made: Invoice = Invoice.objects.create(
                order=order, member=member, kind=kind, title=title,
                tax_number=tax_number if kind == InvoiceKind.COMPANY else "", email=email, asked_at=now,
            )  # fmt: skip
    except IntegrityError as twice:
        raise errors.InvoiceAsked() from twice
    return made


@transaction.atomic
def withdraw_invoice(*, invoice_id: int, member: Member, now: datetime) -> Invoice:
    """Before it is issued. Raises NoSuchInvoice (also for another's), IllegalMove."""
    found = _locked(invoice_id)
    if found.member_id != member.pk:
        raise errors.NoSuchInvoice()
    _move(found, InvoiceState.WITHDRAWN)
    found.save(update_fields=["state"])
    return found


@transaction.atomic
def issue(*, invoice_id: int, actor_member: Member, number: str, now: datetime) -> Invoice:
    """The shop issued it under this number, about what is paid and did not go back at this moment.

    Raises NotAllowed, NoSuchInvoice, NumberNeeded, NumberTaken, NothingToInvoice, IllegalMove.
    """
    found = for_staff(invoice_id, actor_member)
    left = found.order.amount_minor - found.order.refunded_minor
    if left <= 0:
        raise errors.NothingToInvoice()
    _move(found, InvoiceState.ISSUED)
    found.number, found.amount_minor = _number(number), left
    found.issued_at, found.issued_by = now, actor_member
    _store(found, "number", "amount_minor", "issued_at", "issued_by")
    _note(found, actor_member, "issue_invoice", found.number, now)
    record(InvoiceIssued(invoice_id=found.pk, order_id=found.order_id, member_id=found.member_id), now=now)
    notify(
        member_id=found.member_id, kind="invoice_issued", params={"number": found.number},
        link=f"/o/{found.order.number}/invoice", key=f"invoice:{found.pk}", now=now,
    )  # fmt: skip
    return found


@transaction.atomic
def reverse(*, invoice_id: int, actor_member: Member, red_number: str, now: datetime) -> Invoice:
    """A red-letter invoice cancels it; for what was not refunded a new one may be asked. Raises as `issue` does."""
    found = for_staff(invoice_id, actor_member)
    _move(found, InvoiceState.REVERSED)
    found.red_number, found.reversed_at, found.reversed_by = _number(red_number), now, actor_member
    _store(found, "red_number", "reversed_at", "reversed_by")
    _note(found, actor_member, "reverse_invoice", found.red_number, now)
    record(InvoiceReversed(invoice_id=found.pk, order_id=found.order_id, member_id=found.member_id), now=now)
    return found


@transaction.atomic
def need_red_letter(*, order_id: int, now: datetime) -> bool:
    """Money of an order went back: an invoice about more than what is left is to be cancelled.

    One that was issued after the refund is right already, however late or often the refund is told.
    """
    order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
    found = Invoice.objects.select_for_update().filter(order=order, state=InvoiceState.ISSUED).first()
    if found is None or found.amount_minor == order.amount_minor - order.refunded_minor:
        return False
    _move(found, InvoiceState.RED_NEEDED)
    found.red_needed_at = now
    found.save(update_fields=["state", "red_needed_at"])
    return True


def _check(kind: str, title: str, tax_number: str, email: str) -> None:
    wrong: list[DomainError] = []
    if kind not in InvoiceKind.values:
        wrong.append(errors.UnknownInvoiceKind(field="kind"))
    if not 1 <= len(title) <= LONGEST_TITLE:
        wrong.append(errors.TitleNeeded(field="title", most=LONGEST_TITLE))
    if kind == InvoiceKind.COMPANY and not TAX_NUMBER.fullmatch(tax_number):
        wrong.append(errors.TaxNumberNeeded(field="tax_number"))
    if email and not _is_email(email):
        wrong.append(errors.BadInvoiceEmail(field="email"))
    Errors.raise_any(wrong)


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 120


def _number(text: str) -> str:
    text = clean(text)
    if not NUMBER.fullmatch(text):
        raise errors.NumberNeeded(field="number")
    return text


def for_staff(invoice_id: int, actor: Member) -> Invoice:
    """Under its lock and its order's. Raises NotAllowed, NoSuchInvoice."""
    if not may_issue(actor):
        raise NotAllowed()
    return _locked(invoice_id)


def _locked(invoice_id: int) -> Invoice:
    order_id = Invoice.objects.filter(pk=invoice_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise errors.NoSuchInvoice()
    Order.objects.select_for_update(of=("self",)).get(pk=order_id)
    return Invoice.objects.select_for_update(of=("self",)).select_related("order").get(pk=invoice_id)


def _move(found: Invoice, state: InvoiceState) -> None:
    INVOICE_MOVES.check(found.state, state)
    found.state = state


def _store(found: Invoice, *fields: str) -> None:
    try:
        with transaction.atomic():
            found.save(update_fields=["state", *fields])
    except IntegrityError as taken:
        raise errors.NumberTaken(field="number") from taken


def _note(found: Invoice, actor: Member, act: str, number: str, now: datetime) -> None:
    after = {"number": number, "amount_minor": found.amount_minor}
    audit(actor=actor, action=f"aftersales.{act}", target=f"invoice:{found.pk}", after=after, now=now)
