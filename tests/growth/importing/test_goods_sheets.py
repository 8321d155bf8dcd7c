"""Goods by sheet: read as shops export them, compared row by row, applied whole or not at all, and out again unchanged."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from quanzi.base.audit.models import AuditEntry
from quanzi.goods.catalogue.models import PriceChange, Product, Sku
from quanzi.goods.catalogue.services import pause
from quanzi.goods.stock.queries import levels
from quanzi.growth.importing.goods.errors import GoodsRefused, ShopChanged
from quanzi.growth.importing.goods.exporting import goods_sheet
from quanzi.growth.importing.goods.fields import FIELDS, recognised
from quanzi.growth.importing.goods.planning import Plan, plan
from quanzi.growth.importing.goods.reading import Goods, as_text, options_in, read_goods
from quanzi.growth.importing.goods.services import apply
from quanzi.growth.importing.models import WantedPicture
from quanzi.growth.importing.tables import workbook
from quanzi.growth.importing.tables.cells import plain, safe
from quanzi.growth.importing.tables.errors import HostileWorkbook, NotASheet, SheetTooLarge, TooManyRows
from quanzi.growth.importing.tables.mapping import guess
from quanzi.growth.importing.tables.reading import Table, read, separator_of
from quanzi.growth.importing.tables.writing import as_xlsx
from quanzi.kernel import clock
from tests.factories.goods import bring_in, make_maker, make_product, make_sku
from tests.factories.trade import make_order

OWN = """product,name,maker,state,return_rule,code,option1_name,option1_value,price,cost,stock
peach,阳山水蜜桃,grove,on_sale,fresh,PEACH-5,规格,5 斤,39.90,20,40
peach,,,,,PEACH-3,规格,3 斤,26.80,13,
jam,桃酱,,,,JAM,,,18,9.5,12
"""

SHOPIFY = """Handle,Title,Body (HTML),Vendor,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Grams,\
Variant Inventory Qty,Variant Price,Image Src,Status,Cost per item
linen-shirt,Linen shirt,"<p>Soft &amp; light.</p><ul><li>Washed</li></ul>",Mill,Size,S,Color,Sand,LS-S,320,7,49.00,\
https://cdn.example/1.jpg,active,21.50
linen-shirt,,,,,M,,Sand,LS-M,330,0,49.00,https://cdn.example/2.jpg,,21.50
linen-shirt,,,,,,,,,,,,https://cdn.example/3.jpg,,
mug,Mug,,Mill,Title,Default Title,,,MUG,400,3,12.50,,draft,
"""

TAOBAO = """宝贝ID,宝贝标题,规格,商家编码,价格,库存,宝贝图片
6512,云南小粒咖啡豆,烘焙:中烘;重量:250g,,￥58.00,20,
,,烘焙:深烘;重量:250g,,￥58.00,15,
6513,手冲壶,-,POT-1,"1,299",3,
"""

YOUZAN = """商品名称\t规格\t规格编码\t价格（元）\t库存\t商品卖点
桂花酒酿\t两瓶装\tYZ-1\t39.9\t100\t当天做
"""


def table_of(text: str | bytes, **limits: int) -> Table:
    data = text.encode() if isinstance(text, str) else text
    return read(data, file_name="goods.csv", **{"most_bytes": 1_000_000, **limits})


def goods_of(text: str | bytes) -> tuple[Goods, dict[str, str]]:
    table = table_of(text)
    columns = guess(table.headings, FIELDS)
    return read_goods(table, columns), columns


def plan_of(text: str | bytes, *, with_stock: bool = False) -> Plan:
    goods, columns = goods_of(text)
    return plan(goods, with_stock=with_stock, columns=columns)


def apply_sheet(text: str | bytes, *, with_stock: bool = False, key: str = "sheet:1") -> Plan:
    goods, columns = goods_of(text)
    found = plan(goods, with_stock=with_stock, columns=columns)
    return apply(
        goods=goods,
        columns=columns,
        with_stock=with_stock,
        expected=found.fingerprint,
        key=key,
        actor="test",
        now=clock.now(),
    )


def reasons(found: Plan) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.reason.code) for one in found.problems]


@pytest.mark.django_db
def test_our_own_format_makes_products_with_variants_prices_and_stock() -> None:
    make_maker(slug="grove")
    assert apply_sheet(OWN).counts() == {"new": 3, "change": 0, "same": 0, "pictures": 0}
    peach = Product.objects.get(slug="peach")
    assert (peach.name, peach.state, peach.return_rule, peach.maker and peach.maker.slug) == (
        "阳山水蜜桃", "on_sale", "fresh", "grove",
    )  # fmt: skip
    five, three = peach.skus.order_by("position")
    assert (five.code, five.options, five.price_minor, five.cost_minor) == ("PEACH-5", {"规格": "5 斤"}, 3990, 2000)
    assert {sku_id: row.on_hand for sku_id, row in levels([five.pk, three.pk]).items()} == {five.pk: 40, three.pk: 0}
    assert Product.objects.get(slug="jam").state == "draft"
    assert AuditEntry.objects.filter(action="catalogue.add_sku").count() == 3


@pytest.mark.django_db
def test_the_same_sheet_twice_changes_nothing_and_a_changed_one_changes_what_it_says() -> None:
    make_maker(slug="grove")
    apply_sheet(OWN)
    again = apply_sheet(OWN)
    assert again.counts() == {"new": 0, "change": 0, "same": 3, "pictures": 0}
    prices = PriceChange.objects.count()
    found = apply_sheet(OWN.replace("26.80", "24.80").replace("桃酱", "山桃酱"))
    assert [(row.row, row.verb, [(c.field, c.before, c.after) for c in row.changes]) for row in found.rows()] == [
        (2, "same", []),
        (3, "change", [("price_minor", 2680, 2480)]),
        (4, "change", [("name", "桃酱", "山桃酱")]),
    ]
    assert PriceChange.objects.count() == prices + 1


@pytest.mark.django_db
def test_the_shelf_of_known_variants_changes_only_when_asked() -> None:
    sku = make_sku(code="JAM", stock_of=30)
    sheet = f"name,code,price,stock\n{sku.product.name},JAM,39.90,25\n"
    assert plan_of(sheet).counts()["same"] == 1
    apply_sheet(sheet, with_stock=True)
    assert levels([sku.pk])[sku.pk].on_hand == 25
    apply_sheet(sheet, with_stock=True)
    assert levels([sku.pk])[sku.pk].on_hand == 25


@pytest.mark.django_db
def test_fewer_than_are_held_for_orders_is_a_problem_of_its_cell() -> None:
    sku = make_sku(code="JAM", stock_of=30)
    make_order(sku=sku)
    assert reasons(plan_of("name,code,price,库存\nx,JAM,39.90,0\n", with_stock=True)) == [(2, "库存", "below_held")]


@pytest.mark.django_db
def test_every_cell_that_cannot_be_used_is_named_and_nothing_is_changed() -> None:
    make_sku(code="ELSEWHERE")
    sheet = (
        "product,name,maker,code,价格,库存,state,return_days\n"
        "a,甲,谁家,A-1,12.345,5,on_sale,3\n"
        "a,,,A-1,9,-2,,\n"
        "b,,,B-1,,x,gone,\n"
        "c,丙,,ELSEWHERE,5,1,,\n"
    )
    assert sorted(reasons(plan_of(sheet))) == [
        (2, "maker", "nobody_called"),
        (2, "return_days", "too_few_return_days"),
        (2, "价格", "not_money"),
        (3, "code", "code_twice"),
        (3, "库存", "bad_number"),
        (4, "name", "missing"),
        (4, "state", "no_such_choice"),
        (4, "价格", "missing"),
        (4, "库存", "not_a_number_in_sheet"),
        (5, "code", "code_elsewhere"),
    ]
    before = Product.objects.count()
    with pytest.raises(GoodsRefused):
        apply_sheet(sheet)
    assert Product.objects.count() == before


@pytest.mark.django_db
def test_one_refusal_late_in_the_sheet_takes_everything_back(monkeypatch: pytest.MonkeyPatch) -> None:
    from quanzi.growth.importing.goods import services

    real = services.catalogue.add_sku

    def fails(**values: Any) -> Sku:
        if values["code"] == "JAM":
            raise GoodsRefused(count=1)
        return real(**values)

    monkeypatch.setattr(services.catalogue, "add_sku", fails)
    make_maker(slug="grove")
    with pytest.raises(GoodsRefused):
        apply_sheet(OWN)
    assert (
        not Product.objects.exists() and not AuditEntry.objects.filter(action__startswith="catalogue.create_p").exists()
    )


@pytest.mark.django_db
def test_a_shop_that_changed_since_the_preview_is_looked_at_again() -> None:
    goods, columns = goods_of("product,name,code,price\npeach,桃,P,39.90\n")
    seen = plan(goods, with_stock=False, columns=columns).fingerprint
    make_sku(product=make_product(slug="peach", name="桃"), code="P", price_minor=100)
    with pytest.raises(ShopChanged):
        apply(goods=goods, columns=columns, with_stock=False, expected=seen, key="k", actor="test", now=clock.now())


@pytest.mark.django_db
def test_shopifys_sheet_with_variants_options_and_pictures_by_address() -> None:
    assert recognised(table_of(SHOPIFY).headings) == "Shopify’s product sheet"
    apply_sheet(SHOPIFY)
    shirt = Product.objects.get(slug="linen-shirt")
    assert (shirt.name, shirt.state, shirt.story) == ("Linen shirt", "on_sale", "Soft & light.\nWashed")
    assert [(sku.code, sku.options, sku.price_minor, sku.weight_g) for sku in shirt.skus.order_by("position")] == [
        ("LS-S", {"Size": "S", "Color": "Sand"}, 4900, 320),
        ("LS-M", {"Size": "M", "Color": "Sand"}, 4900, 330),
    ]
    assert Sku.objects.get(code="MUG").options == {} and Product.objects.get(slug="mug").state == "draft"
    assert sorted(WantedPicture.objects.values_list("url", flat=True)) == [
        f"https://cdn.example/{n}.jpg" for n in (1, 2, 3)
    ]
    assert apply_sheet(SHOPIFY).counts()["same"] == 3
    assert WantedPicture.objects.count() == 3


def test_shopifys_newer_headings_are_known() -> None:
    headings = "Title,URL handle,Description,SKU,Price,Inventory quantity,Weight value (grams),Product image URL,Status"
    newer = table_of(headings + "\nMug,mug,For tea,MUG,12.50,3,400,https://cdn.example/1.jpg,Unlisted\n")
    assert recognised(newer.headings) == "Shopify’s product sheet"
    found = guess(newer.headings, FIELDS)
    assert {name: found[name] for name in ("product", "story", "code", "stock", "weight_g", "pictures")} == {
        "product": "URL handle", "story": "Description", "code": "SKU", "stock": "Inventory quantity",
        "weight_g": "Weight value (grams)", "pictures": "Product image URL",
    }  # fmt: skip


ABOVE = {
    "a title": "宝贝导出,,,\n",
    "empty rows": ",,,\n\n",
    "groups over several columns": "商品,,规格,\n",
    "all of them": "本店商品 2026-11,,,\n,,,\n商品,,,\n",
}


@pytest.mark.parametrize("above", ABOVE.values(), ids=ABOVE)
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_headings_are_found_below_what_stands_above_them(above: str, separator: str) -> None:
    sheet = above + "名称,价格,库存,货号\n黄桃罐头,18,5,JAM\n,26,,JAM-2\n"
    table = table_of(sheet.replace(",", separator))
    assert table.headings == ("名称", "价格", "库存", "货号")
    first = above.count("\n") + 2
    assert [(row.number, row.cells[3]) for row in table.rows()] == [(first, "JAM"), (first + 1, "JAM-2")]


def test_headings_stay_where_rows_of_words_follow() -> None:
    table = table_of("名称,产地\n黄桃罐头,砀山\n烟薯,即墨\n")
    assert (table.headings, len(list(table.rows()))) == (("名称", "产地"), 2)


@pytest.mark.django_db
def test_a_taobao_like_sheet_with_merged_cells_and_without_codes() -> None:
    assert recognised(table_of(TAOBAO).headings) == "Taobao-like goods"
    apply_sheet(TAOBAO.encode("gbk"))
    beans = Product.objects.get(name="云南小粒咖啡豆")
    assert [sku.options for sku in beans.skus.order_by("position")] == [
        {"烘焙": "中烘", "重量": "250g"},
        {"烘焙": "深烘", "重量": "250g"},
    ]
    pot = Sku.objects.get(code="POT-1")
    assert (pot.price_minor, pot.options) == (129900, {})
    assert apply_sheet(TAOBAO).counts() == {"new": 0, "change": 0, "same": 3, "pictures": 0}


@pytest.mark.django_db
def test_a_youzan_like_sheet_between_tabs() -> None:
    assert recognised(table_of(YOUZAN).headings) == "Youzan-like goods"
    apply_sheet(YOUZAN)
    sku = Sku.objects.get(code="YZ-1")
    assert (sku.product.summary, sku.options, sku.price_minor) == ("当天做", {"规格": "两瓶装"}, 3990)


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_goes_out_comes_back_without_a_change(form: str) -> None:
    make_maker(slug="grove")
    apply_sheet(OWN)
    odd = make_product(name="=1+1", slug="odd", summary="'quoted", story='一行\r\n"二",行;\n</p>\n', origin="@home")
    sku = make_sku(
        product=odd, code="-7", options={"a;b": "c:d", "+e": "\tf"}, price_minor=1, unit_note="约 1 元", cost_minor=0
    )
    bring_in(sku, 5)
    pause(product=Product.objects.get(slug="peach"), actor="test", now=clock.now())
    make_product(name="没有规格", slug="bare")
    out = goods_sheet(form)
    found = plan_of(out, with_stock=True)
    assert [(row.code, row.changes) for row in found.rows() if row.verb != "same"] == []
    assert not found.problems and found.counts()["same"] == 5


@pytest.mark.django_db
def test_a_shop_sells_in_one_currency() -> None:
    """Freight, carts and payments are in it; goods in another could be put into a cart that nobody can pay."""
    found = plan_of("product,name,code,price,currency\nmug,Mug,MUG-1,12.50,USD\npot,Pot,POT-1,20.00,CNY\n")
    assert [(one.row, one.column, one.reason.code) for one in found.problems] == [(2, "currency", "other_currency")]


@pytest.mark.django_db
def test_nothing_in_an_exported_sheet_can_begin_a_formula() -> None:
    make_sku(product=make_product(name="=cmd|' /C calc'!A0", summary="@SUM(1)"), code="+1")
    text = goods_sheet("csv").decode("utf-8-sig")
    assert "'=cmd" in text and "'@SUM" in text and "'+1" in text
    book = openpyxl.load_workbook(io.BytesIO(goods_sheet("xlsx")))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type == "s" for cell in cells)
    assert not any(str(cell.value)[0] in "=+-@\t\r" for cell in cells)


# what is hostile or broken


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\ta", "'a", "''", "a", "", "=", "'=1", "＝1", "x'"])
def test_a_cell_made_safe_comes_back_as_it_was(text: str) -> None:
    assert plain(safe(text)) == text
    assert safe(text)[:1] not in set("=+-@\t\r\n＝＋－＠") - {""}


@pytest.mark.parametrize("way", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_the_encodings_that_shops_export_are_read(way: str) -> None:
    assert table_of("名称;价格\n桃;1\n".encode(way)).headings == ("名称", "价格")


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_separator_is_found_outside_quotes(mark: str) -> None:
    assert separator_of(f'"a,b;c|d\t"{mark}x{mark}y\n1,2;3') == mark


def book_of(rows: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.django_db
def test_a_formula_in_a_workbook_is_refused_where_it_is_needed_and_never_worked_out() -> None:
    data = book_of([["name", "code", "price", "other"], ["桃", "P", "=1+1", "=2+2"], ["李", "Q", 12.5, None]])
    assert reasons(plan_of(data)) == [(2, "price", "formula_here")]


def test_numbers_of_a_workbook_are_read_as_a_person_sees_them() -> None:
    data = book_of([["a", "b", "c"], [17850, 12.1, True], [0.1 + 0.2, None, " x "]])
    assert [row.cells for row in table_of(data).rows()] == [("17850", "12.1", "TRUE"), ("0.3", "", "x")]


def bomb(megabytes: int) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(as_xlsx(["a"], [["b"]], title="x"))) as good,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for part in good.infolist():
            bad.writestr(part.filename, good.read(part))
        bad.writestr("xl/media/big.bin", b"\0" * megabytes * 1_000_000)
    return out.getvalue()


def test_an_archive_that_unpacks_without_end_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(HostileWorkbook):
        table_of(bomb(20))
    monkeypatch.setattr(workbook, "MOST_RATIO", 10**9)
    monkeypatch.setattr(workbook, "MOST_UNPACKED", 10_000_000)
    with pytest.raises(HostileWorkbook):
        table_of(bomb(20))
    monkeypatch.setattr(workbook, "MOST_UNPACKED", 100_000_000)
    assert table_of(bomb(20)).headings == ("a",)  # the control: it is the limit that refuses


def test_a_workbook_with_a_document_type_is_not_opened() -> None:
    good, out = as_xlsx(["a"], [["b"]], title="x"), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(out, "w") as bad:
        for part in source.infolist():
            content = source.read(part)
            if part.filename.endswith("sheet1.xml"):
                content = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + content
            bad.writestr(part.filename, content)
    with pytest.raises(HostileWorkbook):
        table_of(out.getvalue())


def test_a_part_of_a_workbook_lands_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a" / "b")
    good, out = as_xlsx(["a"], [["b"]], title="x"), io.BytesIO(as_xlsx(["a"], [["b"]], title="x"))
    names = ["../../evil.txt", str(tmp_path / "evil.txt"), "..\\evil.txt", "xl/../../../evil.txt"]
    with zipfile.ZipFile(out, "a") as bad:
        for name in names:
            bad.writestr(zipfile.ZipInfo(name), b"evil")
    assert table_of(out.getvalue()).headings == table_of(good).headings
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", b"\x89PNG\r\n\x1a\n\x00\x00"])
def test_what_is_no_sheet_is_refused(data: bytes) -> None:
    with pytest.raises(NotASheet):
        table_of(data)


def test_limits_of_size_and_rows() -> None:
    with pytest.raises(SheetTooLarge):
        table_of("a,b\n" * 10, most_bytes=10)
    with pytest.raises(TooManyRows):
        list(table_of("a\n" + "1\n" * 12, most_rows=10).rows())


def test_options_of_one_cell_and_words_of_a_description() -> None:
    assert options_in("颜色：红；尺码:L") == {"颜色": "红", "尺码": "L"}
    assert options_in("5 斤装") == {"规格": "5 斤装"} and options_in("-") == {}
    assert as_text("<style>p{}</style><p>a<br>b</p>&lt;c&gt;<script>x</script>") == "a\nb\n<c>"


@pytest.mark.django_db
def test_a_row_that_is_refused_is_not_counted_as_new() -> None:
    plan = plan_of(
        "product,name,code,price,stock\npeach,蜜桃,P-1,39.90,5\nplum,李子,P-2,nine,5\npear,梨,P-3,9.90,9999999999999999999\n"
    )
    assert [(row.code, row.verb) for row in plan.rows()] == [("P-1", "new"), ("P-2", "refused"), ("P-3", "refused")]
    assert plan.counts() == {"new": 1, "change": 0, "same": 0, "refused": 2, "pictures": 0}
    assert "too large" in str([str(one.reason) for one in plan.problems])


CODED = "名称,商家编码,价格\n"


@pytest.mark.django_db
def test_names_that_make_the_same_address_are_goods_of_their_own() -> None:
    found = apply_sheet(CODED + "Red Tea!,RT-1,10\nRed Tea?,RT-2,20\n")
    assert found.counts()["new"] == 2
    first, second = Product.objects.order_by("pk")
    assert (first.slug, first.name, second.name) == ("red-tea", "Red Tea!", "Red Tea?")
    assert second.slug.startswith("red-tea-")
    assert apply_sheet(CODED + "Red Tea!,RT-1,10\nRed Tea?,RT-2,20\n").counts()["same"] == 2


@pytest.mark.django_db
def test_a_new_code_takes_over_no_goods_of_another_name() -> None:
    apply_sheet(CODED + "山核桃,HT-1,10\n")
    apply_sheet(CODED + "临安山核桃,HT-1,10\n")
    found = apply_sheet(CODED + "山核桃,HT-2,30\n")
    assert [(row.verb, row.code) for row in found.rows()] == [("new", "HT-2")]
    assert sorted(Product.objects.values_list("name", flat=True)) == ["临安山核桃", "山核桃"]
    assert plan_of(CODED + "临安山核桃,HT-3,30\n").products[0].product is None
    apply_sheet(CODED + "绿茶,GT-1,10\n")
    assert plan_of(CODED + "绿茶,GT-2,30\n").products[0].product is not None, "the same name is the same goods"


@pytest.mark.django_db
def test_variants_that_buyers_could_not_tell_apart_are_refused() -> None:
    two = "product,name,code,option1_name,option1_value,price\ntea,茶,T-1,色,红,5\ntea,,T-2,色,红,6\n"
    assert [(row, code) for row, _, code in reasons(plan_of(two))] == [(3, "sku_same_options")]
    apply_sheet(two.replace("色,红,6", "色,绿,6"))
    late = "product,name,code,option1_name,option1_value,price\ntea,茶,T-3,色,绿,6\n"
    assert [(row, code) for row, _, code in reasons(plan_of(late))] == [(2, "sku_same_options")]
    swapped = "product,name,code,option1_name,option1_value,price\ntea,茶,T-1,色,绿,5\ntea,,T-2,色,红,6\n"
    assert reasons(plan_of(swapped)) == [], "both change places in one sheet"


@pytest.mark.django_db
def test_rows_without_codes_that_name_the_same_goods_are_told_so() -> None:
    assert [(row, code) for row, _, code in reasons(plan_of("名称,价格\n茶,5\n茶,6\n"))] == [(3, "goods_twice")]


@pytest.mark.django_db
def test_wide_digits_are_numbers_and_breaks_alone_are_html() -> None:
    apply_sheet("名称,商家编码,价格,商品描述\n茶,T-1,１２.５０,好茶<br>好水\n")
    sku = Sku.objects.get(code="T-1")
    assert (sku.price_minor, sku.product.story) == (1250, "好茶\n好水")


@pytest.mark.django_db
def test_a_sheet_that_leaves_nothing_to_buy_is_refused_at_its_row_unless_it_pauses_the_goods() -> None:
    first = make_sku(code="A", options={"规格": "5 斤"})
    make_sku(product=first.product, code="B", options={"规格": "10 斤"})
    head, goods = "product,name,code,price,option1_name,option1_value,active,state", f"{first.product.slug},桃"
    five, ten, box = f"{goods},A,1,规格,5 斤", f"{goods},B,2,规格,10 斤", f"{goods},C,3,规格,一箱"

    def sheet(*rows: str) -> str:
        return "\n".join([head, *rows, ""])

    assert reasons(plan_of(sheet(f"{five},no,"))) == []
    assert reasons(plan_of(sheet(f"{five},no,", f"{ten},no,"))) == [(2, "active", "nothing_to_offer")]
    apply_sheet(sheet(f"{five},no,", f"{ten},no,", f"{box},yes,"))
    assert [sku.code for sku in first.product.skus.filter(is_active=True)] == ["C"]
    apply_sheet(sheet(f"{box},no,paused"), key="sheet:2")
    first.product.refresh_from_db()
    assert first.product.state == "paused" and not first.product.skus.filter(is_active=True).exists()


@pytest.mark.django_db
def test_a_row_that_names_nothing_and_differs_in_nothing_is_asked_for_its_name() -> None:
    plan = plan_of("名称,价格,库存\n茶,5,1\n,6,2\n")
    assert [(row, column, code) for row, column, code in reasons(plan)] == [(3, "名称", "names_nothing")]
    of_options = plan_of("名称,规格,价格\n茶,红,5\n,绿,6\n")
    assert reasons(of_options) == [], "merged cells go on with the goods above"
