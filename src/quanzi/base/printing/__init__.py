"""Sheets of paper as PDF."""

from quanzi.base.printing.invoices import InvoiceLine, InvoiceSheet, Party, capitals, invoice_sheet
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
    "InvoiceLine",
    "InvoiceSheet",
    "ListSheet",
    "PackingList",
    "ParcelLabel",
    "Party",
    "QrCard",
    "capitals",
    "code_sheet",
    "invoice_sheet",
    "list_sheet",
    "packing_lists",
    "parcel_labels",
    "picture",
    "qr_svg",
]
