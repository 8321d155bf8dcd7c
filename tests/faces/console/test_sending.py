"""Packing and sending off, as the staff does it on pages."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from quanzi.base.jobs.services import run_due
from quanzi.kernel import clock
from quanzi.trade.fulfilment.models import DispatchBatch, Parcel
from tests.faces.console.desk import page, staff_client
from tests.factories.goods import make_sku
from tests.factories.trade import make_paid_order, open_fulfilment

pytestmark = pytest.mark.django_db


def waiting(quantity: int = 1):  # type: ignore[no-untyped-def]
    order = make_paid_order(sku=make_sku(stock_of=9), quantity=quantity)
    open_fulfilment(order)
    return order


def test_an_order_is_packed_in_two_parcels_and_each_is_sent_from_its_page() -> None:
    client, order = staff_client("operator"), waiting(3)
    line = order.lines.get()
    pack, where = reverse("console:order_pack", args=[order.number]), reverse("console:order", args=[order.number])
    assert client.post(pack, {f"line-{line.pk}": "9"}).status_code == 422
    client.post(pack, {f"line-{line.pk}": "2"})
    client.post(pack, {f"line-{line.pk}": "1"})
    for parcel in Parcel.objects.order_by("position"):
        sent = {"act": "ship", "carrier": "顺丰", "tracking": f"SF{parcel.position}"}
        assert client.post(reverse("console:parcel_move", args=[parcel.pk]), sent).status_code == 302
    order.refresh_from_db()
    drawn = client.get(where).content.decode()
    assert order.state == "handed_over" and "SF1" in drawn and "SF2" in drawn
    client.force_login(order.member)
    drawn = client.get(reverse("storefront:order", args=[order.number])).content.decode()
    assert "SF1" in drawn and "SF2" in drawn


def test_ticked_orders_leave_in_one_click_and_the_page_says_how_far_it_is() -> None:
    client, first, second, third = staff_client("operator", "en"), waiting(), waiting(), waiting()
    sent = {
        "row": [first.pk, second.pk], "carrier": "顺丰", f"tracking-{first.pk}": "SF1", f"tracking-{second.pk}": "SF2", "key": "k",
    }  # fmt: skip
    answer = client.post(reverse("console:dispatch"), sent)
    batch = DispatchBatch.objects.get()
    assert answer.headers["Location"].endswith(f"/{batch.pk}")
    assert "2 still wait" in page(client, "dispatch_batch", batch.pk)
    run_due(clock.now())
    drawn = page(client, "dispatch_batch", batch.pk)
    assert "SF1" in drawn and "SF2" in drawn and "hx-get" not in drawn.split('id="progress"')[1].split(">")[0]
    left = page(client, "dispatch")
    assert third.number in left and first.number not in left


def test_what_was_ticked_and_typed_stays_when_something_is_missing() -> None:
    client, first, second = staff_client("operator", "en"), waiting(), waiting()
    answer = client.post(reverse("console:dispatch"), {"row": [first.pk], f"tracking-{first.pk}": "SF1", "key": "k"})
    drawn = answer.content.decode()
    assert (answer.status_code, DispatchBatch.objects.count()) == (422, 0)
    assert f'value="{first.pk}" aria-label="{first.number}" checked' in drawn and 'value="SF1"' in drawn
    assert f'value="{second.pk}" aria-label="{second.number}">' in drawn


def test_a_sheet_goes_out_and_comes_back_filled_in_and_a_mistake_sends_nothing() -> None:
    client, first, second = staff_client("operator"), waiting(), waiting()
    taken = client.get(reverse("console:dispatch") + "?sheet=1")
    book = load_workbook(BytesIO(taken.content))
    numbers = [row[0].value for row in book.active.iter_rows(min_row=2)]  # type: ignore[union-attr]
    assert numbers == [first.number, second.number]

    def bring(*rows: str) -> int:
        text = "\n".join(["Order,Carrier,Tracking", *rows]).encode()
        return client.post(
            reverse("console:dispatch"), {"sheet": SimpleUploadedFile("a.csv", text), "key": "s"}
        ).status_code

    assert bring(f"{first.number},顺丰,SF1", "260101-NOBODY,顺丰,SF2") == 422
    assert not DispatchBatch.objects.exists()
    assert bring(f"{first.number},顺丰,SF1", f"{second.number},,") == 302
    run_due(clock.now())
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("handed_over", "paid")
