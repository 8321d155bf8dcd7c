"""The one address that carriers call."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from quanzi.kernel import clock
from quanzi.trade.fulfilment.carriers import PushRefused
from quanzi.trade.fulfilment.errors import NoSuchService
from quanzi.trade.fulfilment.services.booking import receive_push

BODY_MAX = 64 * 1024


@csrf_exempt  # the sender proves itself by its signature
@require_POST
@never_cache
def notify(request: HttpRequest, service: str) -> HttpResponse:
    """Prove, write down, answer. The carrier repeats what is not answered with 2xx."""
    body = request.read(BODY_MAX + 1)
    if len(body) > BODY_MAX:
        return JsonResponse({"error": "too large"}, status=413)
    try:
        news = receive_push(service=service, headers=dict(request.headers), body=body, now=clock.now())
    except NoSuchService:
        return JsonResponse({"error": "no such carrier"}, status=404)
    except PushRefused as refused:
        return JsonResponse({"error": refused.reason}, status=refused.status)
    return JsonResponse({"news": news})
