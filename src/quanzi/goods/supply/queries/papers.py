"""Reading papers of goods, and goods by where they come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from quanzi.goods.catalogue.models import Product, ProductState
from quanzi.goods.supply.models import ImportFacts, Paper


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One document; is_over: past its last day. checked_at: when somebody of the shop held it against the goods."""

    id: int
    kind: str
    label: str
    number: str
    issuer: str
    issued_on: date
    valid_until: date | None
    lot_code: str
    picture_url: str
    checked_at: datetime | None
    is_over: bool


def papers_of(product_id: int, *, today: date) -> list[PaperRow]:
    """What is filed about the goods and was not withdrawn, newest first."""
    rows = (
        Paper.objects.filter(product_id=product_id, withdrawn_at=None).select_related("lot", "picture").order_by("-pk")
    )
    return [
        PaperRow(
            id=row.pk, kind=row.kind, label=row.get_kind_display(), number=row.number, issuer=row.issuer, issued_on=row.issued_on,
            valid_until=row.valid_until, lot_code=row.lot.code if row.lot else "",
            picture_url=row.picture.url(1280) if row.picture else "", checked_at=row.checked_at,
            is_over=row.valid_until is not None and row.valid_until < today,
        )
        for row in rows
    ]  # fmt: skip


def import_facts(product_id: int) -> ImportFacts | None:
    """None for goods that are not from abroad."""
    return ImportFacts.objects.filter(product_id=product_id).first()


def papers_for(product_ids: Sequence[int]) -> list[tuple[str, str]]:
    """Slug and name of those of the products that have papers or come from abroad, by name."""
    has = Q(papers__withdrawn_at=None, papers__isnull=False) | Q(import_facts__isnull=False)
    found = Product.objects.filter(has, pk__in=product_ids).distinct().order_by("name")
    return list(found.values_list("slug", "name"))


def declared(product_ids: Sequence[int]) -> bool:
    """Whether customs has to be told who receives some of these goods."""
    return ImportFacts.objects.filter(product_id__in=product_ids, must_declare=True).exists()


@dataclass(frozen=True, slots=True)
class Region:
    """Where goods on sale come from, and how many."""

    place: str
    goods: int


def regions(*, limit: int = 200) -> list[Region]:
    """Every origin of goods on sale, the one with the most goods first."""
    found = Product.objects.filter(state=ProductState.ON_SALE).exclude(origin="").values("origin")
    rows = found.annotate(n=Count("pk")).order_by("-n", "origin")[:limit]
    return [Region(row["origin"], row["n"]) for row in rows]


def products_from(place: str, *, limit: int = 100) -> list[int]:
    """Ids of goods on sale from this origin, newest first."""
    found = Product.objects.filter(state=ProductState.ON_SALE, origin=place).order_by("-pk")
    return list(found.values_list("pk", flat=True)[:limit])
