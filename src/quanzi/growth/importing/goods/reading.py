"""From rows of a sheet to products with variants, whatever the sheet leaves out. Pure: no database."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from quanzi.goods.catalogue import rules
from quanzi.goods.catalogue.services import products, variants
from quanzi.growth.importing.goods.errors import CodeTwice, GoodsTwice, NamesNothing, NoSuchChoice
from quanzi.growth.importing.goods.fields import FIELDS, MOST_OPTIONS, RETURN_RULES, STATES, YES
from quanzi.growth.importing.tables.errors import RowProblem
from quanzi.growth.importing.tables.mapping import Reader, checked, folded
from quanzi.growth.importing.tables.reading import Row, Table, formula_in
from quanzi.growth.importing.tables.values import number, whole
from quanzi.kernel.errors import DomainError
from quanzi.kernel.money import Money

MOST_STOCK = 10**9
TEXTS = ("name", "summary", "origin", "maker", "category")


@dataclass
class DraftSku:
    """One variant. values: only what the sheet tells, by the names of the catalogue; amounts in minor units."""

    row: int
    code: str
    options: dict[str, str]
    values: dict[str, Any]
    currency: str
    stock: int | None
    is_coded: bool


@dataclass
class DraftProduct:
    """One product. slug is empty when the sheet gives no address; maker and category are names or addresses."""

    row: int
    slug: str
    key: str
    values: dict[str, Any] = field(default_factory=dict)
    state: str = ""
    skus: list[DraftSku] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)


@dataclass
class Goods:
    products: list[DraftProduct] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    rows: int = 0


def read_goods(table: Table, mapping: dict[str, str]) -> Goods:
    """Every row of a sheet. Raises ColumnMissing and the refusals of `tables`; problems of cells stand in the answer."""
    mapping = checked(mapping, table.headings, FIELDS)
    return _Reading(Reader(mapping, table.headings)).all_of(table)


class _Reading:
    def __init__(self, cells: Reader) -> None:
        self._cells, self._goods = cells, Goods()
        self._by_key: dict[str, DraftProduct] = {}
        self._rows_of: dict[str, int] = {}
        self._option_names: list[str] = []

    def all_of(self, table: Table) -> Goods:
        current: DraftProduct | None = None
        for row in table.rows():
            self._goods.rows += 1
            current = self._product(row, current)
            self._describe(row, current)
            if self._told(row, "price") or self._told(row, "code"):
                self._variant(row, current)
        self._goods.products = list(self._by_key.values())
        return self._goods

    def _product(self, row: Row, current: DraftProduct | None) -> DraftProduct:
        """The product of a row; a row that names none goes on with the one above it, as merged cells do."""
        given, group, name = (self._told(row, what) for what in ("product", "group", "name"))
        key = given or group or name
        if not key and current is not None:
            return current
        if key not in self._by_key:
            self._option_names = []
            slug = given if given and not rules.slug_problems(given, 80) else ""
            self._by_key[key] = DraftProduct(row.number, slug, key or f"row {row.number}")
        return self._by_key[key]

    def _describe(self, row: Row, product: DraftProduct) -> None:
        for name in TEXTS:
            if text := self._told(row, name):
                product.values.setdefault(name, text)
        if story := self._told(row, "story"):
            is_html = (
                folded(self._cells.column("story")) != "story"
                and re.search(r"</|<br\b", story, re.IGNORECASE) is not None
            )
            product.values.setdefault("story", as_text(story) if is_html else story)
        self._set(row, product, "state", lambda text: _choice(text, STATES))
        self._set(row, product, "return_rule", lambda text: _choice(text, {one: one for one in RETURN_RULES}))
        for name in ("return_days", "claim_hours"):
            self._set(row, product, name, whole)
        product.pictures += [
            one
            for one in re.split(r"[\s|;]+|,(?=https?:|/)", self._told(row, "pictures"))
            if one and one not in product.pictures
        ]
        limits = {name: products.LIMITS[name] for name in products.LIMITS if name in product.values}
        if product.row == row.number:
            self._note(row, rules.text_problems({name: product.values[name] for name in limits}, limits))

    def _set(self, row: Row, product: DraftProduct, name: str, read: Callable[[str], Any]) -> None:
        value = self._value(row, name, read)
        if value is not None and name == "state":
            product.state = product.state or value
        elif value is not None:
            product.values.setdefault(name, value)

    def _variant(self, row: Row, product: DraftProduct) -> None:
        options = self._options(row)
        given = self._told(row, "code")
        code = given or made_code(product, options)
        values = {
            "price_minor": self._value(row, "price", self._amount(row)),
            "cost_minor": self._value(row, "cost", self._amount(row)),
            "weight_g": self._value(row, "weight_g", whole),
            "unit_note": self._told(row, "unit_note") or None,
            "is_active": self._value(row, "active", lambda text: _choice(text, YES)),
            "position": self._value(row, "position", whole),
        }
        sku = DraftSku(
            row.number,
            code,
            options,
            {name: value for name, value in values.items() if value is not None},
            self._told(row, "currency"),
            self._value(row, "stock", whole),
            bool(given),
        )
        self._check(row, sku)
        product.skus.append(sku)

    def _check(self, row: Row, sku: DraftSku) -> None:
        values = sku.values
        problems = [
            *rules.text_problems(
                {"code": sku.code, "unit_note": values.get("unit_note", "")}, variants.LIMITS, ("code",)
            ),
            *rules.option_problems(sku.options),
            *rules.price_problems(values.get("price_minor", 0), "price"),
            *rules.price_problems(values.get("cost_minor", 0), "cost"),
            *rules.number_problems(values.get("weight_g", 0), "weight_g", variants.MOST_WEIGHT_G),
            *rules.number_problems(values.get("position", 0), "position", 1_000),
            *rules.number_problems(sku.stock or 0, "stock", MOST_STOCK),
        ]
        before = self._rows_of.setdefault(sku.code, row.number)
        if before != row.number and sku.is_coded:
            problems.append(CodeTwice(field="code", row=before))
        elif before != row.number:
            names = any(self._told(row, what) for what in ("product", "group", "name"))
            problems.append(GoodsTwice(field="code", row=before) if names else NamesNothing(field="name", row=before))
        self._note(row, problems)

    def _options(self, row: Row) -> dict[str, str]:
        names = [self._told(row, f"option{n}_name") for n in range(1, MOST_OPTIONS + 1)]
        if any(names):
            self._option_names = names  # a sheet names them in the first row of a product only
        values = [self._told(row, f"option{n}_value") for n in range(1, MOST_OPTIONS + 1)]
        found = {
            name or f"规格{place or ''}": value
            for place, (name, value) in enumerate(zip(self._option_names or names, values, strict=False))
            if value and (name, value) != ("Title", "Default Title")
        }
        return found or options_in(self._told(row, "options"))

    def _amount(self, row: Row) -> Callable[[str], int]:
        """Amounts as a shop writes them, at most as fine as the coin: no rounding of somebody's price."""
        currency = self._told(row, "currency") or "CNY"

        def read(text: str) -> int:
            return Money.parse(f"{number(text).normalize():f}", currency).minor

        return read

    def _told(self, row: Row, name: str) -> str:
        return self._value(row, name, lambda text: text) or ""

    def _value(self, row: Row, name: str, read: Callable[[str], Any]) -> Any:
        """What a cell says; None for an empty one, and for one that cannot be read, which is noted."""
        text = self._cells.text(row.cells, name)
        if not text:
            return None
        try:
            if found := formula_in(text):
                raise found
            return read(text)
        except DomainError as refused:
            self._note(row, [refused], name)
            return None

    def _note(self, row: Row, problems: list[DomainError], column: str = "") -> None:
        for one in problems:
            problem = RowProblem(row.number, self._cells.column(column or getattr(one, "field", "") or "code"), one)
            if problem.params not in [known.params for known in self._goods.problems[-20:]]:
                self._goods.problems.append(problem)


