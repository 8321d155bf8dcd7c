"""Another way of delivery, coupon or number in the middle of a form: the form is drawn anew, and what was entered stays.

The links that do so work without a script as well, from their address alone; with one they send the form along.
"""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse, QueryDict

CHANGEABLE = ("method", "coupon", "quantity", "line", "address")


def changed(request: HttpRequest) -> QueryDict | None:
    """What was entered, with what is to be different in it; None for a form that is meant to be sent."""
    if request.method != "POST" or "change" not in request.POST:
        return None
    asked = request.POST.copy()
    for name, value in parse_qsl(str(asked["change"]), keep_blank_values=True, max_num_fields=4):
        if name in CHANGEABLE:
            asked.setlist(name, [value])
    return asked


def drawn_anew(response: HttpResponse, address: str) -> HttpResponse:
    """The page under the address that asks for the same goods, so that reading it again does not undo the change."""
    response["HX-Replace-Url"] = address
    return response
