"""Freight templates: what it costs to send goods where."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.faces.console.doors import FORM, WRITE, door, operator_of
from quanzi.faces.console.drawing.relation import with_query
from quanzi.faces.console.parsing import Reader, Sent, key_in, keys_in, problems_of
from quanzi.faces.console.viewing import attempt, show
from quanzi.faces.ui.formats import plain_money
from quanzi.goods.catalogue.models import Product
from quanzi.goods.pricing.areas import COUNT, WEIGHT, Area
from quanzi.goods.pricing.errors import BadArea
from quanzi.goods.pricing.models import FreightTemplate, ProductFreight
from quanzi.goods.pricing.templates import MOST_AREAS, assign_template, save_template, templates
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError
from quanzi.people.accounts.divisions import find, name_of

BLANK_ROWS = 2
MOST_PRODUCTS = 500


@door("shop.edit", FORM)
def freight(request: HttpRequest) -> HttpResponse:
    """The templates, and the chosen one (?template=) as a form; without one, a new one."""
    rows = templates()
    chosen = next(((row, areas) for row, areas in rows if row.pk == key_in(request.GET.get("template"))), None)
    refusal: DomainError | None = None
    if request.method == "POST":
        reader = Reader(request.POST)
        areas = _areas(reader)
        name, is_default = reader.text("name", most=40), reader.ticked("is_default")
        try:
            reader.check()
            saved = save_template(
                template_id=chosen[0].pk if chosen else None, name=name, areas=areas, is_default=is_default,
                actor=operator_of(request), now=clock.now(),
            )  # fmt: skip
            messages.success(request, gettext("Saved. New orders pay by it; orders that stand keep their freight."))
            return redirect(with_query(reverse("console:freight"), template=saved.pk))
        except DomainError as refused:
            refusal = refused
    sent = Sent(request.POST.dict()) if refusal else _shown(chosen)
    context: dict[str, Any] = {
        "here": "shop",
        "crumbs": [(gettext("The shop"), reverse("console:shop")), (gettext("Freight"), None)],
        "rows": [(row, len(areas), ProductFreight.objects.filter(template=row).count()) for row, areas in rows],
        "chosen": chosen[0] if chosen else None,
        "is_for_few": chosen is not None and all(area.regions for area in chosen[1]),
        "numbers": range(min(MOST_AREAS, len(chosen[1] if chosen else []) + BLANK_ROWS)),
        "ways": [(WEIGHT, gettext("grams")), (COUNT, gettext("items"))],
        "products": _products(chosen[0] if chosen else None),
        "sent": sent,
        "problems": problems_of(refusal),
    }
    return show(request, "freight.html", context, status=refusal.status if refusal else 200)


def _areas(reader: Reader) -> list[Area]:
    """The rows that say anything; regions by their names, none for everywhere else."""
    found: list[Area] = []
    for n in range(MOST_AREAS):
        words = reader.sent.get(f"regions-{n}", "").replace("，", "、").replace(",", "、").replace(" ", "、")
        names = [word for word in words.split("、") if word]
        refuses = bool(reader.sent.get(f"unserved-{n}"))
        if not names and not refuses and not reader.sent.get(f"first_minor-{n}", "").strip():
            continue
        codes = [find(word) for word in names]
        if not all(codes):
            reader.wrong.append(BadArea(field=f"areas.{len(found)}.regions"))
        free = reader.sent.get(f"free-{n}", "").strip()
        found.append(
            Area(
                regions=tuple(code for code in codes if code), by=reader.choice(f"by-{n}", (WEIGHT, COUNT), otherwise=WEIGHT),
                first=reader.whole(f"first-{n}", most=1_000_000, otherwise=1_000), first_minor=reader.amount(f"first_minor-{n}", otherwise=0),
                step=reader.whole(f"step-{n}", least=1, most=1_000_000, otherwise=1_000), step_minor=reader.amount(f"step_minor-{n}", otherwise=0),
                free_from_minor=reader.amount(f"free-{n}") if free else None, is_served=not refuses,
            )
        )  # fmt: skip
    return found


def _shown(chosen: tuple[FreightTemplate, list[Area]] | None) -> Sent:
    """A stored template as its form sends it."""
    if chosen is None:
        return Sent()
    row, areas = chosen
    sent = Sent({"name": row.name, "is_default": "on" if row.is_default else ""})
    for n, area in enumerate(areas):
        names = [name_of(code, "、").rpartition("、")[2] for code in area.regions]
        sent |= {
            f"regions-{n}": "、".join(names), f"by-{n}": area.by, f"first-{n}": str(area.first), f"step-{n}": str(area.step),
            f"first_minor-{n}": plain_money(area.first_minor), f"step_minor-{n}": plain_money(area.step_minor),
            f"free-{n}": "" if area.free_from_minor is None else plain_money(area.free_from_minor),
            f"unserved-{n}": "" if area.is_served else "on",
        }  # fmt: skip
    return sent


def _products(template: FreightTemplate | None) -> list[tuple[int, str, bool]]:
    """Goods with whether they are sent by this template."""
    mine = (
        set(ProductFreight.objects.filter(template=template).values_list("product_id", flat=True))
        if template
        else set()
    )
    rows = Product.objects.order_by("name").values_list("pk", "name")[:MOST_PRODUCTS]
    return [(key, name, key in mine) for key, name in rows]


@door("shop.edit", WRITE)
def assign(request: HttpRequest, template_id: int) -> HttpResponse:
    """The ticked goods are sent by this template, those that were and are not ticked by the default one."""
    ticked = set(keys_in(request.POST.getlist("product"), most=MOST_PRODUCTS))
    before = set(ProductFreight.objects.filter(template_id=template_id).values_list("product_id", flat=True))
    known = set(Product.objects.filter(pk__in=ticked).values_list("pk", flat=True))
    me, now = operator_of(request), clock.now()

    def act() -> None:
        assign_template(product_ids=known, template_id=template_id, actor=me, now=now)
        if before - known:
            assign_template(product_ids=before - known, template_id=None, actor=me, now=now)

    back = with_query(reverse("console:freight"), template=template_id)
    return attempt(request, act, said=gettext("Saved."), back=back, now=now)
