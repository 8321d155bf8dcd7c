"""The one address that providers call."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from quanzi.kernel import clock
from quanzi.trade.payments import services
from quanzi.trade.payments.errors import NoSuchProvider
from quanzi.trade.payments.providers.wire import BODY_MAX


@csrf_exempt  # the sender proves itself by its signature
@require_POST
@never_cache
def notify(request: HttpRequest, provider: str) -> HttpResponse:
    """Prove, store, answer. The provider repeats what we do not answer with 2xx."""
    length = request.headers.get("Content-Length", "")
    if length.isascii() and length.isdigit() and int(length) > BODY_MAX:
        return _refusal(413, "too large")
    # One byte more than allowed shows that there is more, without reading all of it.
    body = request.read(BODY_MAX + 1)
    try:
        received = services.receive_notification(provider=provider, headers=request.headers, body=body, now=clock.now())
    except NoSuchProvider:
        return _refusal(404, "no such provider")
    if received.status != 200:
        return _refusal(received.status, received.reason)
    return JsonResponse({"code": "SUCCESS", "message": "OK"})


def _refusal(status: int, reason: str) -> HttpResponse:
    return JsonResponse({"code": "FAIL", "message": reason}, status=status)
