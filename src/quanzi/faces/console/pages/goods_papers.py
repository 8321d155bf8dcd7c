"""Papers of goods and facts about their import, as the staff files them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.base.media.services import store_picture
from quanzi.faces.console.doors import FORM, door, operator_of
from quanzi.faces.console.pages.goods import product_or_404
from quanzi.faces.console.parsing import Reader, Sent, key_in, problems_of
from quanzi.faces.console.viewing import show
from quanzi.goods.catalogue.models import Lot, Product
from quanzi.goods.supply import services
from quanzi.goods.supply.models import PaperKind
from quanzi.goods.supply.queries.papers import import_facts, papers_of
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError
from quanzi.people.accounts.models import Member


@door("goods.edit", FORM)
def papers(request: HttpRequest, product_id: int) -> HttpResponse:
    """File a paper, say that it was checked, withdraw it, or say where the goods are imported from."""
    found, me, now = product_or_404(product_id), operator_of(request), clock.now()
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            messages.success(request, _change(request, found, me, now))
            return redirect("console:product_papers", product_id=product_id)
        except DomainError as refused:
            refusal = refused
    facts = import_facts(product_id)
    context: dict[str, Any] = {
        "here": "goods",
        "crumbs": [
            (gettext("Goods"), reverse("console:goods")),
            (found.name, reverse("console:product", args=[found.pk])),
            (gettext("Papers"), None),
        ],
        "product": found,
        "facts": facts,
        "duty": f"{facts.duty_bp / 100:g}" if facts else "",
        "papers": papers_of(product_id, today=clock.today(now)),
        "kinds": PaperKind.choices,
        "lots": list(Lot.objects.filter(sku__product=found).order_by("-pk").values_list("pk", "code")[:50]),
        "sent": Sent(request.POST.dict()),
        "problems": problems_of(refusal),
    }  # fmt: skip
    return show(request, "product_papers.html", context, status=refusal.status if refusal else 200)


def _change(request: HttpRequest, found: Product, me: Member, now: datetime) -> str:
    part, reader = request.POST.get("part", ""), Reader(request.POST)
    word, paper_id = f"staff:{me.pk}", key_in(request.POST.get("paper")) or 0
    if part == "check":
        services.check_paper(paper_id=paper_id, actor=me, actor_word=word, now=now)
        return gettext("Checked.")
    if part == "withdraw":
        services.withdraw_paper(paper_id=paper_id, actor=me, now=now)
        return gettext("Withdrawn. Nobody is shown it any more.")
    if part == "facts":
        duty = reader.amount("duty", otherwise=0)  # percent with two digits reads like an amount
        reader.check()
        services.set_import_facts(
            product=found, country=request.POST.get("country", ""), hs_code=request.POST.get("hs_code", ""), duty_bp=duty,
            must_declare=reader.ticked("must_declare"), actor=me, now=now,
        )  # fmt: skip
        return gettext("Saved.")
    issued_on, valid_until = reader.day("issued_on"), reader.day("valid_until")
    reader.check()
    file = request.FILES.get("picture")
    picture = store_picture(data=file.read(), purpose="paper", owner_id=None, alt="", now=now) if file else None
    lot = Lot.objects.filter(pk=key_in(request.POST.get("lot")) or 0, sku__product=found).first()
    services.add_paper(
        product=found, kind=request.POST.get("kind", ""), number=request.POST.get("number", ""),
        issuer=request.POST.get("issuer", ""), issued_on=issued_on or clock.today(now), valid_until=valid_until, lot=lot,
        picture=picture, actor=me, actor_word=word, now=now,
    )  # fmt: skip
    return gettext("Filed. Members see it on the page of the goods.")
