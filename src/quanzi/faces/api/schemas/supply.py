"""Suppliers, what they offer, purchases and what arrived."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from quanzi.faces.api.schemas.common import (
    PLAIN,
    AmountMinor,
    Day,
    Flag,
    In,
    Moment,
    MoneyOut,
    Out,
    Quantity,
    Ref,
    Text,
)
from quanzi.faces.api.schemas.staff_goods import StorageIn

Name = Annotated[Text, Field(min_length=1, max_length=60)]
Line = Annotated[Text, Field(max_length=200)]
LotName = Annotated[str, Field(pattern=PLAIN, max_length=40)]


class RecordOut(Out):
    """Counts over purchases that are over: units ordered, arrived whole, damaged; purchases by their date, of those that had one."""

    purchases: int
    on_time: int
    with_date: int
    ordered: int
    received: int
    damaged: int


class SupplierOut(Out):
    """is_checked: what they send waits for a quality check. goods: variants that they can send; open: purchases that are asked and not here."""

    id: int
    name: str
    place: str
    contact: str
    sends_direct: bool
    is_checked: bool
    is_active: bool
    goods: int
    open: int
    record: RecordOut


class SuppliedGoodsOut(Out):
    """cost: of one unit; pack_of: sold in whole packs of so many; is_first: asked first for this variant."""

    id: int
    sku_id: int
    title: str
    sku_code: str
    their_code: str
    cost: MoneyOut
    pack_of: int
    lead_days: int
    is_first: bool
    is_active: bool


class SupplyOfferOut(Out):
    """taken: ordered of it or sold from it; cost: of one unit."""

    id: int
    supplier_id: int
    sku_id: int
    title: str
    code: str
    quantity: int
    taken: int
    free: int
    cost: MoneyOut
    made_on: date | None
    expires_at: datetime | None
    storage: str
    note: str
    offered_at: datetime
    ended_at: datetime | None
    is_open: bool


class ReceiptOut(Out):
    """quantity: whole units, on the shelf as the lot; temperature_tenths: tenths of a degree Celsius."""

    id: int
    quantity: int
    damaged: int
    lot_id: int | None
    lot_code: str
    temperature_tenths: int | None
    note: str
    received_at: datetime


class PurchaseLineOut(Out):
    """cost: of one unit; null for who may not see costs. left: what can still arrive."""

    id: int
    sku_id: int
    title: str
    quantity: int
    wanted: int
    confirmed: int | None
    received: int
    damaged: int
    left: int
    cost: MoneyOut | None
    offer_id: int | None
    receipts: list[ReceiptOut]


class PurchaseOut(Out):
    """ref: whose demand it answers, such as round:12; total: at cost, null for who may not see costs."""

    id: int
    number: str
    supplier_id: int
    supplier_name: str
    state: str
    ref: str
    title: str
    note: str
    answer: str
    tracking: str
    due_at: datetime | None
    promised_at: datetime | None
    made_at: datetime
    sent_at: datetime | None
    confirmed_at: datetime | None
    shipped_at: datetime | None
    closed_at: datetime | None
    lines: list[PurchaseLineOut]
    total: MoneyOut | None


class SupplyNeedOut(Out):
    """buy: in whole packs of the supplier that would be asked; 0 with no supplier."""

    sku_id: int
    title: str
    wanted: int
    places: dict[str, int]
    supplier_id: int | None
    buy: int
    on_shelf: int


class PurchaseDemandOut(Out):
    """needs: empty in the list of demands. purchases: numbers of those that answer it."""

    ref: str
    title: str
    is_final: bool
    due_at: datetime | None
    purchases: list[str]
    needs: list[SupplyNeedOut]


class BoughtOut(Out):
    """missing: variants that nobody supplies."""

    purchases: list[str]
    missing: list[int]


class SupplierIn(In):
    name: Name
    contact: Annotated[Text, Field(max_length=60)] = ""
    place: Annotated[Text, Field(max_length=80)] = ""
    note: Line = ""
    sends_direct: Flag = False
    is_checked: Flag = False
    is_active: Flag = True


class SupplierPersonIn(In):
    member_id: Ref


class SuppliedGoodsIn(In):
    cost_minor: AmountMinor
    their_code: LotName = ""
    pack_of: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] = 1
    lead_days: Annotated[int, Field(strict=True, ge=0, le=365)] = 1
    is_first: Flag = False
    is_active: Flag = True


class OfferIn(In):
    sku_id: Ref
    code: Annotated[LotName, Field(min_length=1)]
    quantity: Annotated[Quantity, Field(ge=1)]
    made_on: Day | None = None
    expires_at: Moment | None = None
    storage: StorageIn = "ambient"
    note: Line = ""


class SellFromOfferIn(In):
    quantity: Annotated[Quantity, Field(ge=1)]


class PurchaseIn(In):
    supplier_id: Ref
    title: Annotated[Text, Field(max_length=80)] = ""
    due_at: Moment | None = None
    note: Line = ""


class PurchaseLineIn(In):
    """quantity 0 takes the line out; offer_id: out of this lot of the supplier."""

    sku_id: Ref
    quantity: Quantity
    offer_id: Ref | None = None


class BuyIn(In):
    ref: Annotated[Text, Field(max_length=40)]


class PurchaseCallOffIn(In):
    reason: Annotated[Text, Field(min_length=1, max_length=200)]


class ConfirmedLineIn(In):
    line_id: Ref
    quantity: Quantity


class ConfirmPurchaseIn(In):
    """quantities: what will be sent of lines; a line that is not named is sent whole. promised_at: by default when it is needed."""

    quantities: Annotated[list[ConfirmedLineIn], Field(max_length=200)] = []
    promised_at: Moment | None = None
    answer: Line = ""


class ShipPurchaseIn(In):
    tracking: Annotated[Text, Field(max_length=60)] = ""


class ReceiveIn(In):
    """quantity: whole units; lot_code: needed for them unless the line names an offered lot."""

    quantity: Quantity
    damaged: Quantity = 0
    lot_code: LotName = ""
    made_on: Day | None = None
    expires_at: Moment | None = None
    storage: StorageIn = "ambient"
    temperature_tenths: Annotated[int, Field(strict=True, ge=-600, le=600)] | None = None
    note: Line = ""
