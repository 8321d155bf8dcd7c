"""The admin's own content security policy: its theme evaluates expressions in attributes, our pages do not."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.csp import CSP

PREFIX = "/backroom/"
_POLICY = {
    "script-src": [CSP.SELF, CSP.UNSAFE_INLINE, CSP.UNSAFE_EVAL],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
}


def backroom_policy(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: widen the policy below /backroom/, where only staff come."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith(PREFIX):
            response._csp_config = settings.SECURE_CSP | _POLICY  # type: ignore[attr-defined]
        return response

    return answer
