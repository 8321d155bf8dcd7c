"""A sheet of goods beside the shop: what would be made, what would change, what is the same, what cannot be."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from quanzi.goods.catalogue import rules
from quanzi.goods.catalogue.models import Category, Maker, Product, ProductState, Sku
from quanzi.goods.stock.queries import StockRow, levels
from quanzi.growth.importing.goods.errors import (
    BelowHeld,
    CodeElsewhere,
    DraftNoMore,
    NobodyCalled,
    NothingToOffer,
    OtherCurrency,
    SameOptions,
)
from quanzi.growth.importing.goods.reading import DraftProduct, DraftSku, Goods, made_slug
from quanzi.growth.importing.tables.errors import RowProblem
from quanzi.kernel.errors import DomainError
from quanzi.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Change:
    """One field and what becomes of it, as plain values. Amounts in minor units."""

    field: str
    before: Any
    after: Any


@dataclass
class PlannedSku:
    draft: DraftSku
    sku: Sku | None
    changes: list[Change]

    @property
    def goes(self) -> bool:
        """It is not offered when the sheet was applied."""
        return not self.draft.values.get("is_active", self.sku.is_active if self.sku else True)


@dataclass
class PlannedProduct:
    """changes of the product itself stand apart from those of its variants. state: to move to, empty to stay."""

    draft: DraftProduct
    product: Product | None
    slug: str
    values: dict[str, Any]
    changes: list[Change]
    state: str = ""
    skus: list[PlannedSku] = field(default_factory=list)

    @property
    def verb(self) -> str:
        return verb_of(self.product, self.changes)


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One row of the preview. verb: new, change, same, or refused where something in the row is wrong."""

    row: int
    verb: str
    name: str
    code: str
    changes: tuple[Change, ...]


@dataclass
class Plan:
    products: list[PlannedProduct]
    problems: list[RowProblem]

    def rows(self) -> list[PlanRow]:
        """A row for each variant; what changes of the product itself stands with its first."""
        found = []
        refused = {one.row for one in self.problems}
        for one in self.products:
            own = list(one.changes)
            if not one.skus:
                verb = "refused" if one.draft.row in refused else one.verb
                found.append(PlanRow(one.draft.row, verb, one.values.get("name", ""), "", tuple(own)))
            for planned in one.skus:
                changes = (*own, *planned.changes)
                verb = "refused" if planned.draft.row in refused else verb_of(planned.sku, changes)
                name = one.values.get("name") or (one.product.name if one.product else "")
                found.append(PlanRow(planned.draft.row, verb, name, planned.draft.code, changes))
                own = []
        return sorted(found, key=lambda row: row.row)

    def counts(self) -> dict[str, int]:
        """Variants by verb, refused ones where there are any, and pictures to fetch."""
        verbs = Counter(row.verb for row in self.rows())
        pictures = sum(len(outside(one.draft.pictures)) for one in self.products)
        named = {verb: verbs[verb] for verb in ("new", "change", "same")}
        return {**named, **({"refused": verbs["refused"]} if verbs["refused"] else {}), "pictures": pictures}

    @property
    def fingerprint(self) -> str:
        """The same for the same plan; another one when the shop has changed in what the plan touches."""
        told = [
            (row.row, row.verb, row.code, [(c.field, c.before, c.after) for c in row.changes]) for row in self.rows()
        ]
        return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()


def verb_of(row: object | None, changes: Sequence[Change]) -> str:
    return "new" if row is None else "change" if changes else "same"


def outside(pictures: list[str]) -> list[str]:
    """Addresses of pictures that would have to be fetched; our own are here already."""
    return [one for one in pictures if one.startswith(("https://", "http://"))]


def plan(goods: Goods, *, with_stock: bool, columns: dict[str, str]) -> Plan:
    """Compare a sheet with the shop. with_stock: also set the shelf of variants that are here already.

    columns: field → heading, so that a problem can name the column.
    """
    return _Planning(goods, with_stock, columns).plan()


