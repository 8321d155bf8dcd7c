"""A buyer at the counter types what it costs; the store confirms; then it is paid like every order."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from quanzi.faces.storefront.forms import problems
from quanzi.faces.storefront.viewing import member_of, members_only, show
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.kernel.ids import new_token
from quanzi.kernel.money import Money
from quanzi.trade.stores.queries import store_by_code
from quanzi.trade.stores.services import ask_amount


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, code: str) -> HttpResponse:
    """The form; sent, it leads to the page that waits for the store."""
    store, refusal = store_by_code(code), None
    if request.method == "POST":
        try:
            asked = ask_amount(
                store_code=store.code, member=member_of(request), what=request.POST.get("what", ""),
                amount_minor=Money.parse(request.POST.get("amount", ""), field="amount").minor,
                idempotency_key=request.POST.get("key", ""), now=clock.now(),
            )  # fmt: skip
            return redirect("storefront:pay_link", code=asked.code)
        except NotFound:
            raise
        except DomainError as refused:
            refusal = refused
    context: dict[str, Any] = {
        "store": store,
        "what": request.POST.get("what", ""),
        "amount": request.POST.get("amount", ""),
        "key": request.POST.get("key") or new_token(),
        "problems": problems(refusal),
    }
    return show(request, "storing/pay.html", context, status=refusal.status if refusal else 200)
