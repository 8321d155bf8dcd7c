"""Preorders, places in them, and what the staff plan, tell and ask."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from quanzi.faces.api.schemas.common import AmountMinor, Day, Flag, In, Moment, MoneyOut, Out, Quantity, Ref, Text
from quanzi.faces.api.schemas.orders import OrderingIn


class PreorderGoodOut(Out):
    """One variant: price in full, deposit paid ahead of it, balance the rest; list_price: what it costs elsewhere in the shop."""

    sku_id: int
    title: str
    price: MoneyOut
    deposit: MoneyOut
    balance: MoneyOut
    list_price: MoneyOut


class PreorderOut(Out):
    """state: open, made, done, missed, called_off. taken, threshold, most: units; taken counts paid deposits only.

    Deposits count in [opens_at, closes_at), balances in [balance_from, balance_until) once they are asked for. promised_on: the goods leave by then.
    """

    id: int
    title: str
    story: str
    product_slug: str
    product_name: str
    state: str
    taken: int
    threshold: int
    most: int
    limit_each: int
    opens_at: datetime
    closes_at: datetime
    balance_days: int
    promised_on: date
    balance_from: datetime | None
    balance_until: datetime | None
    reached_at: datetime | None
    decided_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    takes_deposits: bool
    takes_balances: bool
    goods: tuple[PreorderGoodOut, ...]


class PreorderStepOut(Out):
    """kind: opened, reached, made, news, date, balance, done, missed, called_off; ahead of us closes, balance, promised (is_done false)."""

    kind: str
    at: datetime | None
    on: date | None
    text: str
    is_done: bool


class PreorderPageOut(Out):
    """people: members whose deposit counts."""

    preorder: PreorderOut
    people: int
    timeline: tuple[PreorderStepOut, ...]


class DateQuestionOut(Out):
    """The goods would leave by `after` instead of `before`. No answer until answer_by gives everything back."""

    before: date
    after: date
    reason: str
    answer_by: datetime


class PreorderPlaceOut(Out):
    """state: asked, held, settled, returned, gone. deposit, total, balance: for all units, without freight.

    order_number: of the balance, empty while there is none. end_reason: preorder_missed, preorder_called_off, preorder_left,
    preorder_date_refused, preorder_date_silent, preorder_balance_not_paid, preorder_full, and others.
    """

    id: int
    preorder: PreorderOut
    sku_id: int
    quantity: int
    deposit: MoneyOut
    total: MoneyOut
    balance: MoneyOut
    state: str
    asked_at: datetime
    pay_by: datetime
    held_at: datetime | None
    settled_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    order_number: str
    may_pay_deposit: bool
    may_pay_balance: bool
    may_leave: bool


class PreorderPlacePageOut(Out):
    place: PreorderPlaceOut
    question: DateQuestionOut | None
    timeline: tuple[PreorderStepOut, ...]


class PlaceIn(In):
    sku_id: Ref
    quantity: Quantity = 1


class DateAnswerIn(In):
    """agrees false gives all of the place's money back at once."""

    agrees: Flag


class BalanceIn(OrderingIn):
    """expected_amount_minor: of the whole order, deposit included; what is left of it is to be paid."""


class BalanceQuoteOut(Out):
    """amount: of the whole order, freight included, which an order of the balance expects; to_pay: what the deposit leaves of it."""

    amount: MoneyOut
    freight: MoneyOut
    deposit: MoneyOut
    to_pay: MoneyOut


class PreorderGoodIn(In):
    sku_id: Ref
    price_minor: AmountMinor
    deposit_minor: AmountMinor


class PreorderIn(In):
    """Variants of one product. threshold: units that must be paid for; most: units that can be made."""

    title: Text = Field(min_length=1, max_length=40)
    story: Text = Field(default="", max_length=400)
    goods: list[PreorderGoodIn] = Field(min_length=1, max_length=20)
    threshold: Quantity
    most: Quantity
    limit_each: Quantity = 2
    opens_at: Moment
    closes_at: Moment
    balance_days: Quantity = 7
    promised_on: Day


class NewsIn(In):
    text: Text = Field(min_length=1, max_length=300)


class LaterDateIn(In):
    after: Day
    reason: Text = Field(min_length=1, max_length=200)


class BatchIn(In):
    """Units that the shop made itself; what was bought comes in by its purchase."""

    sku_id: Ref
    quantity: Quantity
    lot_id: Ref | None = None


class WhyIn(In):
    reason: Text = Field(min_length=1, max_length=200)


class StaffPlaceOut(Out):
    """said: yes, no, silent, asked or empty, about the newest change of date."""

    id: int
    member_id: int
    member_name: str
    title: str
    quantity: int
    deposit: MoneyOut
    state: str
    asked_at: datetime
    held_at: datetime | None
    order_number: str
    end_reason: str
    said: str


class PreorderSumsOut(Out):
    """People by state of their place; deposits held, counting for orders, and gone back."""

    asked: int
    held: int
    settled: int
    returned: int
    held_money: MoneyOut
    settled_money: MoneyOut
    returned_money: MoneyOut
    unanswered: int


class StaffPreorderOut(Out):
    preorder: PreorderOut
    sums: PreorderSumsOut
    timeline: tuple[PreorderStepOut, ...]
