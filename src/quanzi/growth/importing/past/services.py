"""Taking an order history in: in batches, each whole, each order once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import batched

from django.db import connection, transaction

from quanzi.goods.catalogue.models import Sku
from quanzi.growth.importing.models import PastBuyer, PastLine, PastOrder, Sheet
from quanzi.growth.importing.past.errors import NameOfSource, RowsRefused
from quanzi.growth.importing.past.people import Person, buyers_of, person_of
from quanzi.growth.importing.past.reading import DraftOrder, Log
from quanzi.growth.sources.models import Source, SourceKind
from quanzi.growth.sources.services import create_source

ORDERS_AT_ONCE = 2_000
ROWS_AT_ONCE = 5_000


@dataclass(frozen=True)
class Taken:
    """What an import did. new, known: orders; people: buyers that were not known before."""

    source_id: int
    new: int
    known: int
    people: int


def source_called(*, name: str, now: datetime) -> Source:
    """The source of orders from a shop of this name; the same name finds the same source. Raises NameOfSource."""
    name = name.strip()
    if not 1 <= len(name) <= 80:
        raise NameOfSource(field="source")
    known = Source.objects.filter(kind=SourceKind.IMPORT, name=name).order_by("pk").first()
    return known or create_source(kind=SourceKind.IMPORT, name=name, now=now)


def take_in(
    *,
    log: Log,
    source_name: str,
    sheet: Sheet | None = None,
    skip_problems: bool = False,
    progress: Callable[[int, int], None] | None = None,
    now: datetime,
) -> Taken:
    """Write the orders of a log that are not here yet. progress(done, total) counts orders.

    An order that the source had brought before is left as it is, so the same file can be sent again, and an import
    that was interrupted goes on. Raises RowsRefused while rows cannot be read, unless skip_problems; NameOfSource.
    """
    if log.problem_rows and not skip_problems:
        raise RowsRefused(count=log.problem_rows)
    people_before = PastBuyer.objects.count()
    with _alone():
        source = source_called(name=source_name, now=now)
        codes = {line.code for order in log.orders.values() for line in order.lines if line.code}
        skus = dict(Sku.objects.filter(code__in=codes).values_list("code", "pk"))
        done = new = 0
        for batch in batched(log.orders.values(), ORDERS_AT_ONCE):
            new += _write(batch, source=source, sheet=sheet, currency=log.currency, skus=skus, now=now)
            done += len(batch)
            if progress is not None:
                progress(done, len(log.orders))
    return Taken(source.pk, new, len(log.orders) - new, PastBuyer.objects.count() - people_before)


@transaction.atomic
def _write(
    batch: Sequence[DraftOrder],
    *,
    source: Source,
    sheet: Sheet | None,
    currency: str,
    skus: dict[str, int],
    now: datetime,
) -> int:
    """Orders with their lines; returns how many were new."""
    numbers = [order.number for order in batch]
    known = set(PastOrder.objects.filter(source=source, number__in=numbers).values_list("number", flat=True))
    fresh = [order for order in batch if order.number not in known]
    named = {order.number: person for order in fresh if (person := person_of(order))}
    buyers = buyers_of(people=_once(named.values()), source=source, now=now)
    made = PastOrder.objects.bulk_create(
        [
            PastOrder(
                source=source,
                number=order.number,
                buyer=buyers[named[order.number].outside_id] if order.number in named else None,
                sheet=sheet,
                placed_at=order.placed_at,
                currency=currency,
                bought_minor=order.bought_minor,
                returned_minor=order.returned_minor,
            )
            for order in fresh
        ],
        batch_size=ROWS_AT_ONCE,
    )
    PastLine.objects.bulk_create(
        [
            PastLine(
                order=row,
                position=position,
                code=line.code,
                title=line.title,
                sku_id=skus.get(line.code),
                quantity=line.quantity,
                amount_minor=line.amount_minor,
            )
            for row, order in zip(made, fresh, strict=True)
            for position, line in enumerate(order.lines)
        ],
        batch_size=ROWS_AT_ONCE,
    )
    return len(fresh)


def _once(people: Iterable[Person]) -> list[Person]:
    """Each person once, with every contact that any of their orders gave."""
    found: dict[str, Person] = {}
    for one in people:
        first = found.get(one.outside_id)
        found[one.outside_id] = one if first is None else Person(
            one.outside_id, first.name or one.name, first.phone or one.phone, first.email or one.email
        )  # fmt: skip
    return list(found.values())


@contextmanager
def _alone() -> Iterator[None]:
    """One order history at a time: two would make the same people twice. The lock goes with the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('quanzi.import.orders'))")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('quanzi.import.orders'))")
