"""Answers to forms that a phone keeps while there is no network (static/storefront/keeping.js): what was done, or why not, as JSON."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from quanzi.faces.ui.environment import problem
from quanzi.kernel.errors import DomainError, NotFound


def is_kept_act(request: HttpRequest) -> bool:
    """Sent by the page's own script, which keeps it until it has an answer."""
    return request.headers.get("Accept") == "application/json"


def answer(request: HttpRequest, act: Callable[[], str], *, back: str) -> HttpResponse:
    """Do it, and say so: as JSON to a phone that keeps what it sends, else as a notice on the page it came from."""
    try:
        said = act()
    except NotFound:
        raise
    except DomainError as refused:
        words = " ".join(dict.fromkeys(problem(one) for one in refused.fields.values())) or problem(refused)
        if is_kept_act(request):
            return JsonResponse({"done": False, "said": words, "code": refused.code}, status=refused.status)
        messages.error(request, words)
        return redirect(back)
    if is_kept_act(request):
        return JsonResponse({"done": True, "said": said})
    messages.success(request, said)
    return redirect(back)
