"""The address book. Province, city and district are chosen step by step; each choice also works as a plain form."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quanzi.faces.storefront.forms import problems
from quanzi.faces.storefront.viewing import member_of, members_only, show
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, Errors, InvalidInput, NotFound
from quanzi.people.accounts import divisions
from quanzi.people.accounts.models import Address
from quanzi.people.accounts.queries import address_of, addresses
from quanzi.people.accounts.services import add_address, remove_address, set_default_address, update_address

FIELDS = {"recipient": 80, "phone": 40, "detail": 240, "province": 6, "city": 6, "region_code": 6}


@members_only
@require_safe
def book(request: HttpRequest) -> HttpResponse:
    """All addresses, the default first."""
    return show(request, "community/me/addresses.html", {"addresses": addresses(member_of(request))})


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, address_id: int | None = None) -> HttpResponse:
    """Add or change an address. The button "choose" of a half-filled form only brings the next list."""
    address = address_of(member_of(request), address_id) if address_id is not None else None
    if address_id is not None and address is None:
        raise NotFound
    if request.method != "POST":
        return _form(request, address, _known(address))
    sent: dict[str, Any] = {key: request.POST.get(key, "")[:limit] for key, limit in FIELDS.items()}
    sent["is_default"] = request.POST.get("is_default") == "on"
    if "choose" in request.POST or request.headers.get("HX-Request"):
        return _form(request, address, sent)
    try:
        _save(request, address, sent)
    except (InvalidInput, Errors) as refused:
        return _form(request, address, sent, refusal=refused)
    messages.success(request, gettext("Saved."))
    return redirect(_way_back(request) or "storefront:addresses")


@members_only
@require_POST
def act(request: HttpRequest, address_id: int) -> HttpResponse:
    """Make it the default, or take it out of the book."""
    verb = {"default": set_default_address, "remove": remove_address}.get(request.POST.get("act", ""))
    if verb is None:
        raise NotFound
    verb(member=member_of(request), address_id=address_id, now=clock.now())
    return redirect("storefront:addresses")


def _save(request: HttpRequest, address: Address | None, sent: dict[str, Any]) -> None:
    me, now = member_of(request), clock.now()
    values = {key: sent[key] for key in ("recipient", "phone", "detail", "region_code", "is_default")}
    if address is None:
        add_address(member=me, now=now, **values)
    else:
        update_address(member=me, address_id=address.pk, now=now, **values)


def _known(address: Address | None) -> dict[str, Any]:
    if address is None:
        return dict.fromkeys(FIELDS, "") | {"is_default": False}
    province, city, district = divisions.line_of(address.region_code)
    return {
        "recipient": address.recipient, "phone": address.phone, "detail": address.detail, "is_default": address.is_default,
        "province": province, "city": city, "region_code": district,
    }  # fmt: skip


def _form(
    request: HttpRequest, address: Address | None, sent: dict[str, Any], *, refusal: DomainError | None = None
) -> HttpResponse:
    """Lists below a changed choice are emptied, so that no district of another province can be sent."""
    cities = divisions.cities(sent["province"])
    if len(cities) == 1:
        sent["city"] = cities[0].code
    if sent["city"] not in {each.code for each in cities}:
        sent["city"] = ""
    districts = divisions.districts(sent["city"]) if sent["city"] else ()
    if len(districts) == 1:
        sent["region_code"] = districts[0].code
    if sent["region_code"] not in {each.code for each in districts}:
        sent["region_code"] = ""
    context = {
        "address": address, "sent": sent, "problems": problems(refusal), "next": _way_back(request),
        "provinces": _options(divisions.provinces()), "cities": _options(cities), "districts": _options(districts),
    }  # fmt: skip
    template = "address_divisions" if request.headers.get("HX-Request") else "address"
    return show(request, f"community/me/{template}.html", context, status=refusal.status if refusal else 200)


def _options(found: tuple[divisions.Division, ...]) -> list[tuple[str, str]]:
    return [(each.code, each.name) for each in found]


def _way_back(request: HttpRequest) -> str:
    """Checkout sends people here and wants them back; only pages of this shop count."""
    target = request.POST.get("next", request.GET.get("next", ""))
    is_safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if is_safe and target.startswith("/") else ""
