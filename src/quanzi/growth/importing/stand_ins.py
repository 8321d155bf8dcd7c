"""Members and goods of this shop that stand for those of the log, made by the rooms' services when first needed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched

from django.db import connection, transaction

from quanzi.base import planned
from quanzi.base.rows import InsertMany
from quanzi.goods.catalogue import services as catalogue
from quanzi.goods.catalogue.models import ProductState, Sku
from quanzi.goods.stock import services as stock
from quanzi.goods.stock.queries import free
from quanzi.growth.importing.clock import BEGINS_AT, WINDOW_MINUTES, moment
from quanzi.growth.importing.log import Record
from quanzi.growth.importing.models import ImportedMember, ImportedProduct, ImportRun
from quanzi.growth.sources.models import Source
from quanzi.growth.sources.services import record_arrivals
from quanzi.people.accounts.services.stand_ins import create_newcomers
from quanzi.trade.deals.models import GroupDeal
from quanzi.trade.deals.services import create_deal
from quanzi.trade.deals.services.terms import LIMITS

KIND = "groupbuy"
ACTOR = "import:groupbuy"
UNITS_AT_ONCE = 200

PEOPLE = """
SELECT outside_id, member_id FROM importing_importedmember WHERE kind = %s AND outside_id = ANY (%s::text[])
"""

_insert_people = InsertMany(ImportedMember)


@transaction.atomic
def members_for(records: Sequence[Record], *, source: Source) -> dict[str, int]:
    """Ids of the members who stand for the people of these records, new ones arrived through the import's source.

    Several processes may meet the same new person: they take turns, and the later one finds what the earlier one made.
    """
    since: dict[str, datetime] = {}
    for record in records:
        for person in record.people:
            since.setdefault(person, moment(record.number))
    found = _known_people(since)
    if since.keys() - found.keys():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('quanzi.import.people'))")
        found = _known_people(since)
        found |= _make_people({person: at for person, at in since.items() if person not in found}, source)
    return found


def _known_people(wanted: Iterable[str]) -> dict[str, int]:
    return dict(planned.rows(PEOPLE, [KIND, list(wanted)]))


def _make_people(since: dict[str, datetime], source: Source) -> dict[str, int]:
    """New members without contact or login."""
    made = create_newcomers(people=[(f"Beibei {person}", at) for person, at in since.items()], how="import")
    _insert_people(
        [ImportedMember(kind=KIND, outside_id=person, member=one) for person, one in zip(since, made, strict=True)]
    )
    record_arrivals(
        arrivals=[(f"{KIND}:{person}", one.pk, one.joined_at) for person, one in zip(since, made, strict=True)],
        source=source,
        path="/",
    )
    return {person: one.pk for person, one in zip(since, made, strict=True)}


@dataclass
class Shelf:
    """One thing of the log in this process: its SKU, at least how many are free, its deals by team size."""

    sku: Sku
    free: int = 0
    deals: dict[int, int] = field(default_factory=dict)


class Shelves:
    """What a process knows of the things it sells. One process owns a thing, so its count cannot be overtaken."""

    def __init__(self, run: ImportRun) -> None:
        self._run = run
        self._known: dict[str, Shelf] = {}

    def forget(self, item: str) -> None:
        """Read a thing again next time: the transaction that changed it was taken back."""
        self._known.pop(item, None)

    def deals_for(self, records: Sequence[Record]) -> dict[int, int]:
        """By a record's number, the deal of its thing for teams of its size, on sale and with enough on the shelf."""
        wanted = {record.item: moment(record.number) for record in reversed(records) if record.item not in self._known}
        self._find(wanted)
        made = {item: _make(item, at) for item, at in wanted.items() if item not in self._known}
        catalogue.publish_all(
            product_ids=[shelf.sku.product_id for shelf in made.values()], actor=ACTOR, now=moment(records[-1].number)
        )
        self._known |= made
        return {record.number: self._deal_for(record) for record in records}

    def _deal_for(self, record: Record) -> int:
        now = moment(record.number)
        shelf = self._known[record.item]
        if shelf.free < record.team_size:
            key = f"{KIND}:{self._run.pk}:{record.number}"
            stock.receive(
                sku_id=shelf.sku.pk, quantity=UNITS_AT_ONCE, key=key, reason="replayed log", actor=ACTOR, now=now
            )
            shelf.free += UNITS_AT_ONCE
        shelf.free -= record.team_size
        if record.team_size not in shelf.deals:
            shelf.deals[record.team_size] = _deal(shelf.sku, record.team_size, now).pk
        return shelf.deals[record.team_size]

    def _find(self, items: Collection[str]) -> None:
        """Things of earlier records, put on sale again."""
        rows = ImportedProduct.objects.filter(kind=KIND, outside_id__in=items)
        item_of = dict(rows.values_list("product_id", "outside_id"))
        catalogue.publish_all(product_ids=item_of, actor=ACTOR, now=self._run.started_at)
        skus = {sku.pk: sku for sku in Sku.objects.filter(product_id__in=item_of)}
        left = free(skus)
        for sku in skus.values():
            self._known[item_of[sku.product_id]] = Shelf(sku, left[sku.pk])
        deals = GroupDeal.objects.filter(sku__in=skus, starts_at=BEGINS_AT, stopped_at=None)
        for sku_id, team_size, deal_id in deals.values_list("sku_id", "team_size", "pk"):
            self._known[item_of[skus[sku_id].product_id]].deals[team_size] = deal_id


def price_minor(item: str) -> int:
    """A made-up list price in fen, from 19.90 to 318.90, the same for the same thing: the log has no prices."""
    return 1990 + int(item) * 7919 % 300 * 100


def _make(item: str, now: datetime) -> Shelf:
    list_minor = price_minor(item)
    product = catalogue.create_product(
        name=f"Beibei item {item}", slug=f"beibei-{item}", summary="From a recorded log", actor=ACTOR, now=now
    )
    sku = catalogue.add_sku(
        product=product,
        code=f"BEIBEI-{item}",
        price_minor=list_minor,
        cost_minor=list_minor * 6 // 10,
        actor=ACTOR,
        now=now,
    )
    ImportedProduct.objects.create(kind=KIND, outside_id=item, product=product)
    return Shelf(sku)


def _deal(sku: Sku, team_size: int, now: datetime) -> GroupDeal:
    """One fifth off together, for as many teams as the log has one person in."""
    return create_deal(
        sku=sku,
        team_size=team_size,
        price_minor=sku.price_minor * 8 // 10,
        window_minutes=WINDOW_MINUTES,
        per_member_limit=LIMITS[1],
        starts_at=BEGINS_AT,
        actor=ACTOR,
        now=now,
    )


def take_off_sale(*, now: datetime) -> int:
    """Pause every thing of the log, so that nobody finds it in the shop; returns how many were on sale."""
    rows = ImportedProduct.objects.filter(kind=KIND, product__state=ProductState.ON_SALE).order_by("product_id")
    ids = list(rows.values_list("product_id", flat=True))
    for some in batched(ids, UNITS_AT_ONCE):
        catalogue.pause_all(product_ids=some, actor=ACTOR, now=now)
    return len(ids)
