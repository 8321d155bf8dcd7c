"""Sheets of paper as PDF."""

from quanzi.base.printing.setting import picture, qr_svg
from quanzi.base.printing.sheets import (
    CodeSheet,
    Column,
    GoodsLine,
    ListSheet,
    PackingList,
    ParcelLabel,
    QrCard,
    code_sheet,
    list_sheet,
    packing_lists,
    parcel_labels,
)

__all__ = [
    "CodeSheet",
    "Column",
    "GoodsLine",
    "ListSheet",
    "PackingList",
    "ParcelLabel",
    "QrCard",
    "code_sheet",
    "list_sheet",
    "packing_lists",
    "parcel_labels",
    "picture",
    "qr_svg",
]
