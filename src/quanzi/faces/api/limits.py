"""How often one caller may call. A fence against runaway programs; what protects people and money stands in the rooms."""

from __future__ import annotations

import time

from django.core.cache import cache
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from quanzi.faces.api.security import viewer_of

PERIOD_S = 60
MEMBER_CALLS, VISITOR_CALLS = 300, 120


class CallLimit(BaseThrottle):
    """Counts calls in one-minute windows: by member, or by address for visitors. Each server process counts its own."""

    def allow_request(self, request: HttpRequest) -> bool:
        member = viewer_of(request)
        who = f"m{member.pk}" if member is not None else f"a{request.META.get('REMOTE_ADDR', '')}"
        key = f"api_calls:{who}:{int(time.time() // PERIOD_S)}"
        cache.add(key, 0, timeout=2 * PERIOD_S)
        try:
            count = cache.incr(key)
        except ValueError:  # thrown out of a full cache between the two lines
            return True
        return count <= (MEMBER_CALLS if member is not None else VISITOR_CALLS)

    def wait(self) -> float:
        return PERIOD_S - time.time() % PERIOD_S
