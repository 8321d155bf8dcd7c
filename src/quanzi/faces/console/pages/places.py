"""What a shop needs before its first product: shelves, makers, and the points where goods are collected."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.community.circles.models import Circle
from quanzi.faces.console.doors import FORM, door, operator_of
from quanzi.faces.console.parsing import Reader, Sent, problems_of
from quanzi.faces.console.staffing import NoSuchMember
from quanzi.faces.console.viewing import show
from quanzi.goods.catalogue.models import Category
from quanzi.goods.catalogue.queries import categories, makers
from quanzi.goods.catalogue.services import create_category, create_maker
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.kernel.ids import new_code
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.queries import member_by_contact
from quanzi.people.accounts.rules import clean_phone
from quanzi.trade.sales.models import PickupPoint
from quanzi.trade.sales.services import open_pickup_point


@door("goods.edit", FORM)
def places(request: HttpRequest) -> HttpResponse:
    """Three short lists, each with a form below it; what was wrong is told beside its field."""
    refusal: DomainError | None = None
    kind = request.POST.get("kind", "")
    if request.method == "POST":
        if kind not in MAKE:
            raise NotFound()
        try:
            MAKE[kind](Reader(request.POST), operator_of(request), clock.now())
            return redirect(f"{reverse('console:places')}#{kind}")
        except DomainError as refused:
            refusal = refused
    context: dict[str, Any] = {
        "here": "places",
        "crumbs": [(gettext("Trade"), None), (gettext("Shelves and stations"), None)],
        "shelves": categories(),
        "makers": makers(),
        "points": PickupPoint.objects.select_related("leader", "circle").order_by("pk"),
        "circles": [
            (circle.pk, circle.name) for circle in Circle.objects.filter(closed_at=None).order_by("name")[:200]
        ],
        "kind": kind,
        "sent": Sent(request.POST.dict()) if refusal else Sent(),
        "problems": problems_of(refusal),
    }
    return show(request, "places.html", context, status=refusal.status if refusal else 200)


def _shelf(reader: Reader, me: Member, now: datetime) -> None:
    name, english = reader.text("name", most=30), reader.text("name_en", most=40, needed=False)
    reader.check()
    place = Category.objects.count()
    create_category(name=name, name_en=english, slug=_address(), position=place, actor=f"staff:{me.pk}", now=now)


def _maker(reader: Reader, me: Member, now: datetime) -> None:
    name, place = reader.text("maker_name", most=60), reader.text("place", most=60, needed=False)
    story = reader.text("story", most=2000, needed=False)
    reader.check()
    create_maker(name=name, slug=_address(), place=place, story=story, actor=f"staff:{me.pk}", now=now)


def _point(reader: Reader, me: Member, now: datetime) -> None:
    name, address = reader.text("point_name", most=40), reader.text("address", most=120)
    hours, english = reader.text("hours", most=60), reader.text("hours_en", most=80, needed=False)
    contact = reader.text("leader", most=254)
    circle = reader.row("circle", lambda key: Circle.objects.filter(pk=key, closed_at=None).first())
    leader = member_by_contact(contact if "@" in contact else clean_phone(contact, field="leader")) if contact else None
    if contact and leader is None:
        reader.wrong.append(NoSuchMember(field="leader"))
    reader.check()
    assert leader is not None
    open_pickup_point(
        leader=leader,
        name=name,
        address=address,
        hours=hours,
        hours_en=english,
        circle=circle,
        actor=f"staff:{me.pk}",
        now=now,
    )


def _address() -> str:
    """Addresses of shelves and makers are short codes: a Chinese name has no spelling that everybody types the same."""
    return new_code(6).lower()


MAKE: dict[str, Callable[[Reader, Member, datetime], None]] = {"shelf": _shelf, "maker": _maker, "point": _point}
