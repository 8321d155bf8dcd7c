"""Sheets are read back as a scanner or a person would read them."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.utils import translation
from pypdf import PdfReader

from quanzi.base import printing
from quanzi.base.printing import Column, GoodsLine, ListSheet, PackingList, ParcelLabel, QrCard

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
MM = 72 / 25.4


def label(**changes: object) -> ParcelLabel:
    facts: dict[str, object] = {
        "code": "PARCEL-7", "number": "261122-7K3QX9", "recipient": "陈念", "phone": "138****8000", "region": "上海市 浦东新区",
        "address": "锦绣路 88 弄 3 号楼 502 室", "lines": (GoodsLine("铁棍山药 5 斤", 2),),
    }  # fmt: skip
    return ParcelLabel(**{**facts, **changes})  # type: ignore[arg-type]


def read(pdf: bytes) -> list[str]:
    """The text of each page, without spaces: a setter may part words anywhere."""
    return ["".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def test_each_label_has_a_page_of_its_own_of_the_size_that_label_printers_take() -> None:
    pdf = printing.parcel_labels([label(), label(recipient="王阿姨")], sender="禾间", now=NOW)
    pages = PdfReader(BytesIO(pdf)).pages
    assert [(round(page.mediabox.width / MM), round(page.mediabox.height / MM)) for page in pages] == [(100, 150)] * 2
    first, other = read(pdf)
    assert "陈念" in first and "锦绣路88弄3号楼502室" in first and "铁棍山药5斤" in first and "禾间" in first
    assert "王阿姨" in other and "陈念" not in other


def test_a_label_that_cannot_name_all_goods_says_how_many_more_there_are() -> None:
    with translation.override("en"):
        pdf = printing.parcel_labels(
            [label(lines=tuple(GoodsLine(f"goods {n}", 1) for n in range(9)))], sender="", now=NOW
        )
    assert len(read(pdf)) == 1
    assert "goods5" in read(pdf)[0] and "goods6" not in read(pdf)[0] and "and3morekinds" in read(pdf)[0]


@pytest.mark.parametrize(
    "typed", ['#panic("out")', '#read("paper.typ")', "$x$ *b* _i_ <l> @l", "]] #pagebreak()", '"\\']
)
def test_what_somebody_typed_is_set_as_text_and_never_as_markup(typed: str) -> None:
    pdf = printing.parcel_labels([label(note=typed, recipient=typed, address=typed)], sender=typed, now=NOW)
    assert len(read(pdf)) == 1
    assert "".join(typed.split())[:9] in read(pdf)[0]


def test_a_packing_list_counts_what_belongs_into_the_box_and_begins_a_page() -> None:
    one = PackingList(
        "N-1", "N-1", "陈念", "锦绣社区", (GoodsLine("山药", 2, "批次 L1"), GoodsLine("鸡蛋", 3)), note="要冰袋"
    )
    with translation.override("en"):
        first, second = read(printing.packing_lists([one, one], sender="禾间", now=NOW))
    assert first == second
    assert "Itemsinall5" in first and "批次L1" in first and "要冰袋" in first


def test_a_long_list_repeats_its_head_and_numbers_its_pages() -> None:
    rows = (("# 锦绣社区",), *((f"山药 {n}", "1") for n in range(90)))
    pages = read(printing.list_sheet(
        ListSheet("采购单", "青禾农场", (Column("商品", share=3), Column("数量", is_number=True)), rows, ("合计", "90")), sender="禾间", now=NOW
    ))  # fmt: skip
    assert len(pages) == 3
    assert all("商品数量" in page for page in pages)
    assert "锦绣社区" in pages[0] and "山药89" in pages[2] and "合计90" in pages[2] and "3/3" in pages[2]


def test_a_list_refuses_a_row_that_does_not_fit_its_columns() -> None:
    with pytest.raises(ValueError, match="each row"):
        printing.list_sheet(ListSheet("t", "", (Column("a"), Column("b")), (("only one",),)), sender="", now=NOW)


def test_codes_stand_in_cards_with_their_titles() -> None:
    cards = tuple(QrCard(f"https://shop.example/{n}", f"站点{n}") for n in range(13))
    pages = read(printing.code_sheet(printing.CodeSheet("", cards, across=3), now=NOW))
    assert len(pages) == 2
    assert "站点0" in pages[0] and "站点12" in pages[1]


def test_the_same_facts_give_the_same_bytes_whatever_fonts_the_machine_has() -> None:
    assert printing.parcel_labels([label()], sender="", now=NOW) == printing.parcel_labels(
        [label()], sender="", now=NOW
    )
    fonts = {
        str(font["/BaseFont"].get_object()).partition("+")[2]
        for page in PdfReader(BytesIO(printing.parcel_labels([label()], sender="禾间", now=NOW))).pages
        for font in (each.get_object() for each in page["/Resources"]["/Font"].values())  # type: ignore[index]
    }
    assert fonts and all("NotoSansCJK" in name for name in fonts)


@pytest.mark.parametrize(
    ("minor", "said"),
    [
        (0, "零元整"), (5, "伍分"), (1_590, "壹拾伍元玖角整"), (10_005, "壹佰元零伍分"), (100_100, "壹仟零壹元整"),
        (1_050_000, "壹万零伍佰元整"), (10_500_000, "壹拾万伍仟元整"), (10_000_000_530, "壹亿零伍元叁角整"),
    ],
)  # fmt: skip
def test_an_amount_in_capital_figures(minor: int, said: str) -> None:
    assert printing.capitals(minor) == said
