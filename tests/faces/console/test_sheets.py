"""Sheets and archives in the console: sent in, looked at, corrected, applied; everything out, once."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from quanzi.base.audit.models import AuditEntry
from quanzi.base.jobs.services import run_due
from quanzi.goods.catalogue.models import Product, Sku
from quanzi.growth.exporting.models import DataExport, ExportState
from quanzi.growth.exporting.services import path_of
from quanzi.growth.importing.models import PastOrder, Sheet, SheetContent, WantedPicture
from quanzi.growth.importing.sheets import services
from quanzi.kernel import clock
from tests.faces.console.desk import page, staff_client
from tests.factories.goods import make_sku
from tests.growth.importing.test_goods_sheets import OWN, SHOPIFY
from tests.growth.importing.test_past_orders import TAOBAO
from tests.growth.importing.test_tables import EXPLAINED, book_of

pytestmark = pytest.mark.django_db

GOODS = OWN.replace("grove", "")


def send(client: Client, content: str | bytes, kind: str = "goods", name: str = "货.csv") -> Sheet:
    data = content.encode() if isinstance(content, str) else content
    response = client.post(reverse("console:sheet_new"), {"kind": kind, "sheet": SimpleUploadedFile(name, data)})
    sheet = Sheet.objects.order_by("-pk").first()
    assert sheet is not None
    assert response["Location"] == reverse("console:sheet", args=[sheet.pk])
    return sheet


def test_a_workbook_says_which_of_its_sheets_is_read_and_another_can_be_chosen() -> None:
    client = staff_client("operator")
    sheet = send(client, book_of(EXPLAINED), name="货.xlsx")
    drawn = page(client, "sheet", sheet.pk)
    assert "水蜜桃" in drawn and '<option value="商品" selected>' in drawn and '<option value="填写说明">' in drawn
    sent = {"worksheet": "下架", "column.name": "商品名称", "column.code": "商家编码"}
    assert client.post(reverse("console:sheet_columns", args=[sheet.pk]), sent).status_code == 302
    drawn = page(client, "sheet", sheet.pk)
    assert "冬枣" in drawn and "水蜜桃" not in drawn and '<option value="下架" selected>' in drawn
    assert 'name="worksheet"' not in page(client, "sheet", send(client, GOODS).pk)


def apply(client: Client, sheet: Sheet, plan: str = "") -> Sheet:
    client.post(reverse("console:sheet_apply", args=[sheet.pk]), {"plan": plan})
    sheet.refresh_from_db()
    return sheet


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "新增 3"), ("en", "3 new")])
def test_goods_are_looked_at_and_applied_at_once(language: str, words: str) -> None:
    client = staff_client("operator", language)
    sheet = send(client, GOODS)
    drawn = page(client, "sheet", sheet.pk)
    assert words in drawn and "PEACH-5" in drawn and "39.90" in drawn
    assert not Product.objects.exists()
    assert 'name="stock" value="on">' in drawn, "nobody ticks for the merchant"
    done = apply(client, sheet, services.goods_plan(sheet).fingerprint)
    assert (done.state, done.report["new"], done.done) == ("done", 3, 3)
    assert Sku.objects.get(code="PEACH-5").price_minor == 3990
    assert not SheetContent.objects.exists()
    assert "PEACH" not in page(client, "sheet", sheet.pk)
    assert set(AuditEntry.objects.filter(target=f"sheet:{sheet.pk}").values_list("action", flat=True)) == {
        "importing.send_in",
        "importing.apply",
    }


def test_problems_are_told_by_row_and_column_in_the_readers_language_and_nothing_can_be_applied() -> None:
    client = staff_client("operator")
    sheet = send(client, GOODS.replace("26.80", "贵"))
    drawn = page(client, "sheet", sheet.pk)
    assert "第 3 行" in drawn and "price" in drawn and "“贵”" in drawn
    assert reverse("console:sheet_apply", args=[sheet.pk]) not in drawn
    failed = apply(client, sheet, services.goods_plan(sheet).fingerprint)
    assert failed.state == "failed" and not Product.objects.exists()
    assert "1" in page(client, "sheet", sheet.pk)


def test_a_shop_that_changed_in_between_is_said_and_the_sheet_can_be_looked_at_again() -> None:
    client = staff_client("operator", "en")
    sheet = send(client, GOODS)
    seen = services.goods_plan(sheet).fingerprint
    make_sku(code="OTHER")
    Product.objects.create(name="桃酱", slug="jam")
    assert apply(client, sheet, seen).state == "failed"
    assert "The shop has changed since this was checked" in page(client, "sheet", sheet.pk)
    assert apply(client, sheet, services.goods_plan(sheet).fingerprint).state == "done"


def test_unknown_headings_are_mapped_on_the_page() -> None:
    client = staff_client("operator", "en")
    sheet = send(client, "Artikel;Nr;Preis\nBirnen;B-1;12.00\n")
    assert "Say which column holds: Name, Price." in page(client, "sheet", sheet.pk)
    columns = reverse("console:sheet_columns", args=[sheet.pk])
    wrong = client.post(columns, {"column.name": "Nowhere", "column.price": "Preis"})
    assert wrong.status_code == 422 and "no column called “Nowhere”" in wrong.content.decode()
    sent = {"column.name": "Artikel", "column.price": "Preis", "column.code": "Nr"}
    assert client.post(columns, sent).status_code == 302
    drawn = page(client, "sheet", sheet.pk)
    assert "1 new" in drawn and "Birnen" in drawn


def test_orders_from_before_are_mapped_looked_at_and_brought_in_by_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "AT_ONCE", 1)
    client = staff_client("operator", "en")
    sheet = send(client, TAOBAO.encode("gbk"), kind="orders", name="orders.csv")
    drawn = page(client, "sheet", sheet.pk)
    assert "1 row is left out: nobody paid this order" in drawn and "阳山水蜜桃" in drawn
    assert apply(client, sheet).state == "waiting"
    assert "every 2s" in page(client, "sheet", sheet.pk)
    run_due(clock.now())
    sheet.refresh_from_db()
    assert (sheet.state, sheet.report["new_orders"], sheet.report["new_people"]) == ("done", 2, 2)
    assert PastOrder.objects.filter(sheet=sheet).count() == 2
    assert "New people, without contact or login" in page(client, "sheet", sheet.pk)
    again = apply(client, send(client, TAOBAO, kind="orders"))
    run_due(clock.now())
    again.refresh_from_db()
    assert again.report["known_orders"] == 2 and PastOrder.objects.count() == 2


def test_a_sheet_is_dropped_or_forgotten_with_what_it_held() -> None:
    client = staff_client("operator")
    dropped, forgotten = send(client, GOODS), send(client, GOODS)
    client.post(reverse("console:sheet_drop", args=[dropped.pk]))
    assert SheetContent.objects.count() == 1
    assert services.forget_old(now=clock.now() + timedelta(hours=23)) == 0
    assert services.forget_old(now=clock.now() + timedelta(hours=25)) == 1
    assert not SheetContent.objects.exists()
    assert "dropped" not in page(client, "sheet", forgotten.pk)
    client.post(reverse("console:sheet_apply", args=[forgotten.pk]))
    assert not Product.objects.exists()


@pytest.mark.parametrize("sent", [b"\x89PNG\x00", b"PK\x03\x04x", b"", b"a,a\n1,2\n"])
def test_what_is_no_sheet_is_told_as_a_notice(sent: bytes) -> None:
    client = staff_client("operator")
    client.post(reverse("console:sheet_new"), {"kind": "goods", "sheet": SimpleUploadedFile("x.csv", sent)})
    assert not Sheet.objects.exists()
    assert 'role="alert"' in page(client, "imports") or "notice" in page(client, "imports")


def test_the_goods_leave_as_a_sheet() -> None:
    make_sku(code="JAM")
    client = staff_client("operator")
    response = client.get(reverse("console:goods_sheet") + "?as=csv")
    assert "JAM" in response.content.decode("utf-8-sig") and response["Content-Disposition"].endswith('.csv"')
    assert client.get(reverse("console:goods_sheet") + "?as=exe").status_code == 404


def test_the_pages_cost_as_many_queries_for_twenty_sheets_as_for_one(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    client = staff_client("operator")
    send(client, GOODS)
    page(client, "imports")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        page(client, "imports")
    for _ in range(19):
        send(client, GOODS)
    with CaptureQueriesContext(connection) as twenty:
        page(client, "imports")
    assert len(twenty) == len(one)


def test_an_archive_is_asked_for_with_a_tick_and_handed_over_once(settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.QUANZI_HOME = tmp_path
    client = staff_client("owner")
    client.post(reverse("console:export_ask"))
    assert not DataExport.objects.exists()
    client.post(reverse("console:export_ask"), {"knows": "on"})
    asked = DataExport.objects.get()
    assert "<progress" in page(client, "imports")
    # The writing itself needs a snapshot of its own: tests/growth/exporting.
    path_of(asked).parent.mkdir()
    path_of(asked).write_bytes(b"archive")
    DataExport.objects.update(
        state=ExportState.READY, ready_at=clock.now(), expires_at=clock.now() + timedelta(days=1), size=7
    )
    fetch = reverse("console:export_fetch", args=[asked.pk])
    assert fetch in page(client, "imports")
    response = client.post(fetch)
    assert b"".join(response.streaming_content) == b"archive" and response["Content-Type"] == "application/zip"
    assert client.post(fetch).status_code == 410
    assert io.BytesIO().read() == b"" and not path_of(asked).exists()
    assert staff_client("owner").post(fetch).status_code == 404


def test_what_is_left_out_is_told_and_states_are_words() -> None:
    client = staff_client("operator")
    drawn = page(client, "sheet", send(client, SHOPIFY).pk)
    assert "不会导入的列" in drawn and "Vendor" in drawn.split("不会导入的列")[1][:80]
    drawn = page(client, "sheet", send(client, "product,name,code,price,state\npeach,蜜桃,P-1,39.90,on_sale\n").pk)
    assert "<b>on_sale</b>" not in drawn and "<b>在售</b>" in drawn


def test_rows_that_could_not_be_read_are_counted_among_those_left_out() -> None:
    client = staff_client("operator")
    sheet = send(client, TAOBAO.replace("2026-03-05 10:00", "gestern"), "orders", "单.csv")
    Sheet.objects.filter(pk=sheet.pk).update(options={**sheet.options, "skip": "on", "source": "淘宝"})
    done = apply(client, sheet)
    assert (done.report["new_orders"], done.report["left_out"]) == (
        1,
        2,
    )  # one date, and one order that was closed unpaid


def test_pictures_that_could_not_be_fetched_are_told_with_their_goods() -> None:
    client, product = staff_client("operator", "en"), make_sku().product
    now = clock.now()
    WantedPicture.objects.create(
        product=product, url="https://cdn.example/1.jpg", trouble="status 404", asked_at=now, fetched_at=now
    )
    WantedPicture.objects.create(
        product=product, url="https://cdn.example/2.jpg", trouble="fetch_failed", asked_at=now, fetched_at=now
    )
    WantedPicture.objects.create(product=product, url="https://cdn.example/3.jpg", asked_at=now)
    drawn = page(client, "imports")
    assert "1 picture is still to be fetched." in drawn
    assert "the address answered 404" in drawn and "nobody answered there" in drawn
    assert "https://cdn.example/1.jpg" in drawn and "https://cdn.example/3.jpg" not in drawn


def test_a_field_without_a_column_is_told_in_words_and_how_to_go_on() -> None:
    client = staff_client("operator")
    drawn = page(client, "sheet", send(client, "名称,价格\n茶,5\n茶,6\n").pk)
    assert "第 3 行，规格编码：" in drawn
    assert "只要有一个单元格不对，就什么都不会写入。" in drawn


def test_the_address_of_a_form_is_a_page_with_a_way_on() -> None:
    client = staff_client("operator")
    answer = client.get(reverse("console:sheet_new"), headers={"Accept": "text/html"})
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "这个地址只接收表单发来的内容" in answer.content.decode() and 'href="/console/"' in answer.content.decode()
    assert client.get(reverse("console:sheet_new")).content == b"", "programs get the bare status"
