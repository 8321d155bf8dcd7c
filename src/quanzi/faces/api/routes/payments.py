"""Paying: begin, and look how it stands. A payment is believed when its provider says so."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from ninja import Router

from quanzi.faces.api.document import needs_scope, refuses
from quanzi.faces.api.schemas.common import Key, Slug
from quanzi.faces.api.schemas.payments import PayIn, PaymentOut
from quanzi.faces.api.security import member_of
from quanzi.kernel import clock
from quanzi.trade.payments import errors
from quanzi.trade.payments.models import Payment
from quanzi.trade.payments.queries import by_number
from quanzi.trade.payments.services import start, sync
from quanzi.trade.payments.states import PaymentState
from quanzi.trade.sales.errors import NoSuchOrder
from quanzi.trade.sales.queries import number_of, own_order_id

router = Router(tags=["payments"])


@router.post(
    "/orders/{number}/payments",
    response={201: PaymentOut},
    summary="Begin to pay",
    openapi_extra=needs_scope(
        "payments:write", NoSuchOrder, errors.NoSuchProvider, errors.NotPayable, errors.KeyReused, errors.ProviderRefused, errors.ProviderSilent
    ),
)  # fmt: skip
def start_payment(request: HttpRequest, number: Slug, body: PayIn, idempotency_key: Key) -> dict[str, Any]:
    """Send the payer to pay_url. After a 503 ask again with the same key: nobody knows yet whether the payment stands."""
    me = member_of(request)
    order_id = own_order_id(number, me)
    back_to = request.build_absolute_uri(reverse("storefront:pay_return", args=[number]))
    started = start(
        payable_kind="order", payable_id=order_id, provider=body.provider, member_id=me.pk,
        idempotency_key=f"api:{me.pk}:{idempotency_key}", return_url=back_to, now=clock.now(),
    )  # fmt: skip
    return payment_of(started.payment, number)


@router.get(
    "/payments/{number}",
    response=PaymentOut,
    summary="How a payment stands",
    openapi_extra=refuses(errors.NoSuchPayment),
)
def get_payment(request: HttpRequest, number: Slug, ask: bool = False) -> dict[str, Any]:
    """ask=true asks the provider first, for when its notification is late."""
    me = member_of(request)
    payment = by_number(number, member_id=me.pk)
    if payment is None or payment.payable_kind not in ("order", "deposit"):
        raise errors.NoSuchPayment
    if ask and payment.state == PaymentState.CREATED:
        payment = sync(payment_id=payment.pk, now=clock.now())
    return payment_of(payment, number_of(payment.payable_id) if payment.payable_kind == "order" else "")


def payment_of(payment: Payment, order_number: str) -> dict[str, Any]:
    """A payment as its payer sees it."""
    return {
        "number": payment.number,
        "order": order_number,
        "provider": payment.provider,
        "state": payment.state,
        "amount": {"minor": payment.amount_minor, "currency": payment.currency},
        "refunded_minor": payment.refunded_minor,
        "pay_url": payment.pay_url if payment.state == PaymentState.CREATED else "",
        "created_at": payment.created_at,
        "expires_at": payment.expires_at,
        "captured_at": payment.captured_at,
    }