def options_in(text: str) -> dict[str, str]:
    """Options in one cell: "颜色:红;尺码:L" by name, anything else as one choice."""
    if not text or text in ("-", "无"):
        return {}
    parts = [part for part in re.split(r"[;；\n]+", text) if part.strip()]
    pairs = [re.split(r"[:：]", part, maxsplit=1) for part in parts]
    if all(len(pair) == 2 and pair[0].strip() and pair[1].strip() for pair in pairs):
        return {name.strip(): value.strip() for name, value in pairs}
    return {"规格": text}


def made_code(product: DraftProduct, options: dict[str, str]) -> str:
    """A code for a variant that has none, the same whenever the same sheet comes again."""
    words = "\x1f".join([product.key, *(f"{name}={value}" for name, value in options.items())])
    return f"IMP-{hashlib.sha256(words.encode()).hexdigest()[:10].upper()}"


def made_slug(product: DraftProduct) -> str:
    """An address for a product that has none: its name in plain letters, else a mark that stays the same."""
    name = unicodedata.normalize("NFKD", product.values.get("name", "")).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"[^a-z0-9]+", "-", name).strip("-")[:60].strip("-")
    mark = hashlib.sha256(product.key.encode()).hexdigest()[:8]
    return plain if len(plain) >= 3 and product.values.get("name", "").isascii() else f"p-{mark}"


def as_text(source: str) -> str:
    """The words of a description in HTML."""
    source = re.sub(r"(?is)<(script|style)\b.*?</\1\s*>", "", source)
    source = re.sub(r"(?i)<br\s*/?>|</(p|div|li|h[1-6]|tr)\s*>", "\n", source)
    words = html.unescape(re.sub(r"<[^>]*>", "", source)).replace("\xa0", " ")
    return re.sub(r"\n\s*\n+", "\n\n", "\n".join(line.strip() for line in words.splitlines())).strip()


def _choice[T](text: str, choices: dict[str, T]) -> T:
    found = choices.get(text.casefold())
    if found is None:
        raise NoSuchChoice(text=text[:40], choices=", ".join(choices))
    return found