class _Planning:
    def __init__(self, goods: Goods, with_stock: bool, columns: dict[str, str]) -> None:
        self._goods, self._with_stock, self._columns = goods, with_stock, columns
        self._problems = list(goods.problems)
        codes = [sku.code for one in goods.products for sku in one.skus]
        slugs = [one.slug or made_slug(one) for one in goods.products]
        self._skus = {sku.code: sku for sku in Sku.objects.filter(code__in=codes).select_related("product")}
        known = Product.objects.filter(slug__in=slugs) | Product.objects.filter(
            pk__in=[sku.product_id for sku in self._skus.values()]
        )
        rows = list(known.select_related("maker", "category").distinct())
        self._by_slug, self._by_id = {one.slug: one for one in rows}, {one.pk: one for one in rows}
        self._made: set[str] = set()
        self._siblings = _options_of(self._by_id)
        self._levels = levels([sku.pk for sku in self._skus.values()])
        self._makers = _named(list(Maker.objects.all()))
        self._categories = _named(list(Category.objects.all()))

    def plan(self) -> Plan:
        planned = [self._product(one) for one in self._goods.products]
        return Plan(planned, sorted(self._problems, key=lambda one: one.row))

    def _product(self, draft: DraftProduct) -> PlannedProduct:
        product = self._find(draft)
        values = self._values(draft)
        slug = product.slug if product else draft.slug or self._free_slug(draft)
        if product is None and not values.get("name"):
            self._note(draft.row, "name", *rules.text_problems({"name": ""}, {}, ("name",)))
        days = values.get("return_days", product.return_days if product else 7)
        rule = values.get("return_rule", product.return_rule if product else "seven_days")
        self._note(draft.row, "return_days", *rules.return_problems(rule, days))
        changes = [
            Change(name, _shown(getattr(product, name)) if product else None, _shown(value))
            for name, value in values.items()
            if product is None or _told(getattr(product, name)) != _told(value)
        ]
        planned = PlannedProduct(draft, product, slug, values, changes)
        planned.skus = [self._sku(sku, product) for sku in draft.skus]
        self._tell_apart(planned)
        self._state(planned)
        return planned

    def _find(self, draft: DraftProduct) -> Product | None:
        """By its address; a sheet without addresses names its products by the codes of their variants."""
        if draft.slug:
            return self._by_slug.get(draft.slug)
        known = next((self._skus[sku.code] for sku in draft.skus if sku.code in self._skus), None)
        if known:
            return self._by_id[known.product_id]
        same = self._by_slug.get(made_slug(draft))  # names that differ in a sign only make the same address
        return same if same is not None and same.name == draft.values.get("name") else None

    def _free_slug(self, draft: DraftProduct) -> str:
        """The address made from the name, marked where other goods have it."""
        slug = made_slug(draft)
        if slug in self._by_slug or slug in self._made:
            codes = "\x1f".join([draft.key, *(sku.code for sku in draft.skus)])
            slug = f"{slug[:50]}-{hashlib.sha256(codes.encode()).hexdigest()[:8]}"
        self._made.add(slug)
        return slug

    def _tell_apart(self, planned: PlannedProduct) -> None:
        """Variants of one product differ in their options; without any they are told apart by their codes."""
        theirs = {sku.draft.code for sku in planned.skus}
        known = self._siblings.get(planned.product.pk, {}) if planned.product else {}
        taken = {_mark(options): code for code, options in known.items() if code not in theirs}
        for one in planned.skus:
            options = one.draft.options or (one.sku.options if one.sku else {})
            if not options or one.goes:
                continue
            other = taken.setdefault(_mark(options), one.draft.code)
            if other != one.draft.code:
                self._note(one.draft.row, "options", SameOptions(code=other))

    def _values(self, draft: DraftProduct) -> dict[str, Any]:
        values = dict(draft.values)
        for name, known in (("maker", self._makers), ("category", self._categories)):
            if name in values:
                row = known.get(values[name])
                if row is None:
                    self._note(draft.row, name, NobodyCalled(text=values.pop(name)))
                else:
                    values[name] = row
        return values

    def _state(self, planned: PlannedProduct) -> None:
        wanted, now = planned.draft.state, planned.product.state if planned.product else ProductState.DRAFT
        is_moved = bool(wanted) and wanted != now
        if is_moved and wanted == ProductState.DRAFT:
            self._note(planned.draft.row, "state", DraftNoMore())
            return
        is_sold = (wanted or now) == ProductState.ON_SALE or (is_moved and now == ProductState.DRAFT)
        if is_sold and not self._is_offered(planned):
            self._note(planned.draft.row, "state" if is_moved else "active", NothingToOffer())
        if not is_moved:
            return
        planned.state = wanted
        planned.changes.append(Change("state", str(now) if planned.product else None, wanted))

    def _is_offered(self, planned: PlannedProduct) -> bool:
        """Whether a variant can be bought when the sheet was applied."""
        theirs = {one.draft.code: not one.goes for one in planned.skus}
        known = self._siblings.get(planned.product.pk, {}) if planned.product else {}
        return any(theirs.values()) or bool(known.keys() - theirs.keys())

    def _sku(self, draft: DraftSku, product: Product | None) -> PlannedSku:
        sku = self._skus.get(draft.code)
        if sku is not None and (product is None or sku.product_id != product.pk):
            self._note(draft.row, "code", CodeElsewhere(name=sku.product.name))
        currency = sku.currency if sku is not None else Money.zero().currency
        if draft.currency and draft.currency != currency:
            self._note(draft.row, "currency", OtherCurrency(currency=currency))
        if sku is None and "price_minor" not in draft.values and not self._has_problem(draft.row, "price"):
            self._note(draft.row, "price", *rules.text_problems({"price": ""}, {}, ("price",)))
        wanted = {**draft.values, **({"options": draft.options} if draft.options else {})}
        changes = [
            Change(name, getattr(sku, name) if sku else None, value)
            for name, value in wanted.items()
            if sku is None or _told(getattr(sku, name)) != _told(value)
        ]
        return PlannedSku(draft, sku, changes + self._stock(draft, sku))

    def _stock(self, draft: DraftSku, sku: Sku | None) -> list[Change]:
        if draft.stock is None or (sku is not None and not self._with_stock):
            return []
        level = self._levels[sku.pk] if sku else StockRow(0, 0, 0)
        if 0 <= draft.stock < level.reserved - level.expected:
            self._note(draft.row, "stock", BelowHeld(held=level.reserved - level.expected))
        return [Change("stock", level.on_hand if sku else None, draft.stock)] if draft.stock != level.on_hand else []

    def _has_problem(self, row: int, field: str) -> bool:
        column = self._columns.get(field, field)
        return any((one.row, one.column) == (row, column) for one in self._problems)

    def _note(self, row: int, field: str, *problems: DomainError) -> None:
        self._problems += [RowProblem(row, self._columns.get(field, field), one) for one in problems]


def _options_of(product_ids: Collection[int]) -> dict[int, dict[str, dict[str, str]]]:
    """By product the options of the variants that are offered, by code."""
    found: dict[int, dict[str, dict[str, str]]] = {}
    rows = Sku.objects.filter(product_id__in=list(product_ids), is_active=True).values_list(
        "product_id", "code", "options"
    )
    for product_id, code, options in rows:
        found.setdefault(product_id, {})[code] = options
    return found


def _mark(options: dict[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset(options.items())


def _named(rows: list[Any]) -> dict[str, Any]:
    """Rows by name and by address; the address wins."""
    return {row.name: row for row in rows} | {row.slug: row for row in rows}


def _told(value: Any) -> Any:
    """A value as a sheet can tell it: a cell keeps neither blanks at its ends nor the way a line is broken."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _shown(value: Any) -> Any:
    """A value as a preview shows it: another row by its address."""
    return getattr(value, "slug", value)
