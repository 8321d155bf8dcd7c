"""Every act of the staff over the API stands in the audit log: a row is left here when the service left none."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from quanzi.base.audit import origin
from quanzi.base.audit import services as audit
from quanzi.faces.api.security import viewer_of
from quanzi.kernel import clock

PART = "/staff/"
"""Begins the addresses of the staff's part, after the version."""


def is_staffs(request: HttpRequest) -> bool:
    """Whether the operation belongs to the staff."""
    return PART in request.path


def leaving(request: HttpRequest, name: str, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Do it, and leave a row in the same transaction: both stand, or neither. What was refused leaves none."""
    with transaction.atomic():
        before = origin.written()
        response = act()
        me = viewer_of(request)
        if me is not None and response.status_code < 400 and origin.written() == before:
            audit.write(actor=me, action=f"api.{name}", target=request.path.rpartition(PART)[2][:100], now=clock.now())
    return response
