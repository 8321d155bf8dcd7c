"""Papers of goods: where they come from, what the customs said."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from quanzi.faces.api.document import refuses
from quanzi.faces.api.schemas.common import Id, Slug
from quanzi.faces.api.schemas.runs import (
    ImportFactsIn,
    PaperIn,
    PaperOut,
)
from quanzi.faces.api.security import EVERYBODY, staff_of
from quanzi.faces.console.reading.goods import product_by_id
from quanzi.goods.catalogue.errors import UnknownProduct
from quanzi.goods.catalogue.models import Lot
from quanzi.goods.catalogue.queries import product_page
from quanzi.goods.supply import errors as supply_errors
from quanzi.goods.supply import services as supply
from quanzi.goods.supply.queries.papers import PaperRow, papers_of
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound

router = Router(tags=["goods"])
staff = Router(tags=["staff"])


@router.get(
    "/products/{slug}/papers",
    auth=EVERYBODY,
    response=list[PaperOut],
    summary="Papers of goods",
    openapi_extra=refuses(UnknownProduct),
)
def list_papers(request: HttpRequest, slug: Slug) -> list[PaperRow]:
    """Certificates of origin, customs declarations, inspections, proofs that they are genuine; newest first."""
    return papers_of(product_page(slug).id, today=clock.today(clock.now()))


@staff.post(
    "/staff/products/{product_id}/papers",
    response={201: list[PaperOut]},
    summary="File a paper of goods",
    openapi_extra=refuses(NotFound, supply_errors.PaperKnown, supply_errors.BadPaperDates),
)
def add_paper(request: HttpRequest, product_id: Id, body: PaperIn) -> list[PaperRow]:
    """Never edited: a wrong one is withdrawn. Needs goods.edit."""
    me, now = staff_of(request, "goods.edit"), clock.now()
    found = _product(product_id)
    lot = Lot.objects.filter(pk=body.lot_id or 0, sku__product=found).first()
    supply.add_paper(
        product=found, kind=body.kind, number=body.number, issuer=body.issuer, issued_on=body.issued_on,
        valid_until=body.valid_until, lot=lot, actor=me, actor_word=f"staff:{me.pk}", now=now,
    )  # fmt: skip
    return papers_of(found.pk, today=clock.today(now))


@staff.post(
    "/staff/papers/{paper_id}/check",
    response={204: None},
    summary="A paper was checked",
    openapi_extra=refuses(supply_errors.NoSuchPaper),
)
def check_paper(request: HttpRequest, paper_id: Id) -> None:
    """Somebody held it against the goods. Again changes nothing. Needs goods.edit."""
    me = staff_of(request, "goods.edit")
    supply.check_paper(paper_id=paper_id, actor=me, actor_word=f"staff:{me.pk}", now=clock.now())


@staff.post(
    "/staff/papers/{paper_id}/withdraw",
    response={204: None},
    summary="Withdraw a paper",
    openapi_extra=refuses(supply_errors.NoSuchPaper),
)
def withdraw_paper(request: HttpRequest, paper_id: Id) -> None:
    """Nobody is shown it any more. Again changes nothing. Needs goods.edit."""
    me = staff_of(request, "goods.edit")
    supply.withdraw_paper(paper_id=paper_id, actor=me, now=clock.now())


@staff.put(
    "/staff/products/{product_id}/import",
    response={204: None},
    summary="Where goods are imported from",
    openapi_extra=refuses(NotFound, supply_errors.BadDuty),
)
def set_import_facts(request: HttpRequest, product_id: Id, body: ImportFactsIn) -> None:
    """Country, customs code, taxes in the price, whether the receiver is declared. Needs goods.edit."""
    me = staff_of(request, "goods.edit")
    values: dict[str, Any] = body.model_dump()
    supply.set_import_facts(product=_product(product_id), **values, actor=me, now=clock.now())


def _product(product_id: int) -> Any:
    found = product_by_id(product_id)
    if found is None:
        raise NotFound
    return found
