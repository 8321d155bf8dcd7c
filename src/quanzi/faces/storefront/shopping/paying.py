"""To the pay page and back. A payment is believed when its provider says so, never because a browser returned."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from quanzi.faces.storefront.viewing import member_of, members_only, show
from quanzi.faces.ui.environment import problem
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member
from quanzi.trade.deals.queries import team_of_order
from quanzi.trade.payments import providers
from quanzi.trade.payments.errors import NotPayable, ProviderRefused, ProviderSilent
from quanzi.trade.payments.models import Payment
from quanzi.trade.payments.queries import by_number, of_payable
from quanzi.trade.payments.services import start, sync
from quanzi.trade.payments.states import PaymentState
from quanzi.trade.sales.models import Order, OrderState
from quanzi.trade.sales.queries import OrderPage, order_page


def ways() -> list[str]:
    """Names of the ways to pay, in the operator's order."""
    return providers.offered_names()


def begin(
    request: HttpRequest, *, order_id: int, number: str, provider: str, member: Member, now: datetime
) -> HttpResponse:
    """Open a payment for an order that is written, and lead on; when the provider refuses, the order still waits."""
    tries = sum(one.state != PaymentState.CREATED for one in of_payable("order", order_id) if one.provider == provider)
    back_to = request.build_absolute_uri(reverse("storefront:pay_return", args=[number]))
    try:
        started = start(
            payable_kind="order", payable_id=order_id, provider=provider, member_id=member.pk,
            idempotency_key=f"order:{order_id}:{provider}:{tries}", return_url=back_to, now=now,
        )  # fmt: skip
    except (NotPayable, ProviderRefused, ProviderSilent) as refused:
        messages.error(request, problem(refused))
        return redirect("storefront:order", number=number)
    return redirect("storefront:pay", number=started.payment.number)


@members_only
@require_safe
def pay(request: HttpRequest, number: str) -> HttpResponse:
    """On the way to the provider's page, or what to do for cash and transfers.

    A page and not a redirect: the form that led here may only be answered by this shop (form-action), a link may lead on.
    """
    payment = by_number(number, member_id=member_of(request).pk)
    if payment is None or payment.payable_kind != "order":
        raise NotFound
    page = _order_of(payment, request)
    if payment.state != PaymentState.CREATED or page.card.state != OrderState.PLACED:
        return redirect("storefront:order", number=page.card.number)
    context = {"payment": payment, "order": page, "is_online": providers.get(payment.provider).is_online}
    return show(request, "shopping/pay.html", context)


@members_only
@require_safe
def back(request: HttpRequest, number: str) -> HttpResponse:
    """Back from the provider's page: ask the provider, and wait on a page that asks again."""
    me = member_of(request)
    page = order_page(number, me)
    if not page.is_mine:
        raise NotFound
    if page.card.state == OrderState.PLACED:
        _ask(page)
        page = order_page(number, me)
    if page.card.state == OrderState.PLACED and _open_payment(page) is not None:
        context = {"order": page, "payment": _open_payment(page), "is_waiting": True}
        return show(request, "shopping/waiting.html", context)
    return _arrived(request, page)


def _ask(page: OrderPage) -> None:
    payment = _open_payment(page)
    if payment is not None:
        sync(payment_id=payment.pk, now=clock.now())


def _open_payment(page: OrderPage) -> Payment | None:
    """The newest payment of the order that still waits for its provider."""
    found = [one for one in of_payable("order", page.card.id) if one.state == PaymentState.CREATED]
    return next((one for one in reversed(found) if providers.get(one.provider).is_online), None)


def _arrived(request: HttpRequest, page: OrderPage) -> HttpResponse:
    """Where a person goes whose payment is decided: to the team that now needs people, else to the order."""
    code = team_of_order(page.card.id)
    if page.card.paid_at is not None and page.card.state == OrderState.PAID:
        messages.success(request, gettext("Paid. The money is held until you keep the goods."))
    to = reverse("storefront:team", args=[code]) if code and page.card.is_waiting else ""
    to = to or reverse("storefront:order", args=[page.card.number])
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response.headers["HX-Redirect"] = to
        return response
    return redirect(to)


def _order_of(payment: Payment, request: HttpRequest) -> OrderPage:
    number = Order.objects.values_list("number", flat=True).get(pk=payment.payable_id)
    return order_page(number, member_of(request))
