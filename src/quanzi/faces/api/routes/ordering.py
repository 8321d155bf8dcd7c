"""What a body says about an order, as the services take it."""

from __future__ import annotations

from typing import Any

from quanzi.faces.api.schemas.orders import OrderingIn
from quanzi.goods.pricing import errors as pricing_errors
from quanzi.goods.stock import errors as stock_errors
from quanzi.trade.deals.queries import team_of_order
from quanzi.trade.payments import errors as payment_errors
from quanzi.trade.payments import providers
from quanzi.trade.payments.rules import OFFLINE_LIFE
from quanzi.trade.sales import errors
from quanzi.trade.sales.models import Order
from quanzi.trade.sales.rules import PAY_WITHIN_MINUTES

REFUSALS = (
    errors.PriceChanged, errors.KeyReused, errors.BadQuantity, errors.AddressNeeded, errors.PointNeeded, errors.NoteTooLong,
    errors.NothingToPay, stock_errors.OutOfStock, stock_errors.SoldOut, pricing_errors.NotOnSale, payment_errors.NoSuchProvider,
)  # fmt: skip


def ordering_of(body: OrderingIn, *, key: str) -> dict[str, Any]:
    """How the goods reach the buyer and what they expect to pay. Raises NoSuchProvider before anything is written.

    Whether the provider may be used is asked of the row when the payment begins.
    """
    if body.provider not in providers.offered_names():
        raise payment_errors.NoSuchProvider(field="provider")
    is_pickup = body.method == "pickup"
    return {
        "method": body.method,
        "pickup_point_id": body.pickup_point_id if is_pickup else None,
        "address_id": body.address_id if not is_pickup else None,
        "note": body.note,
        "idempotency_key": key,
        "expected_amount_minor": body.expected_amount_minor,
        "without_return": body.without_return,
    }


def minutes_to_pay(provider: str) -> int:
    """Cash and bank transfers need longer than a pay page. Whether it is offered is for `ordering_of` to say."""
    is_online = providers.get(provider).is_online
    return PAY_WITHIN_MINUTES if is_online else int(OFFLINE_LIFE.total_seconds() // 60)


def placed(order: Order) -> dict[str, Any]:
    """The answer to an order that stands."""
    return {
        "number": order.number,
        "state": order.state,
        "amount": {"minor": order.amount_minor, "currency": order.currency},
        "pay_by": order.pay_by,
        "team": team_of_order(order.pk) if order.waits_for else "",
    }
