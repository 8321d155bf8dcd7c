"""The shop's own page in the console: what it says of itself, the merchant behind it, and its rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext

from quanzi.base.media.errors import MediaError
from quanzi.base.media.models import Picture
from quanzi.base.media.services import store_picture
from quanzi.base.shop import starters
from quanzi.base.shop.models import Accent, Registration, Taxpayer, TextKind
from quanzi.base.shop.queries import shop as the_shop
from quanzi.base.shop.queries import texts
from quanzi.base.shop.rules import earliest
from quanzi.base.shop.services import publish_text, update_shop
from quanzi.faces.console.doors import FORM, door, operator_of
from quanzi.faces.console.parsing import Reader, Sent, problems_of
from quanzi.faces.console.viewing import show
from quanzi.faces.ui.formats import plain_money
from quanzi.goods.pricing.freight import tariff
from quanzi.kernel import clock
from quanzi.kernel.clock import midnight
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.people.accounts.models import Member

SHOWN = ("name", "about", "phone", "email", "hours", "language", "accent")
LEGAL = ("registration", "legal_name", "credit_code", "permits", "address", "taxpayer", "invoices")


def upload(request: HttpRequest, field: str, *, me: Member, alt: str = "", now: datetime) -> Picture | None:
    """The picture that a form brought, stored; None when the field was left empty. A refusal names the field."""
    file = request.FILES.get(field)
    if file is None or not file.size:
        return None
    try:
        return store_picture(data=file.read(), purpose="shop", owner_id=me.pk, alt=alt, now=now)
    except MediaError as refused:
        refused.fields = {field: refused}
        raise


@door("shop.edit", FORM)
def shop(request: HttpRequest) -> HttpResponse:
    """Four short forms: face, merchant, delivery and money; the rules have pages of their own."""
    refused: DomainError | None = None
    kind = request.POST.get("kind", "")
    if request.method == "POST":
        if kind not in KEEP:
            raise NotFound()
        try:
            with transaction.atomic():
                KEEP[kind](request, Reader(request.POST), operator_of(request), clock.now())
            messages.success(request, gettext("Saved. Every page says so from now on."))
            return redirect(f"{reverse('console:shop')}#{kind}")
        except DomainError as error:
            refused = error
    row, rates, now = the_shop(), tariff(), clock.now()
    known = Sent({name: str(getattr(row, name)) for name in (*SHOWN, *LEGAL)} | {
        "freight": plain_money(rates.delivery_minor), "free_from": plain_money(rates.free_from_minor),
        "takes_simulated": "on" if row.takes_simulated else "",
    })  # fmt: skip
    context: dict[str, Any] = {
        "here": "shop",
        "crumbs": [(gettext("House"), None), (gettext("The shop"), None)],
        "now": now,
        "row": row,
        "kind": kind,
        "sent": Sent(request.POST.dict()) if refused else known,
        "known": known,
        "problems": problems_of(refused),
        "accents": Accent.choices,
        "registrations": Registration.choices,
        "taxpayers": Taxpayer.choices,
        "texts": [_standing(text_kind, label, now) for text_kind, label in TextKind.choices],
    }
    return show(request, "shop.html", context, status=refused.status if refused else 200)


def _standing(kind: str, label: Any, now: datetime) -> dict[str, Any]:
    versions = texts(kind)
    return {
        "kind": kind, "label": label,
        "now": next((text for text in versions if text.holds_at(now)), None),
        "coming": [text for text in reversed(versions) if text.effective_at > now and text.holds_at(text.effective_at)],
    }  # fmt: skip


def _face(request: HttpRequest, reader: Reader, me: Member, now: datetime) -> None:
    logo = upload(request, "logo", me=me, now=now)
    values: dict[str, Any] = {name: reader.text(name, most=5000, needed=False) for name in SHOWN}
    if logo is not None or reader.ticked("no_logo"):
        values["logo"] = logo
    update_shop(actor=me, now=now, **values)


def _merchant(request: HttpRequest, reader: Reader, me: Member, now: datetime) -> None:
    licence = upload(request, "licence", me=me, now=now)
    values: dict[str, Any] = {name: reader.text(name, most=5000, needed=False) for name in LEGAL}
    update_shop(actor=me, now=now, **values, **({"licence": licence} if licence else {}))


def _trade(request: HttpRequest, reader: Reader, me: Member, now: datetime) -> None:
    freight, free_from = reader.amount("freight"), reader.amount("free_from")
    reader.check()
    update_shop(
        actor=me, now=now, freight_minor=freight, freight_free_from_minor=free_from, takes_simulated=reader.ticked("takes_simulated")
    )  # fmt: skip


KEEP: dict[str, Callable[[HttpRequest, Reader, Member, datetime], None]] = {
    "face": _face, "merchant": _merchant, "trade": _trade,
}  # fmt: skip


@door("shop.edit", FORM)
def rule_text(request: HttpRequest, kind: str) -> HttpResponse:
    """One text of the rules: what holds, what comes, and the next version. An empty shop finds a draft to read and change."""
    if kind not in TextKind.values:
        raise NotFound()
    now, refused, versions = clock.now(), None, texts(kind)
    if request.method == "POST":
        reader = Reader(request.POST)
        try:
            day = reader.day("effective_on")
            reader.check()
            made = publish_text(
                kind=kind, body=request.POST.get("body", ""), body_en=request.POST.get("body_en", ""),
                effective_at=midnight(day) if day else None, actor=operator_of(request), now=now,
            )  # fmt: skip
            holds = (
                gettext("It holds from now on.")
                if made.effective_at <= now
                else gettext("Everybody can read it now; it holds later, as it says.")
            )
            messages.success(request, gettext("Published.") + " " + holds)
            return redirect("console:shop_text", kind=kind)
        except DomainError as error:
            refused = error
    label = TextKind(kind).label
    context: dict[str, Any] = {
        "here": "shop",
        "crumbs": [(gettext("The shop"), reverse("console:shop") + "#rules"), (label, None)],
        "now": now,
        "label": label,
        "versions": versions,
        "is_first": not versions,
        "earliest": earliest(now).astimezone(clock.SITE_ZONE).date(),
        "language": get_language() or "zh-hans",
        "sent": Sent(request.POST.dict()) if refused else _draft(kind, versions),
        "problems": problems_of(refused),
    }
    return show(request, "shop_text.html", context, status=refused.status if refused else 200)


def _draft(kind: str, versions: list[Any]) -> Sent:
    if versions:
        return Sent({"body": versions[0].body, "body_en": versions[0].body_en})
    return Sent({"body": starters.draft(kind, "zh"), "body_en": starters.draft(kind, "en")})
