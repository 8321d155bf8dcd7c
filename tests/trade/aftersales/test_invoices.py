"""Invoices: asked, issued, and cancelled by a red letter when money goes back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from pypdf import PdfReader

from quanzi.base.events.services import deliver_pending
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, IllegalMove, NotAllowed
from quanzi.trade.aftersales import errors, services
from quanzi.trade.aftersales.files import kind_of
from quanzi.trade.aftersales.models import Invoice
from quanzi.trade.aftersales.papers import invoice_paper
from quanzi.trade.aftersales.queries import invoice_file, invoice_months, invoices, invoices_of
from quanzi.trade.aftersales.queries.invoices import InvoiceRow
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.errors import NoSuchOrder
from quanzi.trade.sales.models import Order
from tests.factories.trade import make_buyer, make_order, make_paid_order, make_staff

pytestmark = pytest.mark.django_db

COMPANY = {"kind": "company", "title": "山里人家合作社", "tax_number": "91330000MA27XXXX0A"}


def ask(order: Order, **more: object) -> Invoice:
    return services.ask_invoice(
        **{
            "order_id": order.pk,
            "member": order.member,
            "kind": "person",
            "title": "李小雨",
            "now": clock.now(),
            **more,
        }
    )


def test_a_refund_calls_for_a_red_letter_and_the_rest_is_invoiced_anew(assert_well: Callable[[], None]) -> None:
    order, finance = make_paid_order(), make_staff("finance")
    made = ask(order, **COMPANY)
    with pytest.raises(errors.InvoiceAsked):
        ask(order)
    services.issue(invoice_id=made.pk, actor_member=finance, number="25332000000012345678", now=clock.now())
    line = order.lines.get()
    sales.refund_line(
        line_id=line.pk, amount_minor=100, reason="test", actor="test", idempotency_key="r", now=clock.now()
    )
    deliver_pending(now=clock.now())
    made.refresh_from_db()
    assert (made.state, made.amount_minor) == ("red_needed", order.amount_minor)
    assert_well()
    services.reverse(invoice_id=made.pk, actor_member=finance, red_number="25332000000099999999", now=clock.now())
    again = ask(order)
    with pytest.raises(errors.NumberTaken):
        services.issue(invoice_id=again.pk, actor_member=finance, number="25332000000012345678", now=clock.now())
    services.issue(invoice_id=again.pk, actor_member=finance, number="25332000000012345679", now=clock.now())
    [month] = invoice_months()
    assert (month.issued, month.reversed, month.net.minor) == (2, 1, order.amount_minor - 100)
    assert [row.state for row in invoices_of(order.pk)] == ["issued", "reversed"]
    anew, cancelled = (paper_of(row) for row in invoices_of(order.pk))
    assert "−1.00" in anew and f"¥{(order.amount_minor - 100) / 100:.2f}" in anew
    assert f"−{order.amount_minor / 100:.2f}" in cancelled and "25332000000099999999" in cancelled
    assert_well()


def paper_of(row: InvoiceRow) -> str:
    pages = PdfReader(io.BytesIO(invoice_paper(row, now=clock.now()))).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def test_who_asks_for_what() -> None:
    order = make_paid_order()
    with pytest.raises(NoSuchOrder):
        ask(order, member=make_buyer())
    with pytest.raises(errors.NothingToInvoice):
        ask(make_order())
    for wrong in ({"kind": "company", "tax_number": "12"}, {"title": " "}, {"kind": "x"}, {"email": "nobody"}):
        with pytest.raises(DomainError):
            ask(order, **wrong)
    made = ask(order)
    with pytest.raises(errors.NoSuchInvoice):
        services.withdraw_invoice(invoice_id=made.pk, member=make_buyer(), now=clock.now())
    with pytest.raises(NotAllowed):
        services.issue(invoice_id=made.pk, actor_member=make_staff("support"), number="1234", now=clock.now())
    assert [row.id for row in invoices(group="asked")] == [made.pk]
    services.withdraw_invoice(invoice_id=made.pk, member=order.member, now=clock.now())
    with pytest.raises(IllegalMove):
        services.issue(invoice_id=made.pk, actor_member=make_staff("finance"), number="1234", now=clock.now())


def test_the_database_knows_no_invoice_without_its_number() -> None:
    made = ask(make_paid_order())
    for change in ("state = 'issued', issued_at = now(), amount_minor = 1", "state = 'reversed'", "number = '1234'"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE aftersales_invoice SET {change} WHERE id = %s", [made.pk])


def test_a_refund_that_is_told_late_or_twice_cancels_no_invoice_that_knew_of_it(
    assert_well: Callable[[], None],
) -> None:
    order, finance = make_paid_order(), make_staff("finance")
    made = ask(order)
    sales.refund_line(
        line_id=order.lines.get().pk, amount_minor=100, reason="test", actor="test", idempotency_key="r", now=clock.now()
    )  # fmt: skip
    services.issue(invoice_id=made.pk, actor_member=finance, number="25332000000012345678", now=clock.now())
    deliver_pending(now=clock.now())
    assert not services.need_red_letter(order_id=order.pk, now=clock.now())
    made.refresh_from_db()
    assert (made.state, made.amount_minor) == ("issued", order.amount_minor - 100)
    assert_well()


def test_the_lawful_file_is_kept_and_given_to_its_buyer_only() -> None:
    order, finance = make_paid_order(), make_staff("finance")
    made, pdf = ask(order), b"%PDF-1.7 invoice %%EOF\n"
    with pytest.raises(errors.NotIssuedYet):
        services.keep_file(invoice_id=made.pk, actor_member=finance, data=pdf, is_red=False, now=clock.now())
    services.issue(invoice_id=made.pk, actor_member=finance, number="25332000000012345678", now=clock.now())
    first = services.keep_file(invoice_id=made.pk, actor_member=finance, data=pdf, is_red=False, now=clock.now())
    assert (
        services.keep_file(invoice_id=made.pk, actor_member=finance, data=pdf, is_red=False, now=clock.now()) == first
    )
    with pytest.raises(errors.NotIssuedYet):
        services.keep_file(invoice_id=made.pk, actor_member=finance, data=pdf, is_red=True, now=clock.now())
    with pytest.raises(NotAllowed):
        services.keep_file(invoice_id=made.pk, actor_member=make_buyer(), data=pdf, is_red=False, now=clock.now())
    assert (invoices_of(order.pk)[0].file_kind, invoices_of(order.pk)[0].red_file_kind) == ("pdf", "")
    assert bytes(invoice_file(made.pk, is_red=False, order_id=order.pk).data) == pdf
    with pytest.raises(errors.NoInvoiceFile):
        invoice_file(made.pk, is_red=False, order_id=make_paid_order().pk)


def ofd(name: str = "OFD.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "<ofd/>")
    return out.getvalue()


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7 cut off", b"<html>%PDF-", b"PK\x03\x04 no zip", ofd("other.xml"), b"%PDF-" + b"x" * 5_000_000 + b"%%EOF"]
)  # fmt: skip
def test_what_is_no_invoice_is_not_kept(data: bytes) -> None:
    with pytest.raises(errors.NotAnInvoiceFile):
        kind_of(data)


def test_an_ofd_file_is_known_by_what_is_in_it() -> None:
    assert kind_of(ofd()) == "ofd"
