"""The first tour through a new shop: seven pages, each one form, each may be skipped and come back to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.base.shop.models import Accent
from quanzi.base.shop.queries import shop
from quanzi.base.shop.services import update_shop
from quanzi.community.circles.models import Admission, Circle
from quanzi.community.circles.services import create_circle
from quanzi.faces.console.doors import FORM, door, operator_of
from quanzi.faces.console.drawing.opening import STEPS, step_titles
from quanzi.faces.console.pages.setup_goods import (
    first_product,
    has_picture,
    on_sale_first,
    open_places,
    ways_to_pay,
)
from quanzi.faces.console.pages.shop import upload
from quanzi.faces.console.parsing import Reader, Sent, problems_of
from quanzi.faces.console.reading.opening import opening
from quanzi.faces.console.viewing import show
from quanzi.faces.ui.formats import plain_money
from quanzi.goods.catalogue.models import ReturnRule
from quanzi.goods.pricing.freight import tariff
from quanzi.growth.sources.services import invitation_for
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.people.accounts.models import Member
from quanzi.trade.payments import providers


@door("shop.edit")
def setup(request: HttpRequest) -> HttpResponse:
    """The first page whose fact is missing: where somebody goes on who left the tour."""
    state = opening()
    waiting = [step for step in STEPS if not getattr(state, step, True)]
    return _page(request, waiting[0] if waiting else STEPS[-1])


@door("shop.edit", FORM)
def step(request: HttpRequest, key: str) -> HttpResponse:
    """One page of the tour. What was sent is kept, then the next page comes; what was wrong is told beside its field."""
    if key not in STEPS:
        raise NotFound()
    if request.method == "POST" and key in KEEP:
        try:
            with transaction.atomic():
                KEEP[key](request, Reader(request.POST), operator_of(request), clock.now())
            return redirect(_after(key))
        except DomainError as refused:
            return _page(request, key, refused)
    return _page(request, key)


def _page(request: HttpRequest, key: str, refused: DomainError | None = None) -> HttpResponse:
    me, now = operator_of(request), clock.now()
    context: dict[str, Any] = {
        "here": "shop",
        "crumbs": [(gettext("Opening the shop"), None), (step_titles()[key], None)],
        "now": now,
        "step": key,
        "steps": _steps(key),
        "number": STEPS.index(key) + 1,
        "next": _after(key),
        "sent": Sent(request.POST.dict()) if refused else _known(key),
        "problems": problems_of(refused),
        **_facts_of(key, request, me, now),
    }
    return show(request, "setup.html", context, status=refused.status if refused else 200)


def _after(key: str) -> str:
    at = STEPS.index(key) + 1
    return reverse("console:setup_step", args=[STEPS[at]]) if at < len(STEPS) else reverse("console:today")


def _steps(current: str) -> list[dict[str, Any]]:
    state, titles = opening(), step_titles()
    done = {key: providers.takes_real_money() if key == "payment" else getattr(state, key) for key in STEPS}
    return [
        {"title": titles[key], "href": reverse("console:setup_step", args=[key]), "is_done": done[key], "is_here": key == current}
        for key in STEPS
    ]  # fmt: skip


def _known(key: str) -> Sent:
    """What the forms show before anybody typed: what is there already, else the usual."""
    row, rates = shop(), tariff()
    return Sent(
        {name: str(getattr(row, name)) for name in ("name", "about", "phone", "email", "hours", "accent", "language")}
        | {"freight": plain_money(rates.delivery_minor), "free_from": plain_money(rates.free_from_minor)}
        | {"return_rule": str(ReturnRule.SEVEN_DAYS), "stock": "10", "admission": str(Admission.OPEN)}
    )


def _facts_of(key: str, request: HttpRequest, me: Member, now: datetime) -> dict[str, Any]:
    """What a page shows besides its form."""
    match key:
        case "look":
            return {"accents": Accent.choices, "logo": shop().logo}
        case "circle":
            return {"there": first_circle()}
        case "product":
            there = on_sale_first()
            return {
                "rules": ReturnRule.choices,
                "there": there,
                "is_pictured": there is not None and has_picture(there),
            }
        case "payment":
            return ways_to_pay(request)
        case "invite":
            circle = first_circle()
            target = reverse("storefront:circle", args=[circle.slug]) if circle else "/"
            source = invitation_for(member=me, target=target, now=now)
            address = request.build_absolute_uri(reverse("sources:arrive", args=[source.token]))
            return {"address": address, "circle": circle, "poster": reverse("console:poster", args=[source.pk])}
    return {}


def first_circle() -> Circle | None:
    return Circle.objects.filter(closed_at=None).order_by("pk").first()


def _shop(request: HttpRequest, reader: Reader, me: Member, now: datetime) -> None:
    update_shop(actor=me, now=now, **{name: reader.text(name, most=5000, needed=False) for name in ("name", "about", "phone", "email", "hours")},
                language=reader.text("language", needed=False) or "zh-hans")  # fmt: skip


def _look(request: HttpRequest, reader: Reader, me: Member, now: datetime) -> None:
    logo = upload(request, "logo", me=me, now=now)
    update_shop(actor=me, now=now, accent=request.POST.get("accent", ""), **({"logo": logo} if logo else {}))


def _circle(request: HttpRequest, reader: Reader, me: Member, now: datetime) -> None:
    """The first circle; sent again it is there already, and further ones are founded on the page of circles."""
    if first_circle() is not None:
        return
    name, summary = reader.text("circle_name", most=40), reader.text("summary", most=120, needed=False)
    charter, admission = reader.text("charter", most=500, needed=False), reader.choice("admission", Admission.values)
    question = reader.text("question", needed=admission == Admission.QUESTION)
    reader.check()
    create_circle(
        founder=me, name=name, summary=summary, charter=charter, admission=admission, question=question, now=now
    )


def _payment(request: HttpRequest, reader: Reader, me: Member, now: datetime) -> None:
    update_shop(actor=me, now=now, takes_simulated=reader.ticked("takes_simulated"))


KEEP: dict[str, Callable[[HttpRequest, Reader, Member, datetime], None]] = {
    "shop": _shop, "look": _look, "circle": _circle, "product": first_product, "delivery": open_places, "payment": _payment,
}  # fmt: skip
