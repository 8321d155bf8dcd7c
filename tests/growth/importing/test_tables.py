"""Which sheet of a workbook is read, and sheets that are web pages."""

from __future__ import annotations

import io

import openpyxl
import pytest

from quanzi.growth.importing.goods.fields import FIELDS
from quanzi.growth.importing.models import Sheet
from quanzi.growth.importing.sheets import services
from quanzi.growth.importing.tables.errors import EmptySheet
from quanzi.growth.importing.tables.mapping import guess
from quanzi.growth.importing.tables.reading import Table, read
from quanzi.kernel import clock
from tests.factories.people import make_staff

EXPLAINED = {
    "填写说明": [["说明"], ["请勿修改表头"], ["价格以元为单位"]],
    "商品": [["商品名称", "商家编码", "价格"], ["水蜜桃", "P-5", 39.9], ["黄桃", "P-6", 42]],
    "下架": [["商品名称", "商家编码", "价格"], ["冬枣", "D-1", 12]],
}


def book_of(sheets: dict[str, list[list[object]]], hidden: str = "") -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if name == hidden else "visible"
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table_of(data: bytes, worksheet: str = "") -> Table:
    return read(
        data, file_name="sheet", most_bytes=1_000_000, worksheet=worksheet, likeness=lambda headings: len(guess(headings, FIELDS))
    )  # fmt: skip


def test_the_sheet_with_the_columns_we_know_is_read_and_not_the_explanations_before_it() -> None:
    table = table_of(book_of(EXPLAINED))
    assert (table.worksheet, table.worksheets) == ("商品", ("填写说明", "商品", "下架"))
    assert [row.cells[0] for row in table.rows()] == ["水蜜桃", "黄桃"]


def test_another_sheet_is_read_by_its_name_and_one_that_is_not_there_by_none() -> None:
    data = book_of(EXPLAINED)
    assert [row.cells[0] for row in table_of(data, "下架").rows()] == ["冬枣"]
    assert table_of(data, "没有").worksheet == "商品"


def test_hidden_and_empty_sheets_are_passed_over() -> None:
    assert table_of(book_of(EXPLAINED, hidden="商品")).worksheet == "下架"
    assert table_of(book_of({"空": [], **EXPLAINED})).worksheet == "商品"
    with pytest.raises(EmptySheet):
        table_of(book_of({"空": [], "也空": [["商品名称"]]}))


WEB_PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="gb2312"><style>td {mso: x}</style></head><body>
<table><tr><td>导出时间</td></tr></table>
<table border=1><thead><tr><th>商品名称<th>商家编码</th><th colspan=2>价格 &amp; 单位</th></tr></thead>
<tr><td>水蜜桃<br>特级</td><td style='mso-number-format:"@"'>P-5</td><td>39.90</td><td>箱</td></tr>
<tr><td>黄桃</td><td>P-6</td><td>42</td><td>箱</td></tr></table></body></html>"""


@pytest.mark.parametrize("way", ["utf-8", "utf-8-sig", "gbk"])
def test_a_web_page_that_is_called_xls_is_read(way: str) -> None:
    table = table_of(WEB_PAGE.encode(way))
    assert table.headings == ("商品名称", "商家编码", "价格 & 单位")
    assert [row.cells for row in table.rows()] == [("水蜜桃\n特级", "P-5", "39.90"), ("黄桃", "P-6", "42")]


def test_a_web_page_without_a_table_holds_nothing() -> None:
    for page in ("<html><body>Please log in</body></html>", "<table></table>", "<table><tr><td colspan=999999999>x"):
        with pytest.raises(EmptySheet):
            table_of(page.encode())


@pytest.mark.django_db
def test_choosing_another_sheet_guesses_its_columns_anew() -> None:
    sheets = {**EXPLAINED, "下架": [["货号", "名称", "售价"], ["D-1", "冬枣", 12]]}
    sheet = services.send_in(
        kind="goods", data=book_of(sheets), file_name="a.xlsx", actor=make_staff("owner"), now=clock.now()
    )
    assert (sheet.options["worksheet"], sheet.rows, sheet.mapping["code"]) == ("商品", 2, "商家编码")
    services.choose(sheet=sheet, mapping=sheet.mapping, options={"worksheet": "下架"}, now=clock.now())
    sheet = Sheet.objects.get(pk=sheet.pk)
    assert (sheet.options["worksheet"], sheet.rows, sheet.mapping["code"]) == ("下架", 1, "货号")
    plan = services.goods_plan(sheet)
    assert not plan.problems and [one.values["name"] for one in plan.products] == ["冬枣"]
    services.choose(sheet=sheet, mapping=sheet.mapping, options={"worksheet": "没有这张"}, now=clock.now())
    assert Sheet.objects.get(pk=sheet.pk).options["worksheet"] == "商品"
