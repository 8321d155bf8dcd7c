"""The catalogue: what may be heard, under which name, in which shape, with an example. Names are never changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quanzi.base.events.events import DomainEvent
from quanzi.community.circles.events import CircleFounded
from quanzi.community.posts.events import PostWritten
from quanzi.faces.webhooks import payloads, shapes
from quanzi.goods.catalogue.events import LotRecalled, PriceChanged, ProductPaused, ProductPublished
from quanzi.goods.stock.events import BackInStock, StockLow
from quanzi.goods.supply.events import (
    GoodsReceived,
    PurchaseCancelled,
    PurchaseConfirmed,
    PurchaseReceived,
    PurchaseSent,
    PurchaseShipped,
)
from quanzi.growth.erasing.events import MemberErased
from quanzi.kernel.words import N_
from quanzi.people.accounts.events import MemberJoined
from quanzi.trade.aftersales.events import (
    ClaimDecided,
    ClaimOpened,
    CompensationGranted,
    CompensationPaid,
    DisputeDecided,
    DisputeOpened,
    InvoiceIssued,
    InvoiceReversed,
    LotPaused,
    LotReleased,
    ReturnArrived,
    ReturnSent,
)
from quanzi.trade.bargains.events import BargainAnswered, BargainOpened
from quanzi.trade.chains.events import ChainEnded, ChainOpened
from quanzi.trade.deals.events import SeatLeft, SeatPaid, TeamFailed, TeamOpened, TeamSucceeded
from quanzi.trade.experiences.events import ExperienceWritten
from quanzi.trade.fulfilment.events import ParcelArrived, ParcelCameBack, ParcelShipped
from quanzi.trade.launches.events import BrandDayPlanned, LaunchEnded, LaunchPlanned, LotDrawn
from quanzi.trade.payments.events import PaymentCaptured, PaymentClosed, RefundDone, RefundFailed
from quanzi.trade.preorders.events import (
    BalanceAsked,
    BalancePaid,
    BatchMade,
    BatchMissed,
    DateAsked,
    DepositPaid,
    PlaceReturned,
    PreorderCalledOff,
    PreorderOpened,
    ThresholdReached,
)
from quanzi.trade.sales.events import (
    LineKept,
    LineReturned,
    OrderCancelled,
    OrderHandedOver,
    OrderPaid,
    OrderPlaced,
    OrderReceived,
    OrderRefunded,
    OrderReleased,
)
from quanzi.trade.stations.events import (
    GoodsArrived,
    PickupMissed,
    RoundCancelled,
    RoundClosed,
    RoundOpened,
    StationOpened,
)
from quanzi.trade.stores.events import AmountAsked, CounterPaid, StoreOpened

Builder = Callable[[Any], dict[str, Any] | None]


@dataclass(frozen=True)
class Kind:
    """event: None for what is only sent on request. build: from the event to the values that `shape` checks and chooses."""

    name: str
    words: str
    event: type[DomainEvent] | None
    shape: type[shapes.Data]
    build: Builder
    example: dict[str, Any]

    @property
    def schema(self) -> dict[str, Any]:
        """JSON schema of `data`."""
        return self.shape.model_json_schema()

    def data_of(self, event: DomainEvent) -> dict[str, Any] | None:
        """What is told of an event; None when it is not for the outside."""
        found = self.build(event)
        return None if found is None else self.checked(found)

    def checked(self, values: dict[str, Any]) -> dict[str, Any]:
        chosen = {name: values[name] for name in self.shape.model_fields}
        return self.shape.model_validate(chosen).model_dump()


_LINE = {"line_id": 31, "product_id": 5, "sku_id": 7, "quantity": 2, "paid_minor": 5960}
_ORDER = {
    "order_id": 12, "number": "261121-7K3QX9", "state": "paid", "member_id": 48, "amount_minor": 6560, "refunded_minor": 0,
    "currency": "CNY", "lines": [_LINE],
}  # fmt: skip
_REFUNDED = {**_ORDER, "refunded_minor": 5960, "refund_id": 3, "refund_minor": 5960, "is_whole": False}
_ORDER_LINE = {"order_id": 12, "number": "261121-7K3QX9", "line_id": 31, "product_id": 5, "member_id": 48}
_PAYMENT = {"payment_id": 15, "payable_kind": "order", "payable_id": 12, "amount_minor": 6560, "currency": "CNY"}
_TEAM = {
    "team_id": 4,
    "deal_id": 2,
    "state": "forming",
    "team_size": 3,
    "paid_seats": 1,
    "most_seats": 3,
    "final_minor": None,
}
_SEAT = {**_TEAM, "member_id": 48, "order_id": 12}
_POST = {"post_id": 9, "kind": "note", "title": "铁棍山药蒸二十分钟", "author_id": 48, "circle_id": 1, "path": "/n/9"}
_CLAIM = {"claim_id": 6, "line_id": 31, "member_id": 48}
_DISPUTE = {**_CLAIM, "dispute_id": 2}
_COMPENSATION = {"compensation_id": 5, "line_id": 31, "member_id": 48, "amount_minor": 2_000, "currency": "CNY"}
_INVOICE = {"invoice_id": 4, "order_id": 12, "member_id": 48}
_LOT = {"lot_id": 11, "sku_id": 7, "reason": "3/4"}

TEST = Kind("webhook.test", N_("A test that you asked for"), None, shapes.TestData, payloads.plain, {"endpoint_id": 1})


def _order(name: str, words: str, event: type[DomainEvent]) -> Kind:
    return Kind(f"order.{name}", words, event, shapes.OrderData, payloads.order, _ORDER)


def _team(name: str, words: str, event: type[DomainEvent], **more: Any) -> Kind:
    return Kind(f"team.{name}", words, event, shapes.TeamData, payloads.team, {**_TEAM, **more})


def _chain(name: str, words: str, event: type[DomainEvent], shape: type[shapes.ChainData], **more: Any) -> Kind:
    return Kind(f"chain.{name}", words, event, shape, payloads.plain, {"chain_id": 3, "circle_id": 1, **more})


def _round(name: str, words: str, event: type[DomainEvent]) -> Kind:
    return Kind(f"round.{name}", words, event, shapes.RoundData, payloads.plain, {"round_id": 3})


_PARCEL = {"order_id": 12, "fulfilment_id": 9, "parcel_id": 4}


def _purchase(name: str, words: str, event: type[DomainEvent]) -> Kind:
    return Kind(
        f"purchase.{name}", words, event, shapes.PurchaseData, payloads.plain, {"purchase_id": 8, "supplier_id": 2}
    )


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        _order("placed", N_("An order was placed"), OrderPlaced),
        _order("paid", N_("An order is paid"), OrderPaid),
        _order("released", N_("An order may be prepared: paid, and nothing else is awaited"), OrderReleased),
        _order("handed_over", N_("The buyer has the goods"), OrderHandedOver),
        _order("received", N_("The goods are received"), OrderReceived),
        _order("cancelled", N_("An order was cancelled"), OrderCancelled),
        Kind("order.refunded", N_("Money of an order goes back"), OrderRefunded, shapes.RefundedOrderData, payloads.order, _REFUNDED),
        Kind("order.kept", N_("Goods of an order are kept"), LineKept, shapes.OrderLineData, payloads.line, _ORDER_LINE),
        Kind("order.returned", N_("Goods of an order came back"), LineReturned, shapes.OrderLineData, payloads.line, _ORDER_LINE),
        Kind("parcel.shipped", N_("A parcel is on its way"), ParcelShipped, shapes.ParcelData, payloads.plain, _PARCEL),
        Kind("parcel.arrived", N_("The carrier says that a parcel has arrived"), ParcelArrived, shapes.ParcelData, payloads.plain, _PARCEL),
        Kind("parcel.came_back", N_("A parcel came back"), ParcelCameBack, shapes.ParcelData, payloads.plain, _PARCEL),
        _purchase("sent", N_("A supplier is asked for goods"), PurchaseSent),
        _purchase("confirmed", N_("A supplier said what they will send"), PurchaseConfirmed),
        _purchase("shipped", N_("A supplier sent goods off"), PurchaseShipped),
        _purchase("received", N_("All that comes of a purchase has come"), PurchaseReceived),
        _purchase("cancelled", N_("A purchase was called off"), PurchaseCancelled),
        Kind("goods.received", N_("Goods arrived from a supplier"), GoodsReceived, shapes.GoodsReceivedData, payloads.plain,
             {"purchase_id": 8, "supplier_id": 2, "receipt_id": 5, "sku_id": 7, "lot_id": 11, "quantity": 40, "damaged": 1}),
        Kind("payment.captured", N_("Money arrived"), PaymentCaptured, shapes.CapturedData, payloads.plain,
             {**_PAYMENT, "provider": "paysim", "surplus": False}),
        Kind("payment.closed", N_("A payment can no longer be paid"), PaymentClosed, shapes.ClosedData, payloads.plain,
             {**_PAYMENT, "state": "closed"}),
        Kind("refund.done", N_("The provider confirmed a refund"), RefundDone, shapes.RefundData, payloads.plain,
             {**_PAYMENT, "refund_id": 3}),
        Kind("refund.failed", N_("The provider refused a refund"), RefundFailed, shapes.RefundData, payloads.plain,
             {**_PAYMENT, "refund_id": 3}),
        _team("opened", N_("A team was opened"), TeamOpened, paid_seats=0),
        Kind("team.joined", N_("A seat of a team is paid"), SeatPaid, shapes.SeatData, payloads.team, _SEAT),
        Kind("team.left", N_("Somebody left a team"), SeatLeft, shapes.SeatData, payloads.team, _SEAT),
        _team("succeeded", N_("A team is full and paid"), TeamSucceeded, state="succeeded", paid_seats=3),
        _team("failed", N_("A team ran out of time; everybody is refunded"), TeamFailed, state="failed"),
        Kind("claim.opened", N_("A buyer asks for money back"), ClaimOpened, shapes.OpenedClaimData, payloads.plain,
             {**_CLAIM, "reason": "spoiled"}),
        Kind("claim.decided", N_("A request of a buyer was decided"), ClaimDecided, shapes.DecidedClaimData, payloads.plain,
             {**_CLAIM, "state": "accepted"}),
        Kind("post.published", N_("A public post was written"), PostWritten, shapes.PostData, payloads.post, _POST),
        Kind("experience.published", N_("A public experience was written"), ExperienceWritten, shapes.ExperienceData, payloads.post,
             {**_POST, "kind": "experience", "product_id": 5, "stars": 5}),
        Kind("circle.founded", N_("A circle was founded"), CircleFounded, shapes.CircleData, payloads.plain, {"circle_id": 1}),
        Kind("member.joined", N_("Somebody became a member"), MemberJoined, shapes.MemberData, payloads.plain, {"member_id": 48}),
        Kind("member.erased", N_("A member was erased: forget what you know of this number"), MemberErased, shapes.MemberData, payloads.plain,
             {"member_id": 48}),
        Kind("product.published", N_("A product is on sale"), ProductPublished, shapes.ProductData, payloads.plain, {"product_id": 5}),
        Kind("product.paused", N_("A product is off sale"), ProductPaused, shapes.ProductData, payloads.plain, {"product_id": 5}),
        Kind("price.changed", N_("A price changed"), PriceChanged, shapes.PriceData, payloads.plain,
             {"product_id": 5, "sku_id": 7, "before_minor": 2980, "after_minor": 2880, "currency": "CNY"}),
        Kind("stock.returned", N_("A variant is back in stock"), BackInStock, shapes.SkuData, payloads.sku, {"sku_id": 7, "product_id": 5}),
        Kind("stock.low", N_("Few are left of a variant"), StockLow, shapes.LowData, payloads.sku,
             {"sku_id": 7, "product_id": 5, "free": 4, "low_at": 5}),
        Kind("lot.recalled", N_("A lot was recalled"), LotRecalled, shapes.LotData, payloads.plain,
             {"lot_id": 8, "sku_id": 7, "reason": "cold chain broken"}),
        Kind("lot.paused", N_("A lot is not handed over for now"), LotPaused, shapes.LotData, payloads.plain, _LOT),
        Kind("lot.released", N_("A paused lot is handed over again"), LotReleased, shapes.LotData, payloads.plain, _LOT),
        Kind("return.sent", N_("A buyer sent goods back"), ReturnSent, shapes.ClaimData, payloads.plain, _CLAIM),
        Kind("return.arrived", N_("Goods came back to the shop"), ReturnArrived, shapes.ClaimData, payloads.plain, _CLAIM),
        Kind("dispute.opened", N_("A buyer contests an answer"), DisputeOpened, shapes.DisputeData, payloads.plain, _DISPUTE),
        Kind("dispute.decided", N_("A dispute was decided"), DisputeDecided, shapes.DecidedDisputeData, payloads.plain,
             {**_DISPUTE, "amount_minor": 500, "is_final": False}),
        Kind("compensation.granted", N_("Compensation was promised"), CompensationGranted, shapes.CompensationData, payloads.plain, _COMPENSATION),
        Kind("compensation.paid", N_("Compensation was paid"), CompensationPaid, shapes.CompensationData, payloads.plain, _COMPENSATION),
        Kind("invoice.issued", N_("An invoice was issued"), InvoiceIssued, shapes.InvoiceData, payloads.plain, _INVOICE),
        Kind("invoice.reversed", N_("A red-letter invoice cancelled an invoice"), InvoiceReversed, shapes.InvoiceData, payloads.plain, _INVOICE),
        Kind("preorder.opened", N_("A preorder was planned"), PreorderOpened, shapes.PreorderData, payloads.plain, {"preorder_id": 4}),
        Kind("preorder.deposit_paid", N_("A place in a preorder counts: its deposit is paid"), DepositPaid, shapes.PreorderPlaceData,
             payloads.plain, {"preorder_id": 4, "place_id": 31, "member_id": 48, "quantity": 1, "taken": 9}),
        Kind("preorder.reached", N_("Enough deposits are paid for a batch"), ThresholdReached, shapes.CountedPreorderData, payloads.plain,
             {"preorder_id": 4, "taken": 10}),
        Kind("preorder.made", N_("A batch is made: buy or produce it"), BatchMade, shapes.CountedPreorderData, payloads.plain,
             {"preorder_id": 4, "taken": 12}),
        Kind("preorder.missed", N_("Too few took part: the deposits go back"), BatchMissed, shapes.CountedPreorderData, payloads.plain,
             {"preorder_id": 4, "taken": 7}),
        Kind("preorder.called_off", N_("A preorder was called off"), PreorderCalledOff, shapes.PreorderData, payloads.plain,
             {"preorder_id": 4}),
        Kind("preorder.balance_asked", N_("The balances of a batch can be paid"), BalanceAsked, shapes.PreorderData, payloads.plain,
             {"preorder_id": 4}),
        Kind("preorder.balance_paid", N_("A place is paid in full"), BalancePaid, shapes.PreorderBalanceData, payloads.plain,
             {"preorder_id": 4, "place_id": 31, "order_id": 812}),
        Kind("preorder.date_asked", N_("Another date is asked about"), DateAsked, shapes.PreorderData, payloads.plain,
             {"preorder_id": 4}),
        Kind("preorder.place_returned", N_("All the money of a place is on its way back"), PlaceReturned, shapes.ReturnedPlaceData,
             payloads.plain, {"preorder_id": 4, "place_id": 31, "member_id": 48, "amount_minor": 10_000, "currency": "CNY",
                              "reason": "preorder_missed"}),
        Kind("launch.planned", N_("A launch was planned"), LaunchPlanned, shapes.LaunchData, payloads.plain, {"launch_id": 6}),
        Kind("launch.drawn", N_("The lot of a launch was drawn; selling begins"), LotDrawn, shapes.DrawnLaunchData, payloads.plain,
             {"launch_id": 6, "places": 312}),
        Kind("launch.ended", N_("A launch is sold out, over or called off"), LaunchEnded, shapes.EndedLaunchData, payloads.plain,
             {"launch_id": 6, "reason": "sold_out", "unserved": 262}),
        Kind("brand_day.planned", N_("A brand day stands in the calendar"), BrandDayPlanned, shapes.BrandDayData, payloads.plain, {"day_id": 4}),
        _chain("opened", N_("A circle's sign-up chain was opened"), ChainOpened, shapes.OpenedChainData, opener_id=48),
        _chain("ended", N_("A sign-up chain closed, or was called off"), ChainEnded, shapes.EndedChainData, is_called_off=False),
        Kind("bargain.opened", N_("Somebody asks for a price together with others"), BargainOpened, shapes.OpenedBargainData, payloads.plain,
             {"bargain_id": 6, "opener_id": 48}),
        Kind("bargain.answered", N_("The shop answered a price that was asked for"), BargainAnswered, shapes.AnsweredBargainData, payloads.plain,
             {"bargain_id": 6, "is_agreed": True, "deal_id": 9}),
        _round("opened", N_("A round was planned"), RoundOpened),
        _round("closed", N_("A round is cut off: what comes is decided"), RoundClosed),
        _round("cancelled", N_("A round was called off"), RoundCancelled),
        Kind("round.goods_arrived", N_("A lot was counted at a station"), GoodsArrived, shapes.ArrivedGoodsData, payloads.plain,
             {"round_id": 3, "station_id": 2, "lot_id": 8, "arrived": 41, "damaged": 0, "missing": 1}),
        Kind("round.pickup_missed", N_("Goods wait though the pickup window is over"), PickupMissed, shapes.MissedPickupData, payloads.plain,
             {"round_id": 3, "order_id": 12, "member_id": 48}),
        Kind("store.opened", N_("A store was opened"), StoreOpened, shapes.StoreData, payloads.plain, {"store_id": 2, "point_id": 4}),
        Kind("store.amount_asked", N_("A buyer at a counter typed an amount"), AmountAsked, shapes.AskedAmountData, payloads.plain,
             {"link_id": 9, "store_id": 2, "member_id": 48}),
        Kind("counter.paid", N_("An order at a counter, or through a pay link, was paid"), CounterPaid, shapes.CounterData, payloads.plain,
             {"order_id": 812, "store_id": 2, "link_id": 0}),
        Kind("station.opened", N_("A station was opened"), StationOpened, shapes.StationData, payloads.plain,
             {"station_id": 2, "point_id": 4, "leader_id": 17}),
    )
}  # fmt: skip


def written(*, kind: str, data: dict[str, Any], at: datetime) -> str:
    """The body of a message, as Standard Webhooks recommends it."""
    return json.dumps(
        {"type": kind, "timestamp": at.isoformat(), "data": data}, ensure_ascii=False, separators=(",", ":")
    )
