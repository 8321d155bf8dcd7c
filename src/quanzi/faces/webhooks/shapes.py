"""What the data of each kind holds: ids, states, and money as whole minor units beside its currency. No names, no contacts."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Data(BaseModel):
    """Receivers ignore fields that they do not know: later versions may add some, and take none away."""

    model_config = ConfigDict(extra="forbid")


class Line(Data):
    line_id: int
    product_id: int
    sku_id: int
    quantity: int
    paid_minor: int = Field(description="What the whole line costs after its share of discounts, without freight")


class OrderData(Data):
    order_id: int
    number: str
    state: str = Field(description="As it is when this is written, which may be further on than the event")
    member_id: int
    amount_minor: int
    refunded_minor: int
    currency: str
    lines: list[Line]


class RefundedOrderData(OrderData):
    refund_id: int
    refund_minor: int
    is_whole: bool = Field(description="Nothing of the order is left")


class PurchaseData(Data):
    purchase_id: int
    supplier_id: int


class GoodsReceivedData(PurchaseData):
    receipt_id: int
    sku_id: int
    lot_id: int | None = Field(description="None when all of them were damaged")
    quantity: int = Field(description="Whole units that went on the shelf")
    damaged: int


class ParcelData(Data):
    order_id: int
    fulfilment_id: int
    parcel_id: int


class OrderLineData(Data):
    order_id: int
    number: str
    line_id: int
    product_id: int
    member_id: int


class PaymentData(Data):
    payment_id: int
    payable_kind: str = Field(description="What is paid: order")
    payable_id: int
    amount_minor: int
    currency: str


class CapturedData(PaymentData):
    provider: str
    surplus: bool = Field(description="Nobody waits for it, and it is on its way back in full")


class ClosedData(PaymentData):
    state: str


class RefundData(PaymentData):
    refund_id: int


class TeamData(Data):
    team_id: int
    deal_id: int
    state: str
    team_size: int
    paid_seats: int
    most_seats: int
    final_minor: int | None = Field(description="The price that a ladder reached")


class ChainData(Data):
    chain_id: int
    circle_id: int


class OpenedChainData(ChainData):
    opener_id: int


class EndedChainData(ChainData):
    is_called_off: bool


class OpenedBargainData(Data):
    bargain_id: int
    opener_id: int


class AnsweredBargainData(Data):
    bargain_id: int
    is_agreed: bool
    deal_id: int | None


class SeatData(TeamData):
    member_id: int
    order_id: int


class PostData(Data):
    post_id: int
    kind: str
    title: str
    author_id: int
    circle_id: int | None
    path: str = Field(description="Where it stands in the shop")


class ExperienceData(PostData):
    product_id: int
    stars: int | None


class MemberData(Data):
    member_id: int


class CircleData(Data):
    circle_id: int


class ProductData(Data):
    product_id: int


class PriceData(Data):
    product_id: int
    sku_id: int
    before_minor: int
    after_minor: int
    currency: str


class SkuData(Data):
    sku_id: int
    product_id: int


class LowData(SkuData):
    free: int
    low_at: int


class LotData(Data):
    lot_id: int
    sku_id: int
    reason: str


class ClaimData(Data):
    claim_id: int
    line_id: int
    member_id: int


class OpenedClaimData(ClaimData):
    reason: str


class DecidedClaimData(ClaimData):
    state: str = Field(description="accepted, exchanged, declined or withdrawn")


class DisputeData(ClaimData):
    dispute_id: int


class DecidedDisputeData(DisputeData):
    amount_minor: int = Field(description="What goes back; 0 for nothing")
    is_final: bool = Field(description="The appeal was decided")


class CompensationData(Data):
    """Beyond what was paid: no refund."""

    compensation_id: int
    line_id: int
    member_id: int
    amount_minor: int
    currency: str


class InvoiceData(Data):
    invoice_id: int
    order_id: int
    member_id: int


class TestData(Data):
    __test__ = False  # not a test of pytest's

    endpoint_id: int


class RoundData(Data):
    round_id: int


class ArrivedGoodsData(RoundData):
    station_id: int
    lot_id: int
    arrived: int
    damaged: int
    missing: int = Field(description="Units that were expected and are not fit or not here")


class MissedPickupData(RoundData):
    order_id: int
    member_id: int


class StoreData(Data):
    store_id: int
    point_id: int


class AskedAmountData(Data):
    """link_id: answered by POST /pay-links/{link_id}/answer."""

    link_id: int
    store_id: int
    member_id: int


class CounterData(Data):
    """store_id, link_id: 0 when it is of no store, or through no link."""

    order_id: int
    store_id: int
    link_id: int


class StationData(Data):
    station_id: int
    point_id: int
    leader_id: int


class PreorderData(Data):
    preorder_id: int


class CountedPreorderData(PreorderData):
    """taken: units whose deposit is paid."""

    taken: int


class PreorderPlaceData(PreorderData):
    place_id: int
    member_id: int
    quantity: int
    taken: int


class PreorderBalanceData(PreorderData):
    place_id: int
    order_id: int


class ReturnedPlaceData(PreorderData):
    """amount_minor: all that goes back, deposit and balance; reason: why the place ended."""

    place_id: int
    member_id: int
    amount_minor: int
    currency: str
    reason: str


class LaunchData(Data):
    launch_id: int


class DrawnLaunchData(LaunchData):
    """places: how many took part in the lot."""

    places: int


class EndedLaunchData(LaunchData):
    """reason: sold_out, time or called_off; unserved: people who had no turn."""

    reason: str
    unserved: int


class BrandDayData(Data):
    day_id: int
